// What the pages for signing in and for signing up have in common: who is signed in already goes on, the others get one form and the
// way to the other page.
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { returnPath } from "@/app/_shell/return-path";
import { visitor } from "@/app/_shell/visitor";
import { withReturn } from "@/app/_shell/with-return";
import { Words } from "@/app/_shell/words";
import type { Locale } from "@/lib/words/text";

export interface AuthPageProps extends LocaleProps {
  readonly searchParams: Promise<{ next?: string | string[] }>;
}

/** The language, and where the visitor wanted to go. */
export async function wishOf(props: AuthPageProps): Promise<{ locale: Locale; wish: string | undefined }> {
  const locale = await localeOf(props);
  const wish = [(await props.searchParams).next].flat()[0];
  if ((await visitor()) !== null) redirect(returnPath(wish, locale));
  return { locale, wish };
}

interface AuthPageParts {
  readonly locale: Locale;
  readonly wish: string | undefined;
  readonly title: string;
  readonly why?: string;
  /** The form. */
  readonly children: ReactNode;
  readonly other: { readonly ask: string; readonly label: string; readonly path: string };
}

export function AuthPage({ locale, wish, title, why, children, other }: AuthPageParts) {
  return (
    <div className="page grid max-w-md gap-8">
      <div className="grid gap-3">
        <h1>{title}</h1>
        {why && <p className="text-ink-soft">{why}</p>}
      </div>
      <Words locale={locale} names={["auth"]}>
        {children}
      </Words>
      <p className="border-t border-edge-soft pt-6">
        {other.ask}{" "}
        <a className="link" href={withReturn(other.path, wish)}>
          {other.label}
        </a>
      </p>
    </div>
  );
}
