"use client";
// The words of a part whose types nobody knows here.
import { useTranslations } from "use-intl";
import type { AnyPart } from "./part";
import type { AnyWords, FigureWords } from "./words";

export interface PartWords {
  readonly words: AnyWords;
  readonly shared: FigureWords;
}

export function usePartWords(part: AnyPart): PartWords {
  // Which keys there are depends on the part; parts.test.ts asks for all of them.
  const words = useTranslations(`figure-${part.scenario.name}`) as unknown as AnyWords;
  return { words, shared: useTranslations("figure") };
}
