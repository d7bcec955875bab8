// Legal random traces for a buddy machine.
// Theory: a trace moves in phases towards a fill level that changes: filling splits blocks and empties lists, emptying
//         merges them back. Within a phase blocks are freed oldest first, newest first or at random, so neighbours come
//         back in every order. Single pages in long runs carry the per-CPU lists over both of their marks.
import type { BuddyConfig } from "@/lib/sim/machine";
import type { Rng } from "@/lib/sim/rng";
import { openBuddy } from "./buddy-machine";
import { type BuddyOp, blockName } from "./buddy-trace";

export interface MixParams {
  /** Largest order asked for; small orders are asked for more often. */
  readonly maxOrder: number;
  /** How many of 100 requests are for the cold list. */
  readonly coldPercent: number;
}

type Pick = (names: readonly string[], rng: Rng) => string;
const picks: readonly Pick[] = [
  (names) => names[0]!,
  (names) => names.at(-1)!,
  (names, rng) => rng.pick(names),
  (names, rng) => rng.pick(names),
];

export function generateMix(rng: Rng, config: BuddyConfig, params: MixParams, length: number): BuddyOp[] {
  const traced = openBuddy(config);
  const ops: BuddyOp[] = [];
  let used = 0;
  const orders = new Map<string, number>();
  while (ops.length < length) {
    // Up to 1.2 times the zone: some phases must run it empty, so that requests fail.
    const target = Math.floor((config.pages * rng.below(13)) / 10);
    const pick = rng.pick(picks);
    const end = Math.min(length, ops.length + 4 + rng.below(24));
    while (ops.length < end) {
      const names = traced.names();
      const fill = used < target ? rng.chance(80) : rng.chance(20);
      const cold = rng.chance(params.coldPercent) ? { cold: true } : {};
      if (fill || names.length === 0) {
        const op: BuddyOp = {
          op: "alloc",
          order: smallOrder(rng, params.maxOrder),
          id: blockName(ops.length),
          ...cold,
        };
        ops.push(op);
        if (traced.apply(op) === null) break;
        orders.set(op.id, op.order);
        used += 2 ** op.order;
      } else {
        const op: BuddyOp = { op: "free", id: pick(names, rng), ...cold };
        ops.push(op);
        traced.apply(op);
        used -= 2 ** orders.get(op.id)!;
      }
    }
  }
  return ops;
}

/** Order k about half as often as k - 1, but every order up to `most` now and then. */
function smallOrder(rng: Rng, most: number): number {
  if (rng.chance(15)) return rng.below(most + 1);
  let order = 0;
  while (order < most && rng.chance(45)) order++;
  return order;
}
