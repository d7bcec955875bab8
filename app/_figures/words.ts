// The figures' words. The faces of a figure are pure, so they are handed these functions instead of asking a React context:
// `translator(locale, "figure")` on the server and in tests, `useTranslations("figure")` below a <Words names={["figure"]}>.
import type { Messages } from "@/lib/words/messages";

export type Values = Readonly<Record<string, string | number>>;

export type WordsOf<N extends keyof Messages> = (key: keyof Messages[N] & string, values?: Values) => string;

/** Shared by all figures: controls, steps, tables. */
export type FigureWords = WordsOf<"figure">;

/** A part's own sentences: `figure-zones` and so on. */
export type PartNamespace = Extract<keyof Messages, `figure-${string}`>;

/** For code that handles any part: which keys there are is checked by parts.test.ts. */
export type AnyWords = (key: string, values?: Values) => string;
