// Predict exercises: a zone after some operations, one more operation, and the question what the free lists are then.
// Theory: a question is a trace whose last operation is the one asked about; the simulator knows the answer. A seed gives
//         one question, so there are as many variants as anybody wants.

import { z } from "zod";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { createRng, type Rng } from "@/lib/sim/rng";
import { generateMix } from "./buddy-generate";
import { legalBuddyOps, openBuddy } from "./buddy-machine";
import { replay } from "./buddy-replay";
import { buddyConfigSchema, simplerBuddyOps } from "./buddy-slot";
import { type BuddyOp, labelOf } from "./buddy-trace";
import { buddyOpSchema } from "./buddy-trace-schema";
import type { Run, Slot, Value } from "./slot";

export const questionKinds = ["split", "merge", "any"] as const;
export type QuestionKind = (typeof questionKinds)[number];

export interface QuestionParams {
  readonly kind: QuestionKind;
  readonly maxOrder: number;
  /** For `split` and `merge`: at least so many splits or merges in the last operation. */
  readonly steps: number;
}

export interface PredictQuestion {
  readonly config: BuddyConfig;
  /** What happened before, as in any trace. */
  readonly setup: readonly BuddyOp[];
  /** The zone that is shown. */
  readonly state: BuddyState;
  readonly op: BuddyOp;
  readonly label: string;
  /** For a free: the block it gives back; for an allocation: null. */
  readonly block: { readonly pfn: number; readonly order: number } | null;
}

/** Free lists as an answer gives them: index = order, pfns head first. */
export type FreeLists = readonly (readonly number[])[];

/** The question of that seed. */
export function makeQuestion(
  seed: number,
  config: BuddyConfig,
  params: QuestionParams,
  length: number,
): PredictQuestion {
  return questionOf(config, traceFor(createRng(seed), config, params, length));
}

/** A trace as a question about its last operation. */
export function questionOf(config: BuddyConfig, ops: readonly BuddyOp[]): PredictQuestion {
  const op = ops.at(-1);
  if (!op) throw new Error("a question needs at least one operation");
  const setup = ops.slice(0, -1);
  const { states, results } = replay(config, setup);
  const made = setup.findLastIndex((other) => other.op === "alloc" && other.id === op.id);
  const source = setup[made];
  const block = op.op === "free" && source?.op === "alloc" ? { pfn: results[made]!, order: source.order } : null;
  return { config, setup, state: states.at(-1)!, op, label: labelOf(op), block };
}

/** The zone after the operation. */
export function answer({ config, setup, op }: PredictQuestion): BuddyState {
  return replay(config, [...setup, op]).states.at(-1)!;
}

/** Orders whose list is not as it should be, ascending. */
export function wrongOrders(expected: FreeLists, given: FreeLists): number[] {
  return expected.flatMap((list, order) => {
    const other = given[order] ?? [];
    return list.length === other.length && list.every((pfn, i) => pfn === other[i]) ? [] : [order];
  });
}

const paramsSchema = z.strictObject({
  kind: z.enum(questionKinds),
  maxOrder: z.number().int().min(0).max(10),
  steps: z.number().int().min(1).max(10).default(1),
});

/** As a slot it has no functions: what is compared with the simulator is the learner's answer, not the learner's code. */
export const predict: Slot<BuddyConfig, BuddyOp> = {
  id: "predict",
  functions: [],
  oracle: "simulator",
  configSchema: buddyConfigSchema,
  opSchema: buddyOpSchema,
  generatorSchema: paramsSchema as unknown as z.ZodType<Value>,
  memoryBytes: () => 0,
  start: (config) => startQuestion(config),
  generate: (rng, config, params, length) => traceFor(rng, config, paramsSchema.parse(params), length),
  legal: legalBuddyOps,
  simplify: simplerBuddyOps,
  label: labelOf,
  explain: () => null,
};

function startQuestion(config: BuddyConfig): Run<BuddyOp> {
  const traced = openBuddy(config);
  return {
    apply: (op) => traced.apply(op),
    observe: () => traced.observe(),
    same: () => true,
    findings: () => [],
    host: {},
  };
}

/** How many traces are tried before a weaker question is taken; reached only by parameters that hardly fit the zone. */
const attempts = 200;

function traceFor(rng: Rng, config: BuddyConfig, { kind, maxOrder, steps }: QuestionParams, length: number): BuddyOp[] {
  let ops: BuddyOp[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    ops = generateMix(rng, config, { maxOrder, coldPercent: 0 }, length);
    if (kind === "any") return ops;
    const { events } = replay(config, ops);
    const asked = events.findLastIndex((happened) => happened.filter((event) => event.kind === kind).length >= steps);
    // Questions about an almost untouched zone teach little.
    if (asked >= Math.floor(length / 3)) return ops.slice(0, asked + 1);
  }
  return ops;
}
