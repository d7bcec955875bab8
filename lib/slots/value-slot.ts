// Slots without a machine: pure functions of numbers, booleans and small lists.
// Theory: an operation is one call; the machine has no state, so only what a function returns can differ.
import { z } from "zod";
import type { Rng } from "@/lib/sim/rng";
import type { FunctionContract, Message, Run, RunEnvironment, Slot, Value } from "./slot";

/** One call, e.g. `{ "call": "buddyOf", "args": [12, 2] }`. */
export interface CallOp {
  readonly call: string;
  readonly args: readonly Value[];
}

/** What both sides return where the kernel would stop with BUG(). */
export const kernelBug = "KernelBug";

export interface ValueSlotFacts {
  readonly id: string;
  readonly functions: readonly FunctionContract[];
  /** The right answers; absent where the author's solution gives them. */
  readonly reference?: Readonly<Record<string, (...args: never[]) => Value>>;
  readonly generatorSchema: z.ZodType<Value>;
  generate(rng: Rng, params: Value): CallOp;
  /** Absent: smaller numbers, one argument at a time. */
  simplify?(op: CallOp): CallOp[];
  explain(op: CallOp, expected: Value, actual: Value): Message | null;
}

const noHost = {};
const nothing = { kind: "values" } as const;
const configSchema = z.strictObject({}) as unknown as z.ZodType<Value>;

export function valueSlot(facts: ValueSlotFacts): Slot<Value, CallOp> {
  const arity = new Map(facts.functions.map(({ name, params }) => [name, params.length]));
  const opSchema = z
    .strictObject({ call: z.enum([...arity.keys()]), args: z.array(z.json()) })
    .refine((op) => op.args.length === arity.get(op.call), {
      message: "args: one value for each parameter of the function",
    });

  return {
    id: facts.id,
    functions: facts.functions,
    oracle: facts.reference ? "simulator" : "solution",
    configSchema,
    opSchema: opSchema as unknown as z.ZodType<CallOp>,
    generatorSchema: facts.generatorSchema,
    memoryBytes: () => 0,
    start: (_config, environment) => startCalls(facts, environment),
    generate: (rng, _config, params, length) => Array.from({ length }, () => facts.generate(rng, params)),
    legal: (_config, ops) => ops.filter((op) => op.args.length === arity.get(op.call)),
    simplify: facts.simplify ?? simplerArguments,
    label: (op) => `${op.call}(${op.args.map((arg) => JSON.stringify(arg)).join(", ")})`,
    explain: ({ op, expectedReturn, actualReturn }) => facts.explain(op, expectedReturn, actualReturn),
  };
}

function startCalls(facts: ValueSlotFacts, { implementation, install }: RunEnvironment): Run<CallOp> {
  const installed = (name: string) => implementation && (!install || install.includes(name));
  return {
    apply: ({ call, args }) => {
      if (installed(call)) return implementation!.call(call, args);
      const reference = facts.reference?.[call] as ((...args: Value[]) => Value) | undefined;
      if (!reference) throw new Error(`slot ${facts.id} has no reference for ${call}: give it the author's solution`);
      return reference(...args);
    },
    observe: () => nothing,
    same: () => true,
    findings: () => [],
    host: noHost,
  };
}

/** A run that plays back recorded answers; for a browser that has no solution to ask. */
export function recordedRun(expected: readonly Value[]): Run<Value> {
  let next = 0;
  return {
    apply: () => {
      const value = expected[next++];
      if (value === undefined) throw new Error(`only ${expected.length} answers are recorded`);
      return value;
    },
    observe: () => nothing,
    same: () => true,
    findings: () => [],
    host: noHost,
  };
}

function simplerArguments(op: CallOp): CallOp[] {
  return op.args.flatMap((arg, i) => simpler(arg).map((value) => ({ ...op, args: op.args.with(i, value) })));
}

/** Smaller numbers, the smallest change last. Lists keep their length: a function may rely on it. */
function simpler(value: Value): Value[] {
  if (typeof value === "number") {
    const candidates = [0, 1, Math.trunc(value / 2), value - Math.sign(value)];
    return [...new Set(candidates)].filter((candidate) => Math.abs(candidate) < Math.abs(value));
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => simpler(item).map((smaller) => value.with(i, smaller)));
  return [];
}
