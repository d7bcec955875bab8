// For tests: the course's own exercises and the engine, loaded once a file.
import type { Exercise } from "@/lib/course/exercise";
import { allExercises, loadCourse } from "@/lib/course/load";
import { ensureEngine, readEngine } from "./build-engine";
import { type Engine, loadEngine } from "./engine";
import { grade } from "./grade";
import type { Verdict } from "./verdict";

export interface TestCourse {
  readonly engine: Engine;
  exercise(slug: string): Exercise;
  /** Grades all cases with a fixed seed. */
  grade(slug: string, source: string, seed?: string): Promise<Verdict>;
}

export async function openTestCourse(): Promise<TestCourse> {
  await ensureEngine();
  const engine = await loadEngine(await readEngine());
  const exercises = new Map(allExercises(await loadCourse()).map((exercise) => [exercise.slug, exercise]));
  const exercise = (slug: string) => {
    const found = exercises.get(slug);
    if (!found) throw new Error(`the course has no exercise ${slug}`);
    return found;
  };
  return {
    engine,
    exercise,
    grade: (slug, source, seed = "test") => grade({ exercise: exercise(slug), source, seed, scope: "all" }, engine),
  };
}
