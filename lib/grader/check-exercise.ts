// Proves one exercise: that it can be solved, that its mistakes are caught and named, and that its traces earn their place.
// Whatever does not hold is said in a sentence that tells the author what to do.
import type { Exercise, Group } from "@/lib/course/exercise";
import { type AnySlot, slotFor } from "@/lib/slots/registry";
import { casesOf, graderExercise } from "./cases";
import type { Engine } from "./engine";
import { grade } from "./grade";
import { canonical, type Json } from "./json";
import { measure } from "./measure";
import { questionsOf } from "./prediction";
import type { Verdict } from "./verdict";

export interface ExerciseReport {
  readonly slug: string;
  readonly problems: readonly string[];
  /** Mutant -> the cases that catch it. */
  readonly caught: Readonly<Record<string, readonly string[]>>;
  readonly fuel: { readonly used: number; readonly limit: number };
}

/** One seed for everything, so that a check that passed passes again. */
const seed = "check";
/** Learners get traces of other seeds: the solution must be right for those too. */
const otherSeeds = 40;

export async function checkExercise(exercise: Exercise, engine: Engine): Promise<ExerciseReport> {
  const problems: string[] = [];
  const nothing = { slug: exercise.slug, problems, caught: {}, fuel: { used: 0, limit: 0 } };
  const slot = slotOrProblem(exercise, problems);
  if (!slot) return nothing;
  problems.push(...checkTraces(exercise, slot));
  if (problems.length > 0) return nothing;
  if (exercise.kind === "predict") return { ...nothing, problems: checkQuestions(exercise) };

  const run: Run = (source, from = seed) => grade({ exercise, source, seed: from, scope: "all" }, engine);
  try {
    if (exercise.kind === "implement") measure(exercise, engine);
  } catch (error) {
    return { ...nothing, problems: [`${(error as Error).message}: mend the solution or the case.`] };
  }
  const fuel = await checkSolutions(exercise, run, problems);
  if (exercise.traces.generated.length > 0) await checkOtherSeeds(exercise, run, problems);
  await checkStarter(exercise, run, problems);
  const caught = exercise.kind === "implement" ? await checkMutants(exercise, run, problems) : {};
  if (exercise.kind === "implement") problems.push(...idleCases(exercise, slot, caught));
  return { slug: exercise.slug, problems, caught, fuel };
}

function slotOrProblem(exercise: Exercise, problems: string[]): AnySlot | null {
  try {
    return slotFor(exercise);
  } catch (error) {
    problems.push(`exercise.json: ${(error as Error).message}`);
    return null;
  }
}

/** Cases fit the slot's schemas, are legal, and every group has something to decide it. */
function checkTraces(exercise: Exercise, slot: AnySlot): string[] {
  const problems: string[] = [];
  const { visible, hidden, generated } = exercise.traces;
  for (const { name, config, ops } of [...visible, ...hidden]) {
    const place = `traces.json: case "${name}"`;
    const settings = slot.configSchema.safeParse(config);
    if (!settings.success) problems.push(`${place}: config: ${settings.error.issues[0]?.message}.`);
    const wrong = ops.findIndex((op) => !slot.opSchema.safeParse(op).success);
    if (wrong >= 0)
      problems.push(
        `${place}: operation ${wrong + 1} is none of the slot "${slot.id}": ${JSON.stringify(ops[wrong])}.`,
      );
    if (!settings.success || wrong >= 0) continue;
    const legal = slot.legal(config, ops);
    const illegal = ops.findIndex((op, i) => canonical(op as Json) !== canonical((legal[i] ?? null) as Json));
    if (illegal >= 0)
      problems.push(
        `${place}: operation ${illegal + 1} (${slot.label(ops[illegal]!)}) is not legal there; remove it or what makes it so.`,
      );
  }
  for (const { name, config, params } of generated) {
    if (!slot.configSchema.safeParse(config).success)
      problems.push(`traces.json: generated "${name}": config does not fit the slot.`);
    const parsed = slot.generatorSchema.safeParse(params);
    if (!parsed.success)
      problems.push(
        `traces.json: generated "${name}": params.${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}.`,
      );
  }
  const used = new Set([...visible, ...hidden, ...generated].map(({ group }) => group));
  if (exercise.kind === "break-it") used.add("legal").add("short");
  const idle = exercise.groups.filter(({ id }) => !used.has(id));
  problems.push(
    ...idle.map(
      ({ id }: Group) => `exercise.json: group "${id}" has no case in traces.json: give it one or remove it.`,
    ),
  );
  return problems;
}

