// What only running the author's solution can tell: how much fuel a submission may use, and the answers of a `function` slot.
import type { Exercise } from "@/lib/course/exercise";
import type { Measurement } from "@/lib/course/public";
import { type AnySlot, slotFor } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import { openAttempt } from "./attempt";
import { casesOf, type GraderExercise, graderExercise } from "./cases";
import { compile } from "./compile";
import type { Engine } from "./engine";
import { openSandbox } from "./sandbox";

/** The traces that set the limit: always the same ones, so that the limit does not depend on the submission. */
const measuringSeed = "measure";
/** A one-line function uses so little that 20 times as much would forbid honest detours. */
const leastFuelLimit = 50_000_000;
/** A trace of 200 operations against a mutant uses about a hundredth of it. */
export const breakItFuel = leastFuelLimit;
/** For the author's own code, which is trusted to end. */
const authorFuel = 4_000_000_000;

/** Per engine and exercise version; a cache, so forgetting it changes nothing. */
const cache = new WeakMap<Engine, Map<string, Measurement>>();

/** @throws Error if the author's solution does not compile or does not pass: the exercise is not publishable. */
export function measure(exercise: Exercise | GraderExercise, engine: Engine): Measurement {
  const known = cache.get(engine) ?? new Map<string, Measurement>();
  cache.set(engine, known);
  const key = `${exercise.slug} ${exercise.version}`;
  const measured = known.get(key) ?? run("solution" in exercise ? exercise : graderExercise(exercise), engine);
  known.set(key, measured);
  return measured;
}

function run(exercise: GraderExercise, engine: Engine): Measurement {
  if (exercise.kind !== "implement") return { fuelLimit: leastFuelLimit, expected: {} };
  const slot = slotFor(exercise);
  const js = compiledSolution(exercise);
  const oracleJs = oracleFor(exercise, slot);
  const attempt = openAttempt({ engine, slot, js, oracleJs, fuel: authorFuel });
  for (const one of casesOf(exercise, slot, { seed: measuringSeed, scope: "all" })) {
    const { status } = attempt.run(one);
    if (status !== "passed")
      throw new Error(`${exercise.slug}: solution.ts does not pass the case "${one.name}" (${status})`);
  }
  const fuelLimit = Math.max(leastFuelLimit, Math.ceil(attempt.fuelUsed() * exercise.fuelFactor));
  return { fuelLimit, expected: oracleJs === null ? {} : answers(exercise, oracleJs, engine) };
}

/** The author's solution as the judge of a slot that has no other; null where the simulator judges, or it is not known. */
export function oracleFor(exercise: GraderExercise, slot: AnySlot): string | null {
  return slot.oracle === "solution" && exercise.solution !== null ? compiledSolution(exercise) : null;
}

function compiledSolution({ slug, solution }: GraderExercise): string {
  const compiled = compile(solution ?? "");
  if (!compiled.ok) throw new Error(`${slug}: solution.ts does not compile`);
  return compiled.js;
}

/** Visible cases only: a browser is told nothing about the others. */
function answers(exercise: GraderExercise, js: string, engine: Engine): Measurement["expected"] {
  const slot = slotFor(exercise);
  const sandbox = openSandbox(engine, { source: js, limits: { fuel: authorFuel }, seed: 1 });
  const entries = exercise.visible.map(({ name, config, ops }): [string, Value[]] => {
    const guest = sandbox.guest({ functions: slot.functions, memoryBytes: 0, kernel: "" });
    const solved = slot.start(config, { implementation: guest });
    return [name, ops.map((op) => solved.apply(op))];
  });
  return Object.fromEntries(entries);
}
