"use client";
// The four tabs beside the code: result, timeline, tests, history.
import Link from "next/link";
import { lazy, memo, Suspense, useMemo } from "react";
import { useTranslations } from "use-intl/react";
import { type Playable, playables, type Shown } from "@/app/_result/model";
import { patient, timelinePart } from "@/app/_result/patient.client";
import { type ResultActions, ResultView } from "@/app/_result/result-view.client";
import { TestsTree } from "@/app/_result/tests-tree.client";
import type { OpenPlace } from "@/app/_result/url-state";
import type { PublicExercise } from "@/lib/course/exercise";
import { type BuddyOp, labelOf as labelOfBuddyOp } from "@/lib/slots/buddy-trace";
import type { Value } from "@/lib/slots/slot";
import type { OwnCase } from "./own-case";

const Timeline = lazy(timelinePart);
const OwnCases = lazy(() => patient(() => import("./own-cases.client")).then((m) => ({ default: m.OwnCases })));

const waiting = <div className="skeleton panel-skeleton" />;

interface ResultPanelProps {
  readonly shown: Shown | null;
  readonly stale: boolean;
  readonly actions: ResultActions;
  readonly exercise: PublicExercise;
  readonly next: { readonly href: string; readonly title: string } | null;
}

export const ResultPanel = memo(function ResultPanel({ shown, stale, actions, exercise, next }: ResultPanelProps) {
  const t = useTranslations("workspace");
  const words = useTranslations("result");
  if (shown) {
    return (
      <>
        <ResultView shown={shown} stale={stale} actions={actions} />
        {next && shown.verdict.status === "passed" && shown.verdict.receipt && (
          <p className="what-next">
            <Link className="button button-primary" href={next.href}>
              {words("passed.next", { title: next.title })}
            </Link>
          </p>
        )}
      </>
    );
  }
  const example = examplesOf(exercise).slice(0, 1);
  // Single calls have no machine to look at.
  const drawn = exercise.visible[0]?.ops.every((op) => typeof op === "object" && op !== null && "op" in op);
  return (
    <div className="empty-result">
      <p className="empty-title">{t(exercise.kind === "implement" ? "empty.title" : "empty.submit")}</p>
      {drawn && <p className="quiet">{t("empty.text")}</p>}
      <Suspense fallback={waiting}>
        {drawn && <Timeline playables={example} shown="" onShow={() => undefined} step={null} takesFocus={false} />}
      </Suspense>
    </div>
  );
});

interface TimelinePanelProps {
  readonly shown: Shown | null;
  readonly exercise: PublicExercise;
  readonly place: OpenPlace;
  readonly onShow: (trace: string) => void;
}

export const TimelinePanel = memo(function TimelinePanel({ shown, exercise, place, onShow }: TimelinePanelProps) {
  const list = useMemo(
    () => (shown && playables(shown.verdict).length > 0 ? playables(shown.verdict) : examplesOf(exercise)),
    [shown, exercise],
  );
  return (
    <Suspense fallback={waiting}>
      <Timeline playables={list} shown={place.trace} onShow={onShow} step={place.step} takesFocus={place.takesFocus} />
    </Suspense>
  );
});

interface TestsPanelProps {
  readonly shown: Shown | null;
  readonly exercise: PublicExercise;
  readonly ownCases: readonly OwnCase[];
  readonly onOwnCases: (cases: readonly OwnCase[]) => void;
  readonly onPlay: (trace: string) => void;
  /** Own cases make sense only where the learner's code runs. */
  readonly canWriteCases: boolean;
}

export const TestsPanel = memo(function TestsPanel({
  shown,
  exercise,
  ownCases,
  onOwnCases,
  onPlay,
  canWriteCases,
}: TestsPanelProps) {
  const words = useTranslations("result");
  return (
    <>
      {shown ? <TestsTree verdict={shown.verdict} onPlay={onPlay} /> : <p className="quiet">{words("tests.notRun")}</p>}
      {canWriteCases && (
        <Suspense fallback={waiting}>
          <OwnCases exercise={exercise} cases={ownCases} onChange={onOwnCases} />
        </Suspense>
      )}
    </>
  );
});

/** The visible examples as the reference plays them: something to look at before the first run. */
function examplesOf(exercise: PublicExercise): Playable[] {
  return exercise.visible.map(({ name, config, ops }) => ({
    key: name,
    config,
    ops,
    labels: ops.map(labelOf),
    divergence: null,
    failure: null,
  }));
}

/** As the slots label their operations; the slots themselves would bring zod into the page. */
function labelOf(op: Value): string {
  const { op: kind, call, args } = op as Record<string, Value>;
  if (kind === "alloc" || kind === "free") return labelOfBuddyOp(op as unknown as BuddyOp);
  if (typeof call !== "string") return String(kind);
  return `${call}(${((args as Value[] | undefined) ?? []).map((value) => JSON.stringify(value)).join(", ")})`;
}
