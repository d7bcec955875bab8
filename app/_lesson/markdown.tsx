// The course's Markdown as React: a list of allowed elements, each with its component; nothing else can appear.
import type { Root } from "hast";
import { type Components, toJsxRuntime } from "hast-util-to-jsx-runtime";
import type { ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import type { ResolveLink } from "@/lib/course/directives";
import { renderMarkdown } from "@/lib/course/render";
import { termOf } from "@/lib/words/glossary";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { Callout } from "./callout";
import "./lesson.css";
import { TermCard } from "./term.client";

/** What a document may place besides prose; a text without these (a prompt, a hint) leaves them out. */
export interface Placements {
  readonly figure?: (id: string, number: number) => ReactNode;
  readonly question?: (id: string) => ReactNode;
  readonly exercise?: (slug: string) => ReactNode;
}

interface MarkdownProps {
  readonly source: string;
  readonly locale: Locale;
  /** Where `exercise:…` and `lesson:…` links lead; without it they show as plain words. */
  readonly resolve?: ResolveLink;
}

export async function Markdown({ source, locale, resolve }: MarkdownProps) {
  return <Prose tree={await renderMarkdown(source, locale, resolve)} locale={locale} />;
}

export function Prose(props: { tree: Root; locale: Locale; placements?: Placements }) {
  const { tree, locale, placements = {} } = props;
  return toJsxRuntime(tree, { Fragment, jsx, jsxs, components: componentsFor(locale, placements) });
}

/** The elements that lib/course/directives.ts makes. Their props are strings that passed the sanitizer. */
interface CourseElements {
  "pw-term": (props: { of: string; children?: ReactNode }) => ReactNode;
  "pw-fig": (props: { of: string; number: string }) => ReactNode;
  "pw-figure": (props: { of: string; number: string }) => ReactNode;
  "pw-question": (props: { of: string }) => ReactNode;
  "pw-exercise": (props: { of: string }) => ReactNode;
  "pw-callout": (props: { of: string; children?: ReactNode }) => ReactNode;
  "pw-label": (props: { children?: ReactNode }) => ReactNode;
  "pw-source": (props: { children?: ReactNode }) => ReactNode;
}

function componentsFor(locale: Locale, placements: Placements): Components {
  const t = translator(locale, "lesson");
  const course: CourseElements = {
    "pw-term": ({ of, children }) => {
      const term = termOf(of);
      if (!term) return <>{children}</>;
      return (
        <TermCard
          id={of}
          tone={term.tone}
          icon={term.icon}
          title={term.word[locale]}
          other={locale === "en" ? { lang: "zh-Hans", word: term.word["zh-CN"] } : { lang: "en", word: term.word.en }}
          definition={term.definition[locale]}
          kernel={term.kernel ?? null}
        >
          {children}
        </TermCard>
      );
    },
    "pw-fig": ({ of, number }) => <a href={`#${figureAnchor(of)}`}>{t("figureReference", { number })}</a>,
    "pw-figure": ({ of, number }) => placements.figure?.(of, Number(number)) ?? null,
    "pw-question": ({ of }) => placements.question?.(of) ?? null,
    "pw-exercise": ({ of }) => placements.exercise?.(of) ?? null,
    "pw-callout": ({ of, children }) => (
      <Callout kind={of} locale={locale}>
        {children}
      </Callout>
    ),
    "pw-label": ({ children }) => <p className="callout-label">{children}</p>,
    "pw-source": ({ children }) => <span className="source">{children}</span>,
  };
  return {
    ...(course as unknown as Components),
    a: ({ node: _, href, children, ...rest }) => (
      <a href={href} {...(href?.startsWith("http") ? { rel: "noreferrer" } : {})} {...rest}>
        {children}
      </a>
    ),
    table: ({ node: _, ...rest }) => (
      // A wide table scrolls inside itself; the keyboard can reach it to do so.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable (WCAG 2.1.1).
      // biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form.
      <div role="group" className="table-scroll" tabIndex={0} aria-label={t("tableRegion")}>
        <table {...rest} />
      </div>
    ),
    pre: ({ node: _, ...rest }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as above, for wide code.
      <pre {...rest} tabIndex={0} />
    ),
  };
}

export function figureAnchor(id: string): string {
  return `figure-${id}`;
}
