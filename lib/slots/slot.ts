// What a learner can implement, and everything the grader needs to know about it.
// Theory: a slot names one kernel function (or a few that belong together). A trace is a list of operations on one machine.
//         `start` gives one machine under one trace: with no implementation it is the reference, with one it is the learner's
//         machine, in which the simulator calls the learner's functions wherever the kernel would.
import type { z } from "zod";
import type { Finding } from "@/lib/sim/finding";
import type { Memory } from "@/lib/sim/memory";
import type { Rng } from "@/lib/sim/rng";

/** What may cross the border between host and sandbox: bounded, JSON-like, no functions. */
export type Value = number | boolean | null | string | Value[] | { [key: string]: Value };

/** How a parameter reaches the learner: a plain value, or a view (`Page`, `Zone`) over the struct at that address. */
export type ParamType = "number" | "boolean" | "page" | "zone" | "value";
/** What the learner must return. `page?` is a `Page` or null; `value` is checked by the slot's `returns` schema. */
export type ReturnType = "void" | "number" | "number?" | "boolean" | "page?" | "value";

export interface FunctionContract {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: ParamType }[];
  readonly returns: ReturnType;
}

/** The learner's functions (or a mutant's, or the author's) as the simulator may call them. Pages and zones go as addresses. */
export interface Implementation {
  has(name: string): boolean;
  /** Throws a `GuestError` when the code behind it fails, runs out of a limit or returns what the contract forbids. */
  call(name: string, args: readonly Value[]): Value;
}

/** Functions of the simulator that the learner's code may call back (`kernel` library); arguments are checked numbers. */
export type HostFunctions = Readonly<Record<string, (...args: number[]) => number>>;

export interface RunEnvironment {
  /** Where the machine lies. Absent: the run makes its own memory. */
  readonly memory?: Memory;
  /** Absent: the reference. */
  readonly implementation?: Implementation;
  /** Restricts which of the slot's functions the implementation provides; the rest stays the reference's. */
  readonly install?: readonly string[];
}

/** One machine under one trace. */
export interface Run<Op = Value> {
  /** Executes one operation and returns what the caller of the kernel function would see. */
  apply(op: Op): Value;
  /** The canonical observable state, plain data. */
  observe(): Observation;
  /** Same observable state as another run of the same slot and configuration; cheaper than comparing two `observe()`. */
  same(other: Run<Op>): boolean;
  /** Invariants that the machine violates now; empty for a sound machine. Never throws, never loops. */
  findings(): Finding[];
  /** Host functions for the guest that runs this machine's implementation. */
  readonly host: HostFunctions;
}

/** Observable state; `kind` says which figure draws it. */
export type Observation = { readonly kind: "values" } | import("@/lib/sim/observe").BuddyState;

export interface Case<Op = Value> {
  readonly config: Value;
  readonly ops: readonly Op[];
}

/** A sentence as data: a key in `lib/words` and its arguments. */
export interface Message {
  readonly key: string;
  readonly args: Readonly<Record<string, string | number>>;
}

export interface Slot<Config = Value, Op = Value> {
  readonly id: string;
  readonly functions: readonly FunctionContract[];
  /** `simulator`: lib/sim is the reference. `solution`: the author's solution, run in the sandbox, is. */
  readonly oracle: "simulator" | "solution";
  readonly configSchema: z.ZodType<Config>;
  readonly opSchema: z.ZodType<Op>;
  /** Parameters of `generate` as an author writes them in traces.json. */
  readonly generatorSchema: z.ZodType<Value>;
  /** Bytes of machine memory that a configuration needs; 0 for a slot of values only. */
  memoryBytes(config: Config): number;
  start(config: Config, environment: RunEnvironment): Run<Op>;
  /** A legal trace of `length` operations; the same rng state gives the same trace. */
  generate(rng: Rng, config: Config, params: Value, length: number): Op[];
  /** Drops operations that are not legal (any more), keeping the order of the rest. Legal traces come back unchanged. */
  legal(config: Config, ops: readonly Op[]): Op[];
  /** Simpler variants of one operation, simplest first (for shrinking). */
  simplify(op: Op): Op[];
  /** Smaller configurations in which a counterexample may still fail, smallest first. Absent: the configuration stays. */
  simplifyConfig?(config: Config): Config[];
  /** One operation in words, e.g. `alloc(order 1)`; code-like, the same in every language. */
  label(op: Op): string;
  /** Which rule of the kernel a difference breaks, if the slot can tell. */
  explain(difference: {
    op: Op;
    expected: Observation;
    actual: Observation;
    expectedReturn: Value;
    actualReturn: Value;
  }): Message | null;
}
