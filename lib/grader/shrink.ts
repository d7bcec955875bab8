// From a failing trace to the smallest one that still fails the same way: delta debugging on legal traces only.
// Theory: cut after the failing operation; then drop ever smaller pieces, make operations simpler and the machine smaller, as
//         long as the trace fails with the same status; start over until nothing more can go. `legal` repairs what a cut
//         leaves behind (a free without its allocation), so no execution is wasted on nonsense.
// Source: A. Zeller and R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (ddmin); the code is our own.
import type { AnySlot } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import type { Outcome } from "./lockstep";

export interface Trace {
  readonly config: Value;
  readonly ops: readonly Value[];
}
export interface Shrunk extends Trace {
  readonly outcome: Outcome;
  readonly executions: number;
}

export interface ShrinkOptions {
  readonly slot: AnySlot;
  /** Runs a legal trace in a fresh guest; null when no fuel is left for it. */
  readonly run: (trace: Trace) => Outcome | null;
  readonly maxExecutions: number;
}

/** The trace must fail with `outcome`. Never returns an illegal trace, nor one longer than the given. */
export function shrink(trace: Trace, outcome: Outcome, { slot, run, maxExecutions }: ShrinkOptions): Shrunk {
  let best: Shrunk = { ...cut(trace, outcome), outcome, executions: 0 };
  let executions = 0;

  /** Takes the candidate if it fails as the original did. */
  const accept = (candidate: Trace): boolean => {
    const ops = slot.legal(candidate.config, candidate.ops);
    const legal = { config: candidate.config, ops };
    if (ops.length === 0 || executions >= maxExecutions || !isSmaller(legal, best)) return false;
    executions++;
    const result = run(legal);
    if (!result || result.status !== outcome.status) return false;
    best = { ...cut(legal, result), outcome: result, executions };
    return true;
  };

  const smallerMachine = () =>
    (slot.simplifyConfig?.(best.config) ?? []).some((config) => accept({ config, ops: best.ops }));
  const dropPieces = () => {
    let changed = false;
    for (let size = best.ops.length >> 1; size >= 1; size >>= 1) {
      // From the end: later operations are more often superfluous than the ones they rest on.
      for (let at = best.ops.length - size; at >= 0; at -= size) {
        changed = accept({ ...best, ops: best.ops.toSpliced(at, size) }) || changed;
        at = Math.min(at, best.ops.length);
      }
    }
    return changed;
  };
  const simplerOperations = () => {
    let changed = false;
    for (let at = 0; at < best.ops.length; at++) {
      const simpler = slot.simplify(best.ops[at]!);
      changed = simpler.some((op) => accept({ ...best, ops: best.ops.with(at, op) })) || changed;
    }
    return changed;
  };

  // The machine first: a smaller one makes every later execution cheaper.
  while (executions < maxExecutions && [smallerMachine(), dropPieces(), simplerOperations()].some(Boolean));
  return { ...best, executions };
}

/** What follows the failing operation explains nothing. */
function cut({ config, ops }: Trace, outcome: Outcome): Trace {
  return { config, ops: outcome.step === null ? ops : ops.slice(0, outcome.step + 1) };
}

/** Keeps the search finite: every accepted trace is shorter, or as long and simpler. */
function isSmaller(candidate: Trace, best: Trace): boolean {
  if (candidate.ops.length !== best.ops.length) return candidate.ops.length < best.ops.length;
  return JSON.stringify(candidate) !== JSON.stringify(best);
}
