// One submission -> one verdict: compile -> boot two machines -> lockstep -> compare -> shrink -> name -> score -> receipt.
// Runs in a worker process (all cases) and in a browser's worker (visible and own cases), with the same result.
import type { Exercise, PublicExercise } from "@/lib/course/exercise";
import { slotFor } from "@/lib/slots/registry";
import type { Case } from "@/lib/slots/slot";
import { type AttemptFacts, openAttempt, runAll } from "./attempt";
import { gradeBreakIt } from "./break-it";
import { casesOf, type GraderExercise, graderExercise } from "./cases";
import { compile } from "./compile";
import { smallestCounterexample } from "./counterexample";
import type { Engine } from "./engine";
import { storable } from "./json";
import { measure, oracleFor } from "./measure";
import { nameMisconception } from "./misconception";
import { gradePrediction } from "./prediction";
import { withReceipt } from "./receipt";
import { caseResults, refusal, verdictOf } from "./report";
import type { Verdict } from "./verdict";

export interface GradeJob {
  readonly exercise: Exercise | PublicExercise;
  readonly source: string;
  /** All random traces follow from it; on the server `submissionSeed`. */
  readonly seed: string;
  /** `visible`: what a browser knows, for Run; `all`: what counts. */
  readonly scope: "visible" | "all";
  /** The learner's own traces, with `visible` only. */
  readonly ownCases?: readonly Case[];
}

export async function grade(job: GradeJob, engine: Engine): Promise<Verdict> {
  const exercise = graderExercise(job.exercise);
  const verdict = storable(judge(job, exercise, engine));
  if (job.scope === "visible") return verdict;
  const { slug, version } = exercise;
  return withReceipt(verdict, {
    source: job.source,
    exercise: slug,
    exerciseVersion: version,
    engineHash: engine.hash,
    seed: job.seed,
  });
}

function judge(job: GradeJob, exercise: GraderExercise, engine: Engine): Verdict {
  if (exercise.kind === "predict") return gradePrediction(job.source, exercise);
  if (exercise.kind === "break-it") return gradeBreakIt(job.source, exercise, engine);

  const fuel = "fuelLimit" in job.exercise ? job.exercise.fuelLimit : measure(exercise, engine).fuelLimit;
  const compiled = compile(job.source);
  if (!compiled.ok) return refusal(exercise, compiled.failure, fuel);

  const slot = slotFor(exercise);
  const facts: AttemptFacts = { engine, slot, js: compiled.js, oracleJs: oracleFor(exercise, slot), fuel };
  const attempt = openAttempt(facts);
  const ran = runAll(attempt, casesOf(exercise, slot, job), fuel);

  const unloadable = ran[0]?.outcome?.step === null ? ran[0].outcome.failure : null;
  // What the TypeScript compiler lets through and the engine's own does not.
  if (unloadable?.message.key.startsWith("compile.")) return refusal(exercise, unloadable, fuel);
  const deciding = ran.find(({ outcome }) => outcome && outcome.status !== "passed") ?? ran[0];
  return verdictOf({
    exercise,
    cases: caseResults(slot, ran),
    counterexample: smallestCounterexample(ran, facts),
    misconception: nameMisconception(exercise.mutants, ran, facts),
    failure: unloadable,
    output: deciding?.outcome?.output ?? { text: "", totalChars: 0 },
    fuel: { used: attempt.fuelUsed(), limit: fuel },
  });
}
