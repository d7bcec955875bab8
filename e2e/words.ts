// The sentences of the page, so that a journey looks for what a person sees and never types a label twice.
import { readFileSync } from "node:fs";
import path from "node:path";
import { createTranslator } from "use-intl/core";
import type { Locale } from "@/lib/words/text";

type Args = Readonly<Record<string, string | number>>;

/** `words("en")("auth.signUp.submit")`: namespace first. Throws for a key that does not exist. */
export function words(locale: Locale): (key: string, args?: Args) => string {
  return (key, args = {}) => {
    const namespace = key.slice(0, key.indexOf("."));
    return translatorOf(locale, namespace)(key.slice(namespace.length + 1), args);
  };
}

const translators = new Map<string, (key: string, args: Args) => string>();

function translatorOf(locale: Locale, namespace: string): (key: string, args: Args) => string {
  const name = `${locale}/${namespace}`;
  const known = translators.get(name);
  if (known) return known;
  const messages = JSON.parse(readFileSync(path.resolve("lib/words", `${name}.json`), "utf8")) as Record<
    string,
    unknown
  >;
  const made = createTranslator({
    locale,
    messages,
    timeZone: "UTC",
    onError: (error) => {
      throw error;
    },
  }) as unknown as (key: string, args: Args) => string;
  translators.set(name, made);
  return made;
}

/** The sentence up to its first argument: for labels whose arguments the journey does not know. */
export function beginning(locale: Locale, key: string): RegExp {
  const [namespace = "", ...rest] = key.split(".");
  let value: unknown = JSON.parse(readFileSync(path.resolve("lib/words", locale, `${namespace}.json`), "utf8"));
  for (const part of rest) value = (value as Record<string, unknown>)[part];
  if (typeof value !== "string") throw new Error(`There is no sentence ${key}.`);
  const start = value.split("{")[0] ?? "";
  if (start.trim() === "") throw new Error(`The sentence ${key} begins with an argument.`);
  return new RegExp(start.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
