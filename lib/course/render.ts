// Markdown -> a tree that is safe to show. Lessons, prompts and hints all go through here.
// Theory: parse -> the course's directives -> HTML tree -> sanitize -> only then what we add ourselves (ids, MathML, highlighting),
//         so that nothing an author writes can reach the page except elements on the list below, and nothing is ever executed.

import rehypeShikiFromHighlighter from "@shikijs/rehype/core";
import type { Element, Nodes, Root } from "hast";
import rehypeKatex from "rehype-katex";
import rehypeSanitize, { defaultSchema, type Options as Schema } from "rehype-sanitize";
import rehypeSlug from "rehype-slug";
import remarkDirective from "remark-directive";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { createHighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { unified } from "unified";
import { visit } from "unist-util-visit";
import type { Locale } from "@/lib/words/text";
import { type Complaint, courseDirectives, type References, type ResolveLink, startReading } from "./directives";

const referenceElements = ["pw-term", "pw-fig", "pw-figure", "pw-question", "pw-exercise", "pw-callout"];

const schema: Schema = {
  ...defaultSchema,
  // No raw HTML reaches this tree (remark-rehype drops it), so ids are ours and need no prefix.
  clobberPrefix: "",
  tagNames: [
    ...(defaultSchema.tagNames ?? []).filter((name) => !["img", "picture", "source"].includes(name)),
    ...referenceElements,
    "pw-label",
    "pw-source",
  ],
  attributes: {
    ...defaultSchema.attributes,
    ...Object.fromEntries(referenceElements.map((name) => [name, ["of", "number"]])),
    code: [["className", /^language-[a-z]+$/, "math-inline", "math-display"]],
    h1: ["dataAnchor"],
    h2: ["dataAnchor", ["className", "sr-only"]],
    h3: ["dataAnchor"],
    h4: ["dataAnchor"],
  },
};

/** Loaded once, on first use: the grammars are the costly part. */
const highlighter = lazy(() =>
  createHighlighterCore({
    themes: [
      import("shiki/themes/github-light-high-contrast.mjs"),
      import("shiki/themes/github-dark-high-contrast.mjs"),
    ],
    langs: [import("shiki/langs/c.mjs"), import("shiki/langs/typescript.mjs"), import("shiki/langs/bash.mjs")],
    engine: createJavaScriptRegexEngine(),
  }),
);

const footnoteWords = {
  en: { title: "Notes", back: "Back to the text, reference" },
  "zh-CN": { title: "注释", back: "回到正文，引用" },
} as const;

export interface Heading {
  readonly id: string;
  readonly depth: number;
  readonly text: string;
}

export interface Rendered {
  readonly tree: Root;
  readonly headings: readonly Heading[];
  readonly references: References;
  readonly complaints: readonly Complaint[];
}

export async function renderDocument(source: string, locale: Locale, resolve: ResolveLink): Promise<Rendered> {
  const reading = startReading(source, resolve);
  const words = footnoteWords[locale];
  const processor = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkMath)
    .use(remarkDirective)
    .use(courseDirectives, reading)
    .use(remarkRehype, {
      footnoteLabel: words.title,
      footnoteBackLabel: (index: number) => `${words.back} ${index + 1}`,
    })
    .use(rehypeSanitize, schema)
    .use(anchors)
    .use(rehypeSlug)
    .use(rehypeKatex, { output: "mathml" })
    .use(rehypeShikiFromHighlighter, await highlighter(), {
      themes: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
      // Both colours as CSS variables: the page's theme chooses, without a second rendering.
      defaultColor: false,
      fallbackLanguage: "text",
    });
  const tree = await processor.run(processor.parse(source));
  return { tree, headings: headingsOf(tree), references: reading.found, complaints: reading.complaints };
}

/** For texts that stand alone (prompts, hints). Course links show as plain text unless `resolve` knows them. */
export async function renderMarkdown(source: string, locale: Locale, resolve: ResolveLink = () => null): Promise<Root> {
  return (await renderDocument(source, locale, resolve)).tree;
}

function anchors() {
  return (tree: Root): void => {
    visit(tree, "element", (node: Element) => {
      const { dataAnchor, ...rest } = node.properties;
      if (typeof dataAnchor === "string") node.properties = { ...rest, id: dataAnchor };
    });
  };
}

function headingsOf(tree: Root): Heading[] {
  const headings: Heading[] = [];
  visit(tree, "element", (node: Element) => {
    const depth = /^h([1-6])$/.exec(node.tagName)?.[1];
    if (depth) headings.push({ id: String(node.properties.id ?? ""), depth: Number(depth), text: textOf(node) });
  });
  return headings;
}

function textOf(node: Nodes): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
