"use client";
// One result in the order of thought: outcome, first difference and why, the smallest case, then everything else.
// The same component stands in the workspace's pane and on a result's own page.
import { useTranslations } from "use-intl/react";
import type { CaseResult } from "@/lib/grader/verdict";
import { CounterexampleCard } from "./counterexample-card.client";
import { FuelCard, OutputCard, ReceiptCard } from "./details-cards.client";
import { DivergenceCard } from "./divergence-card.client";
import { FailureCard } from "./failure-card.client";
import { Misconception } from "./misconception.client";
import { firstFailing, type Shown, smallest } from "./model";
import { VerdictLine } from "./verdict-line.client";

export interface ResultActions {
  /** Opens the timeline at a step of a trace; null: just before the divergence. */
  readonly onPlay: (trace: string, step: number | null) => void;
  /** What needs an editor beside the result; null on a page without one. */
  readonly onReveal: ((line: number, column: number | null) => void) | null;
  readonly onRunSmallest: (() => void) | null;
  readonly onAddSmallest: (() => void) | null;
  readonly onRetry: (() => void) | null;
}

export function ResultView({ shown, stale, actions }: { shown: Shown; stale: boolean; actions: ResultActions }) {
  const { verdict, errorId } = shown;
  const first = firstFailing(verdict);
  const { counterexample } = verdict;
  // In a break-it exercise a difference is what the learner was after: its case passes and has a divergence all the same.
  const exposed = verdict.cases.find((result) => result.status === "passed" && result.divergence !== null);
  // A prediction is compared, not run: it has no steps to count.
  const ranCode = verdict.fuel.limit > 0;
  if (verdict.status === "internal_error") return <OurFailure errorId={errorId} onRetry={actions.onRetry} />;
  return (
    <div className="result">
      <VerdictLine verdict={verdict} stale={stale} />
      {verdict.failure && <FailureCard failure={verdict.failure} stopped during={null} onReveal={actions.onReveal} />}
      {first?.failure && !verdict.failure && (
        <FailureCard
          failure={first.failure}
          stopped={first.status !== "failed" || first.divergence !== null}
          during={whereOf(first)}
          onReveal={actions.onReveal}
        />
      )}
      {exposed?.divergence && (
        <DivergenceCard
          caseName={exposed.name}
          divergence={exposed.divergence}
          steps={exposed.operations}
          wanted
          onStepThrough={exposed.trace ? () => actions.onPlay(exposed.name, null) : null}
          onSmallest={null}
        />
      )}
      {first?.divergence && (
        <DivergenceCard
          caseName={first.name}
          divergence={first.divergence}
          steps={first.trace?.ops.length ?? first.operations}
          onStepThrough={first.trace ? () => actions.onPlay(first.name, null) : null}
          onSmallest={counterexample ? () => document.getElementById("smallest-case")?.focus() : null}
        />
      )}
      {verdict.misconception && <Misconception sentence={verdict.misconception.sentence} />}
      {counterexample && (
        <CounterexampleCard
          counterexample={counterexample}
          group={first?.group ?? verdict.groups[0]?.id ?? ""}
          onShow={(step) => actions.onPlay(smallest, step)}
          onRun={actions.onRunSmallest}
          onAdd={actions.onAddSmallest}
        />
      )}
      {verdict.status === "passed" && <Passed graded={verdict.receipt !== null} ranCode={ranCode && !exposed} />}
      <OutputCard output={verdict.output} />
      {ranCode && <FuelCard fuel={verdict.fuel} />}
      {verdict.receipt && <ReceiptCard receipt={verdict.receipt} />}
    </div>
  );
}

/** The operation in which a case broke off: the machines are kept as they were then. */
function whereOf({ name, operations, divergence }: CaseResult) {
  if (!divergence) return null;
  return { caseName: name, step: divergence.step + 1, steps: operations, operation: divergence.label };
}

/** `ranCode`: the learner's own code was the machine that did as Linux does. */
function Passed({ graded, ranCode }: { graded: boolean; ranCode: boolean }) {
  const t = useTranslations("result");
  if (!graded) return <p className="card">{t("passedQuick.text")}</p>;
  return (
    <section className="card" aria-labelledby="passed-title">
      <h3 id="passed-title">{t("passed.title")}</h3>
      {ranCode && <p>{t("passed.text")}</p>}
    </section>
  );
}

function OurFailure({ errorId, onRetry }: { errorId: string | null; onRetry: (() => void) | null }) {
  const t = useTranslations("result");
  return (
    <section className="card our-failure" role="alert">
      <h3>{t("status.internal_error")}</h3>
      <p>{t("internal.text")}</p>
      {errorId && (
        <p>
          <code>{t("internal.id", { id: errorId })}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" className="button button-primary" onClick={onRetry}>
          {t("internal.retry")}
        </button>
      )}
    </section>
  );
}
