// Both languages of a text must say the same things in the same places: headings, figures, exercises, code.
import type { Exercise } from "@/lib/course/exercise";
import type { Text } from "@/lib/words/text";

/** Everything that is not prose, in order: heading levels, directives with their ids, fenced code. */
function skeleton(markdown: string): string[] {
  const parts: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split(/\r?\n/)) {
    const marker = /^\s*(```|~~~)/.exec(line)?.[1];
    if (marker) {
      if (fence === null) parts.push(`code ${line.trim().slice(3)}`.trim());
      fence = fence === null ? marker : null;
    }
    if (fence !== null) continue;
    const heading = /^(#{1,6}) .*?(\{#[\w-]+\})?$/.exec(line);
    if (heading) parts.push(`heading ${heading[1]}${heading[2] ?? ""}`);
    for (const [, name, attributes = ""] of line.matchAll(/::([a-z]+)(?:\[[^\]]*\])?(\{[^}]*\})?/g)) {
      const id = /(?:id|slug|src)="?([\w-]+)/.exec(attributes)?.[1] ?? "";
      parts.push(`${name} ${id}`.trim());
    }
  }
  return parts;
}

/** Null if both have the same skeleton, else the first place where they part. */
export function partingOf(text: Text): string | null {
  const [a, b] = [skeleton(text.en), skeleton(text["zh-CN"])];
  const at = a.findIndex((part, i) => part !== b[i]);
  if (at < 0 && a.length === b.length) return null;
  const place = at < 0 ? a.length : at;
  return `English has "${a[place] ?? "nothing more"}", Chinese has "${b[place] ?? "nothing more"}"`;
}

export function checkProse({ prompt, hints }: Pick<Exercise, "prompt" | "hints">): string[] {
  const problems: string[] = [];
  const parting = partingOf(prompt);
  if (parting)
    problems.push(`prompt: the languages differ: ${parting}. Give both the same headings, figures and code.`);
  if (hints.en.length === 0)
    problems.push("hints: there is none: write at least one in hints.en.md and hints.zh-CN.md, each under ## .");
  for (const [i, hint] of hints.en.entries()) {
    const differing = partingOf({ en: hint, "zh-CN": hints["zh-CN"][i] ?? "" });
    if (differing) problems.push(`hints: hint ${i + 1} differs between the languages: ${differing}.`);
  }
  return problems;
}
