// The verdict: everything a learner is told about one submission, as data. Pages and the shell translate it.
import { z } from "zod";

export const statuses = [
  "queued",
  "running",
  "passed",
  "failed",
  "compile_error",
  "runtime_error",
  "step_limit",
  "memory_limit",
  "output_limit",
  "internal_error",
] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;

/** A key in `lib/words` (namespace `verdict`) with its arguments. */
export const messageSchema = z.object({
  key: z.string(),
  args: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** A place in the learner's file, 1-based. */
export const placeSchema = z.object({ line: z.number().int(), column: z.number().int().nullable() });

/** What stopped the learner's code. `where` names the operation, e.g. `alloc(order 1)`. */
export const failureSchema = z.object({
  message: messageSchema,
  /** `Name: message` as the engine gave it, capped; shown verbatim. */
  raw: z.string().max(500).nullable(),
  place: placeSchema.nullable(),
  functionName: z.string().max(100).nullable(),
});
export type Failure = z.infer<typeof failureSchema>;

export const fieldDifferenceSchema = z.object({ path: z.string(), expected: z.json(), actual: z.json() });

export const divergenceSchema = z.object({
  /** 0-based index of the operation after which the machines differ. */
  step: z.number().int(),
  label: z.string(),
  returned: z.object({ expected: z.json(), actual: z.json() }).nullable(),
  /** At most 20, in the order of the observation. */
  fields: z.array(fieldDifferenceSchema),
  expected: z.json(),
  actual: z.json(),
  /** Invariants that only the learner's machine violates. */
  findings: z.array(z.json()),
  explanation: messageSchema.nullable(),
});
export type Divergence = z.infer<typeof divergenceSchema>;

/** A trace with its outcome. Ops and labels run to the end of the trace; states up to `divergence.step` equal the reference's. */
export const traceSchema = z.object({ config: z.json(), ops: z.array(z.json()), labels: z.array(z.string()) });

export const caseResultSchema = z.object({
  name: z.string(),
  group: z.string(),
  visibility: z.enum(["visible", "hidden", "generated", "own"]),
  status: z.enum(["passed", "failed", "runtime_error", "step_limit", "memory_limit", "output_limit", "not_run"]),
  operations: z.number().int(),
  fuel: z.number(),
  divergence: divergenceSchema.nullable(),
  failure: failureSchema.nullable(),
  /** Kept for the first failing case of each group and for every visible case. */
  trace: traceSchema.nullable(),
});
export type CaseResult = z.infer<typeof caseResultSchema>;

export const counterexampleSchema = z.object({
  trace: traceSchema,
  divergence: divergenceSchema.nullable(),
  failure: failureSchema.nullable(),
  /** Operations before shrinking. */
  from: z.number().int(),
  install: z.array(z.string()).nullable(),
});

export const misconceptionSchema = z.object({
  mutant: z.string(),
  sentence: z.object({ en: z.string(), "zh-CN": z.string() }),
});

export const receiptSchema = z.object({
  id: z.string(),
  sourceHash: z.string(),
  exercise: z.string(),
  exerciseVersion: z.string(),
  engineHash: z.string(),
  graderVersion: z.string(),
  seed: z.string(),
  fuel: z.number(),
  /** sha256 of the canonical verdict without receipt: what a replay must reproduce. */
  verdictHash: z.string(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const groupResultSchema = z.object({
  id: z.string(),
  title: z.object({ en: z.string(), "zh-CN": z.string() }),
  weight: z.number(),
  passed: z.boolean(),
});

export const verdictSchema = z.object({
  status: statusSchema,
  score: z.number(),
  maxScore: z.number(),
  groups: z.array(groupResultSchema),
  cases: z.array(caseResultSchema),
  /** Index into `cases` of the case to open first, or null when all passed or nothing ran. */
  firstFailure: z.number().int().nullable(),
  counterexample: counterexampleSchema.nullable(),
  misconception: misconceptionSchema.nullable(),
  /** Compile errors and whatever stopped the whole submission. */
  failure: failureSchema.nullable(),
  output: z.object({ text: z.string(), totalChars: z.number().int() }),
  fuel: z.object({ used: z.number(), limit: z.number() }),
  /** Null for a quick check in the browser. */
  receipt: receiptSchema.nullable(),
});
export type Verdict = z.infer<typeof verdictSchema>;
