// The words of the field in both languages: coloured in lessons, explained in a card, used by search and by translators' tests.
import glossaryFile from "./glossary.json";
import type { Text } from "./text";

/** The part of a figure whose colour the word shares; `idea` is no part of a figure and has the colour of text. */
export const tones = ["idea", "free", "used", "hot", "cold", "waste", "operation"] as const;
export type Tone = (typeof tones)[number];

export interface Term {
  readonly id: string;
  readonly word: Text;
  readonly definition: Text;
  readonly tone: Tone;
  /** One character before the word, so that colour is never the only sign. */
  readonly icon: string;
  /** Where the kernel keeps it, e.g. `struct free_area`. */
  readonly kernel?: string;
}

/** In the order of the file. */
export const glossary = glossaryFile as readonly Term[];

const byId: ReadonlyMap<string, Term> = new Map(glossary.map((term) => [term.id, term]));

export function isTerm(id: string): boolean {
  return byId.has(id);
}

export function termOf(id: string): Term | null {
  return byId.get(id) ?? null;
}
