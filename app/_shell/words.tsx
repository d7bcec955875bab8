// Words for the browser: a page wraps its client components in <Words locale names={["workspace"]}> and they get these
// namespaces, parsed on the server, and no others. They nest: an inner one adds to the outer one.
import type { ReactNode } from "react";
import { compileForBrowser } from "@/lib/words/format-message";
import { messages, type Namespace } from "@/lib/words/messages";
import type { Locale } from "@/lib/words/text";
import { type ParsedMessages, WordsProvider } from "./words.client";

function parseAll(part: unknown): unknown {
  // Through JSON: the parser makes objects without a prototype, which may not be handed to client components.
  if (typeof part === "string") return JSON.parse(JSON.stringify(compileForBrowser(part)));
  return Object.fromEntries(Object.entries(part as object).map(([key, value]) => [key, parseAll(value)]));
}

const parsed = new Map<string, unknown>();

function parsedNamespace(locale: Locale, name: Namespace): unknown {
  const id = `${locale}/${name}`;
  // In development the files change while the process lives.
  if (!parsed.has(id) || process.env.NODE_ENV === "development") parsed.set(id, parseAll(messages[locale][name]));
  return parsed.get(id);
}

export function Words(props: { locale: Locale; names: readonly Namespace[]; children: ReactNode }) {
  const own: ParsedMessages = Object.fromEntries(props.names.map((n) => [n, parsedNamespace(props.locale, n)]));
  return (
    <WordsProvider locale={props.locale} messages={own}>
      {props.children}
    </WordsProvider>
  );
}
