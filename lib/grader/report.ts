// Outcomes -> the verdict that is stored and shown.
import type { AnySlot } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import type { Ran } from "./attempt";
import type { GraderExercise, PreparedCase } from "./cases";
import { score } from "./score";
import type { CaseResult, Failure, Verdict } from "./verdict";

/** Traces and states are kept where a page opens them: for every visible case, and the first failing one of each group. */
export function caseResults(slot: AnySlot, ran: readonly Ran[]): CaseResult[] {
  const groupsShown = new Set<string>();
  return ran.map(({ one, outcome }) => {
    const failing = outcome !== null && outcome.status !== "passed";
    const shown = one.visibility === "visible" || one.visibility === "own" || (failing && !groupsShown.has(one.group));
    if (failing) groupsShown.add(one.group);
    const facts = { name: one.name, group: one.group, visibility: one.visibility, operations: one.ops.length };
    const trace = shown ? traceOf(slot, one) : null;
    if (outcome === null) return { ...facts, status: "not_run", fuel: 0, divergence: null, failure: null, trace };
    const { status, fuel, failure } = outcome;
    const divergence =
      shown || !outcome.divergence ? outcome.divergence : { ...outcome.divergence, expected: null, actual: null };
    return { ...facts, status, fuel, divergence, failure, trace };
  });
}

export function traceOf(
  slot: AnySlot,
  { config, ops }: Pick<PreparedCase, "config" | "ops">,
): NonNullable<CaseResult["trace"]> {
  const labels = ops.map((op) => slot.label(op));
  return { config, ops, labels } as { config: Value; ops: Value[]; labels: string[] };
}

export interface Findings {
  readonly exercise: GraderExercise;
  readonly cases: readonly CaseResult[];
  readonly counterexample?: Verdict["counterexample"];
  readonly misconception?: Verdict["misconception"];
  readonly failure?: Failure | null;
  readonly output?: Verdict["output"];
  readonly fuel: Verdict["fuel"];
}

/** The first case that failed decides the status; full score alone is a pass. */
export function verdictOf({ exercise, cases, ...found }: Findings): Verdict {
  const first = cases.findIndex(({ status }) => status !== "passed" && status !== "not_run");
  const groups = exercise.groups.filter((group) => cases.some((result) => result.group === group.id));
  const scored = score(groups, cases, exercise.points);
  return {
    status: statusOf(cases, first),
    ...scored,
    cases: [...cases],
    firstFailure: first < 0 ? null : first,
    counterexample: found.counterexample ?? null,
    misconception: found.misconception ?? null,
    failure: found.failure ?? null,
    output: found.output ?? { text: "", totalChars: 0 },
    fuel: found.fuel,
    receipt: null,
  };
}

function statusOf(cases: readonly CaseResult[], first: number): Verdict["status"] {
  const status = cases[first]?.status;
  if (status !== undefined && status !== "not_run") return status;
  return cases.every((result) => result.status === "passed") ? "passed" : "failed";
}

/** Nothing ran: the source cannot be compiled, or is no answer at all. */
export function refusal(exercise: GraderExercise, failure: Failure, fuelLimit: number): Verdict {
  const { groups, score: points, maxScore } = score(exercise.groups, [], exercise.points);
  return {
    status: "compile_error",
    score: points,
    maxScore,
    groups,
    cases: [],
    firstFailure: null,
    counterexample: null,
    misconception: null,
    failure,
    output: { text: "", totalChars: 0 },
    fuel: { used: 0, limit: fuelLimit },
    receipt: null,
  };
}
