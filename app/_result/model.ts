// A verdict as the pages ask for it: what to count, what to open first, which traces can be stepped through. Pure.
import type { CaseResult, Divergence, Failure, Verdict } from "@/lib/grader/verdict";
import type { BuddyState } from "@/lib/sim/observe";
import type { Value } from "@/lib/slots/slot";

/** A verdict together with what it belongs to. */
export interface Shown {
  /** Null: a quick check of this browser. */
  readonly submissionId: string | null;
  /** The text that was checked; when the editor differs from it, the result is stale. */
  readonly source: string;
  readonly verdict: Verdict;
  readonly errorId: string | null;
}

export interface Playable {
  /** The case's name, or `smallest`. Stands in the URL. */
  readonly key: string;
  readonly config: Value;
  readonly ops: readonly Value[];
  readonly labels: readonly string[];
  readonly divergence: Divergence | null;
  readonly failure: Failure | null;
}

export const smallest = "smallest";

export function counts(verdict: Verdict): { readonly passed: number; readonly total: number } {
  return { passed: verdict.cases.filter((result) => result.status === "passed").length, total: verdict.cases.length };
}

export function firstFailing(verdict: Verdict): CaseResult | null {
  return verdict.firstFailure === null ? null : (verdict.cases[verdict.firstFailure] ?? null);
}

/** Traces that were kept: the first failing one first, then the smallest counterexample, then the others in order. */
export function playables(verdict: Verdict): Playable[] {
  const first = firstFailing(verdict);
  const kept = verdict.cases.filter((result) => result.trace !== null && result.status !== "not_run");
  const ordered = [...kept.filter((result) => result === first), ...kept.filter((result) => result !== first)];
  const list = ordered.map(
    ({ name, trace, divergence, failure }): Playable => ({ key: name, ...traceParts(trace!), divergence, failure }),
  );
  const { counterexample } = verdict;
  if (!counterexample) return list;
  const { trace, divergence, failure } = counterexample;
  return list.toSpliced(first?.trace ? 1 : 0, 0, { key: smallest, ...traceParts(trace), divergence, failure });
}

function traceParts(trace: NonNullable<CaseResult["trace"]>): Pick<Playable, "config" | "ops" | "labels"> {
  return { config: trace.config as Value, ops: trace.ops as Value[], labels: trace.labels };
}

/** Before the step at which the machines differ, so that one step forward shows it happen. */
export function openingStep(playable: Playable): number {
  return playable.divergence?.step ?? 0;
}

/** The place in the learner's file that a result points at. */
export function placeOf(verdict: Verdict): { readonly line: number; readonly column: number | null } | null {
  return (verdict.failure ?? firstFailing(verdict)?.failure)?.place ?? null;
}

const marks: Readonly<Record<string, string>> = {
  passed: "✓",
  queued: "…",
  running: "…",
  not_run: "–",
  cancelled: "–",
  internal_error: "!",
};

/** A sign that stands beside the word, never instead of it. */
export const statusMark = (status: string): string => marks[status] ?? "✗";

/** Groups in the order of the exercise, each with its cases, those that fail first. */
export function tree(verdict: Verdict): {
  readonly id: string;
  readonly title: Verdict["groups"][number]["title"];
  readonly passed: boolean;
  readonly cases: readonly CaseResult[];
}[] {
  const own = verdict.cases.filter((result) => result.visibility === "own");
  const rank = (result: CaseResult) => (result.status === "passed" ? 1 : result.status === "not_run" ? 2 : 0);
  const sorted = (cases: readonly CaseResult[]) => [...cases].sort((a, b) => rank(a) - rank(b));
  const groups = verdict.groups.map(({ id, title, passed }) => ({
    id,
    title,
    passed,
    cases: sorted(verdict.cases.filter((result) => result.group === id && result.visibility !== "own")),
  }));
  if (own.length === 0) return groups;
  return [
    ...groups,
    {
      id: "own",
      title: { en: "My own cases", "zh-CN": "我自己的用例" },
      passed: own.every((result) => result.status === "passed"),
      cases: sorted(own),
    },
  ];
}

/** A value in one line, short enough for a chip. */
export function inline(value: unknown): string {
  if (typeof value === "string") return value === "" ? "–" : value;
  if (Array.isArray(value) && value.every((item) => typeof item === "number"))
    return value.length === 0 ? "∅" : value.join(" → ");
  return JSON.stringify(value) ?? "–";
}

export function isBuddy(observation: unknown): observation is BuddyState {
  return (
    typeof observation === "object" && observation !== null && "kind" in observation && observation.kind === "buddy"
  );
}
