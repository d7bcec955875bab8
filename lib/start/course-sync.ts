// The course into the database, each exercise measured by running its author's solution when it or the grader has changed.
import { readFile } from "node:fs/promises";
import type { Course, Exercise } from "@/lib/course/exercise";
import { allExercises, loadCourse } from "@/lib/course/load";
import { toPublicExercise } from "@/lib/course/public";
import { openDb } from "@/lib/db/client";
import { type SyncReport, syncExercises } from "@/lib/db/sync";
import { readEngine } from "@/lib/grader/build-engine";
import { loadEngine } from "@/lib/grader/engine";
import { measure } from "@/lib/grader/measure";
import { sha256Hex } from "@/lib/grader/sha256";
import { bundleWorker } from "@/lib/grader/worker-bundle";

export interface CourseReport extends SyncReport {
  readonly course: Course;
  /** Exercises whose own solution does not run, with the reason. */
  readonly broken: readonly string[];
}

export async function syncCourse(url: string): Promise<CourseReport> {
  const course = await loadCourse();
  const engine = await loadEngine(await readEngine());
  const broken: string[] = [];
  const db = openDb(url);
  try {
    const measureOne = async (exercise: Exercise) => {
      try {
        return toPublicExercise(exercise, measure(exercise, engine));
      } catch (error) {
        broken.push(error instanceof Error ? error.message : String(error));
        return null;
      }
    };
    const report = await syncExercises(db, allExercises(course), measureOne, await graderFingerprint(engine.hash));
    return { ...report, course, broken };
  } finally {
    await db.$disconnect();
  }
}

export function courseNote({ exercises, measured, course, broken }: CourseReport): string {
  const problems = course.problems.length + broken.length;
  const parts = [`${exercises} exercises`, measured > 0 ? `${measured} measured` : "unchanged"];
  if (problems > 0) parts.push(`${problems} problems: npm run check:exercises`);
  return parts.join(", ");
}

/** Engine, simulator, slots and grader: whatever could change a measurement. */
async function graderFingerprint(engineHash: string): Promise<string> {
  return `${engineHash.slice(0, 16)}-${sha256Hex(await readFile(await bundleWorker())).slice(0, 16)}`;
}
