// The course as read from exercises/ -> the rows that submissions refer to.
import type { Exercise, PublicExercise } from "@/lib/course/exercise";
import type { DbOrTransaction } from "./client";

/** Runs the author's solution to learn what only that can tell; null if the solution does not run. */
export type MeasureExercise = (exercise: Exercise) => Promise<PublicExercise | null>;

export interface SyncReport {
  readonly exercises: number;
  readonly measured: number;
  readonly retired: number;
}

/**
 * One row per exercise, by uuid. Measures only what changed since the last sync: the exercise, or the grader `measuredBy`. An exercise that left the course is
 * marked retired and keeps its submissions. Safe to run on several machines at once.
 */
export async function syncExercises(
  db: DbOrTransaction,
  exercises: readonly Exercise[],
  measure: MeasureExercise,
  measuredBy: string,
): Promise<SyncReport> {
  const known = await db.exercise.findMany({ select: { uuid: true, version: true, measuredBy: true } });
  const upToDate = new Set(
    known.filter((row) => row.measuredBy === measuredBy).map((row) => `${row.uuid} ${row.version}`),
  );
  let measured = 0;
  for (const exercise of exercises) {
    const { uuid, slug, chapter, version, title, kind, points } = exercise;
    const facts = { slug, chapter, version, title, kind, points, retired: false };
    if (upToDate.has(`${uuid} ${version}`)) {
      await db.exercise.update({ where: { uuid }, data: facts, select: { uuid: true } });
      continue;
    }
    const published = await measure(exercise);
    const data = {
      ...facts,
      public: published === null ? undefined : JSON.parse(JSON.stringify(published)),
      measuredBy: published === null ? null : measuredBy,
    };
    await db.exercise.upsert({ where: { uuid }, create: { uuid, ...data }, update: data, select: { uuid: true } });
    if (published) measured++;
  }
  const present = exercises.map((exercise) => exercise.uuid);
  const { count } = await db.exercise.updateMany({
    where: { uuid: { notIn: present }, retired: false },
    data: { retired: true },
  });
  return { exercises: exercises.length, measured, retired: count };
}

/** What a browser may know of the exercise, as it was measured; null if it is unknown, retired or its solution is broken. */
export async function publicExercise(db: DbOrTransaction, uuid: string): Promise<PublicExercise | null> {
  const row = await db.exercise.findFirst({
    where: { uuid, retired: false, measuredBy: { not: null } },
    select: { public: true },
  });
  return row?.public ? (row.public as unknown as PublicExercise) : null;
}
