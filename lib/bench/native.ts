// The workload by the same learner's code, run by V8 instead of the sandbox: what confinement and metering cost.
// Theory: the sandbox is compared with the best that the same code could do, so both run the same compiled source, the same
//         kernel library and the same lockstep; only the engine differs.
import { runInThisContext } from "node:vm";
import type { Exercise } from "@/lib/course/exercise";
import { openAttempt } from "@/lib/grader/attempt";
import { casesOf, graderExercise, type PreparedCase } from "@/lib/grader/cases";
import { compile } from "@/lib/grader/compile";
import type { Engine } from "@/lib/grader/engine";
import { lockstep } from "@/lib/grader/lockstep";
import { createMemory, type Memory } from "@/lib/sim/memory";
import { kernelSource } from "@/lib/slots/kernel-library";
import { type AnySlot, slotFor } from "@/lib/slots/registry";
import type { Implementation, Value } from "@/lib/slots/slot";

type Views = { page(address: number): unknown; zone(address: number): unknown; addressOf(view: unknown): number };
type Kernel = { __views: Views } & Record<string, unknown>;
type Learner = Record<string, (...args: unknown[]) => unknown>;

export interface Speed {
  readonly sandboxMs: number;
  readonly nativeMs: number;
  /** The same lockstep with the reference on both sides: what remains when the learner's code costs nothing. */
  readonly hostMs: number;
  /** Of the learner's code alone, without `hostMs`. */
  readonly ratio: number;
}

const rounds = 7;

/** Fastest of several rounds each, in one process, alternating. @throws Error if either does not pass its own traces. */
export function compareWithNative(exercise: Exercise, engine: Engine): Speed {
  const slot = slotFor(exercise);
  const compiled = compile(exercise.solutions[0]!);
  if (!compiled.ok) throw new Error("the bench's solution does not compile");
  const cases = casesOf(graderExercise(exercise), slot, { seed: "native", scope: "all" });
  let sandboxMs = Number.POSITIVE_INFINITY;
  let nativeMs = Number.POSITIVE_INFINITY;
  let hostMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    hostMs = Math.min(
      hostMs,
      timed(() => runReference(slot, cases)),
    );
    nativeMs = Math.min(
      nativeMs,
      timed(() => runNatively(slot, compiled.js, cases)),
    );
    sandboxMs = Math.min(
      sandboxMs,
      timed(() => runSandboxed(slot, compiled.js, cases, engine)),
    );
  }
  return { sandboxMs, nativeMs, hostMs, ratio: (sandboxMs - hostMs) / (nativeMs - hostMs) };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function runSandboxed(slot: AnySlot, js: string, cases: readonly PreparedCase[], engine: Engine): void {
  const attempt = openAttempt({ engine, slot, js, oracleJs: null, fuel: 10_000_000_000 });
  for (const one of cases) mustPass(attempt.run(one).status, one.name);
}

function runReference(slot: AnySlot, cases: readonly PreparedCase[]): void {
  for (const { config, ops, name } of cases)
    mustPass(lockstep(slot, ops, slot.start(config, {}), slot.start(config, {})).status, name);
}

function runNatively(slot: AnySlot, js: string, cases: readonly PreparedCase[]): void {
  for (const { config, ops, name } of cases) {
    const memory = createMemory(slot.memoryBytes(config));
    const run = slot.start(config, { memory, implementation: nativeImplementation(slot, js, memory) });
    mustPass(lockstep(slot, ops, slot.start(config, {}), run).status, name);
  }
}

function mustPass(status: string, name: string): void {
  if (status !== "passed") throw new Error(`bench trace ${name}: ${status}`);
}

function nativeImplementation(slot: AnySlot, js: string, memory: Memory): Implementation {
  const kernel = runInThisContext(kernelSource())(memory.buffer, {}, {}) as Kernel;
  const learner: Learner = {};
  runInThisContext(`(function (exports, require) {${js}\n})`)(learner, () => kernel);
  const { page, zone, addressOf } = kernel.__views;
  const wrap = { page, zone, number: same, boolean: same, value: same } as const;
  return {
    has: (name) => name in learner,
    call: (name, args) => {
      const contract = slot.functions.find((one) => one.name === name)!;
      const views = contract.params.map(({ type }, i) => wrap[type](args[i] as number));
      const returned = learner[name]!(...views);
      return contract.returns === "page?" ? addressOf(returned) : (returned as Value);
    },
  };
}

function same(value: unknown): unknown {
  return value;
}
