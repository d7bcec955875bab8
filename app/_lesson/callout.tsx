// A boxed aside. The kind gives its word and mark; the label, if the author wrote one, is its heading.
import type { ReactNode } from "react";
import { type CalloutKind, callouts } from "@/lib/course/directives";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

const icons: Readonly<Record<CalloutKind, string>> = {
  note: "✎",
  why: "?",
  warning: "!",
  myth: "≠",
  history: "↺",
  example: "▷",
  summary: "Σ",
};

export function Callout(props: { kind: string; locale: Locale; children: ReactNode }) {
  const kind = callouts.find((known) => known === props.kind) ?? "note";
  const word = translator(props.locale, "lesson")(`callout.${kind}`);
  return (
    <div role="note" className="callout" data-kind={kind} aria-label={word}>
      <p className="callout-kind">
        <span aria-hidden="true" className="callout-icon">
          {icons[kind]}
        </span>
        {word}
      </p>
      {props.children}
    </div>
  );
}
