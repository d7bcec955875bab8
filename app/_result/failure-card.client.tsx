"use client";
// What stopped the learner's code: a compile error, an exception, a limit. Fact first, the engine's own words behind it.
import { useTranslations } from "use-intl/react";
import type { Failure } from "@/lib/grader/verdict";
import { useVerdictWords } from "./verdict-words.client";

interface FailureCardProps {
  readonly failure: Failure;
  /** False where nothing broke off: the case ran and something is still missing. */
  readonly stopped: boolean;
  /** Which operation of which case; null for what stopped everything. */
  readonly during: {
    readonly caseName: string;
    readonly step: number;
    readonly steps: number;
    readonly operation: string;
  } | null;
  /** Null where there is no editor to show the line in. */
  readonly onReveal: ((line: number, column: number | null) => void) | null;
}

export function FailureCard({ failure, stopped, during, onReveal }: FailureCardProps) {
  const t = useTranslations("result");
  const words = useVerdictWords();
  const { place, raw, functionName } = failure;
  const where =
    place &&
    (place.column === null
      ? t("failure.place", { line: place.line })
      : t("failure.placeColumn", { line: place.line, column: place.column }));
  return (
    <section className="card" aria-labelledby="failure-title">
      <h3 id="failure-title">{t(stopped ? "failure.title" : "failure.missing")}</h3>
      {during && (
        <p>
          {t("failure.during", {
            step: during.step,
            steps: during.steps,
            operation: during.operation,
            name: during.caseName,
          })}
        </p>
      )}
      <p className="explanation">{words.say(failure.message)}</p>
      {(place || functionName) && (
        <p className="failure-place">
          {place && onReveal ? (
            <button type="button" className="button" onClick={() => onReveal(place.line, place.column)}>
              {t("divergence.line", { line: place.line })}
            </button>
          ) : (
            where
          )}
          {functionName && (
            <span>
              {t("failure.in", { name: "" })}
              <code>{functionName}</code>
            </span>
          )}
        </p>
      )}
      {raw && (
        <details>
          <summary>{t("failure.raw")}</summary>
          <pre className="raw" lang="en">
            {raw}
          </pre>
        </details>
      )}
    </section>
  );
}
