"use client";
// Sentences that the grader names by key: `verdict` for outcomes and explanations, `finding` for broken rules.
import { useTranslations } from "use-intl/react";
import type { Message } from "@/lib/slots/slot";

type Words = ((key: string, args?: Message["args"]) => string) & { has(key: string): boolean };

export interface VerdictWords {
  say(message: Message): string;
  finding(finding: unknown): string;
}

export function useVerdictWords(): VerdictWords {
  // The keys are data here, so the types cannot check them; `has` does.
  const words = useTranslations() as unknown as Words;
  const lookUp = (namespace: string, key: string, args: Message["args"]) => {
    const full = `${namespace}.${key}`;
    return words.has(full) ? words(full, args) : `${key} ${JSON.stringify(args)}`;
  };
  return {
    say: ({ key, args }) => lookUp("verdict", key, args),
    finding: (finding) => {
      const { rule, args } = finding as { rule: string; args: Message["args"] };
      return lookUp("finding", rule, args);
    },
  };
}
