// A trace on the reference machine, step by step: what figures, timelines and the playground draw.
import type { SimEvent } from "@/lib/sim/events";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { openBuddy } from "./buddy-machine";
import { type BuddyOp, labelOf } from "./buddy-trace";

export interface Replay {
  /** `states[0]` is the machine after boot, `states[i + 1]` after operation i. */
  readonly states: readonly BuddyState[];
  readonly labels: readonly string[];
  /** What happened inside each operation. */
  readonly events: readonly (readonly SimEvent[])[];
  /** The pfn of each allocation; null when it failed, and for every free. */
  readonly results: readonly (number | null)[];
}

/** @throws Error when the trace is not legal: it frees a block that is not in use. */
export function replay(config: BuddyConfig, ops: readonly BuddyOp[]): Replay {
  const traced = openBuddy(config);
  const states = [traced.observe()];
  const events: SimEvent[][] = [];
  const results: (number | null)[] = [];
  for (const op of ops) {
    const happened: SimEvent[] = [];
    traced.machine.events = happened;
    results.push(traced.apply(op));
    events.push(happened);
    states.push(traced.observe());
  }
  return { states, labels: ops.map(labelOf), events, results };
}