/** A predict exercise has nothing to run; its questions must exist, and an empty answer must not be right. */
function checkQuestions(exercise: Exercise): string[] {
  const variants = [1, 2, 3, 1000];
  const questions = variants.map((variant) => questionsOf(graderExercise(exercise), variant));
  const first = questions[0]!;
  if (first.length === 0)
    return ["traces.json: generated has no entry, so there is nothing to predict: add one for each question."];
  const differs = questions.some((other) => JSON.stringify(other) !== JSON.stringify(first));
  return differs
    ? []
    : ["traces.json: every variant poses the same questions: make the zone larger or the traces longer."];
}

type Run = (source: string, from?: string) => Promise<Verdict>;

async function checkSolutions(exercise: Exercise, run: Run, problems: string[]): Promise<ExerciseReport["fuel"]> {
  let used = { used: 0, limit: 0 };
  for (const [i, source] of exercise.solutions.entries()) {
    const file = i === 0 ? "solution" : `solution-${i + 1}`;
    const verdict = await run(source);
    if (i === 0) used = verdict.fuel;
    const failing = verdict.cases.find(({ status }) => status !== "passed")?.name ?? verdict.failure?.message.key;
    if (verdict.status !== "passed" || verdict.score !== verdict.maxScore)
      problems.push(
        `${file} gets ${verdict.score} of ${verdict.maxScore} points (${failing}): every solution must get all.`,
      );
    if (exercise.kind === "implement" && verdict.fuel.used * 3 > verdict.fuel.limit)
      problems.push(
        `${file} uses ${verdict.fuel.used} of ${verdict.fuel.limit} steps, more than a third: raise fuelFactor.`,
      );
    const again = await run(source);
    if (canonical(again as unknown as Json) !== canonical(verdict as unknown as Json))
      problems.push(
        `${file} gets another verdict or uses other fuel on a second run: something in it is not repeatable.`,
      );
  }
  if (exercise.solutions[0]?.trim() === exercise.solutions[1]?.trim())
    problems.push("solution-2 is the same as solution: write it differently, or it proves nothing.");
  return used;
}

/** A generator that now and then draws an unfair trace would fail one right submission in a hundred. */
async function checkOtherSeeds(exercise: Exercise, run: Run, problems: string[]): Promise<void> {
  for (let other = 1; other <= otherSeeds; other++) {
    const { status, cases } = await run(exercise.solutions[0] ?? "", `${seed} ${other}`);
    if (status === "passed") continue;
    const failing = cases.find((one) => one.status !== "passed")?.name;
    problems.push(
      `solution fails "${failing}" with seed "${seed} ${other}": mend the solution, or the generator if the trace is unfair.`,
    );
    return;
  }
}

async function checkStarter(exercise: Exercise, run: Run, problems: string[]): Promise<void> {
  const verdict = await run(exercise.starter);
  if (verdict.status === "compile_error")
    problems.push("starter does not compile: a learner must be able to start from it.");
  else if (verdict.status === "passed") problems.push("starter already gets all points: take the answer out of it.");
  else if (verdict.status !== "failed")
    problems.push(
      `starter ends with ${verdict.status}: let it return something legal, so that a learner first sees a difference.`,
    );
}

async function checkMutants(exercise: Exercise, run: Run, problems: string[]): Promise<Record<string, string[]>> {
  const caught: Record<string, string[]> = {};
  for (const { name, source } of exercise.mutants) {
    const verdict = await run(source);
    caught[name] = verdict.cases.filter(({ status }) => status !== "passed").map((result) => result.name);
    const named = verdict.misconception?.mutant;
    if (verdict.status === "compile_error") problems.push(`mutants/${name}.ts does not compile.`);
    else if (verdict.status === "passed")
      problems.push(`mutants/${name}.ts gets all points: add a hidden case that catches it, or remove it.`);
    else if (named === undefined)
      problems.push(
        `mutants/${name}.ts is caught but not named: it must fail at some operation, not while it is loaded or by a limit.`,
      );
    else if (named !== name)
      problems.push(
        `mutants/${name}.ts behaves like mutants/${named}.ts in every case: add a case that tells them apart, or remove one.`,
      );
  }
  return caught;
}

/** A hidden case that catches no mutant proves nothing that is known to go wrong. */
function idleCases(exercise: Exercise, slot: AnySlot, caught: ExerciseReport["caught"]): string[] {
  const catching = new Set(Object.values(caught).flat());
  const hidden = casesOf(graderExercise(exercise), slot, { seed, scope: "all" }).filter(
    ({ visibility }) => visibility === "hidden",
  );
  return hidden
    .filter(({ name }) => !catching.has(name))
    .map(
      ({ name }) =>
        `traces.json: hidden case "${name}" catches no mutant: add the mutant that it is for, or remove it.`,
    );
}
