"use client";
// The lines in which two versions differ, with a little around them. Signs and words carry the meaning, colour only helps.
import { useMemo } from "react";
import { useTranslations } from "use-intl/react";
import { type DiffLine, diffLines, hunksOf } from "./line-diff";

const signs = { same: " ", removed: "−", added: "+" } as const;

export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const t = useTranslations("workspace");
  const hunks = useMemo(() => hunksOf(diffLines(before, after)), [before, after]);
  if (hunks.length === 0) return <p className="quiet">{t("diff.same")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable (WCAG 2.1.1)
    <section className="diff" tabIndex={0} aria-label={label}>
      {hunks.map((hunk, at) => (
        <pre key={at}>
          {hunk.lines.map((line, i) => (
            <Line key={i} line={line} word={line.kind === "same" ? null : t(`diff.${line.kind}`)} />
          ))}
        </pre>
      ))}
    </section>
  );
}

function Line({ line, word }: { line: DiffLine; word: string | null }) {
  const Kind = line.kind === "removed" ? "del" : line.kind === "added" ? "ins" : "span";
  return (
    <Kind className="diff-line" data-kind={line.kind}>
      <span className="diff-number" aria-hidden="true">
        {line.after ?? line.before}
      </span>
      <span aria-hidden="true">{signs[line.kind]} </span>
      {word && <span className="visually-hidden">{word}: </span>}
      <code>{line.text}</code>
      {"\n"}
    </Kind>
  );
}
