// How far a learner has come.
import { type Db, db } from "./client";
import type { SubmissionStatus } from "./generated/enums";

export interface ExerciseProgress {
  readonly attempts: number;
  readonly bestScore: number | null;
  readonly maxScore: number | null;
  readonly passed: boolean;
  /** Of the newest submission that was not superseded; null if there is none. */
  readonly lastStatus: SubmissionStatus | null;
  readonly lastSubmissionId: string | null;
  readonly lastAt: Date | null;
  readonly hasDraft: boolean;
}
export interface LessonState {
  readonly section: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}
export interface CourseProgress {
  readonly exercises: ReadonlyMap<string, ExerciseProgress>;
  readonly lessons: ReadonlyMap<string, LessonState>;
}

/** That user's state of every exercise (by uuid) and lesson (by slug) they have touched. */
export async function courseProgress(userId: string, database: Db = db()): Promise<CourseProgress> {
  const [best, last, drafts, lessons] = await Promise.all([
    database.submission.groupBy({
      by: ["exerciseUuid"],
      where: { userId, countsAsAttempt: true },
      _count: true,
      _max: { score: true, maxScore: true },
    }),
    database.submission.findMany({
      where: { userId, status: { not: "cancelled" } },
      orderBy: [{ exerciseUuid: "asc" }, { createdAt: "desc" }],
      distinct: ["exerciseUuid"],
      select: { id: true, exerciseUuid: true, status: true, createdAt: true },
    }),
    database.draft.findMany({ where: { userId }, select: { exerciseUuid: true } }),
    database.lessonProgress.findMany({
      where: { userId },
      select: { lesson: true, section: true, startedAt: true, finishedAt: true },
    }),
  ]);
  const passed = await database.submission.groupBy({ by: ["exerciseUuid"], where: { userId, status: "passed" } });

  const passedUuids = new Set(passed.map((row) => row.exerciseUuid));
  const draftUuids = new Set(drafts.map((row) => row.exerciseUuid));
  const lastByUuid = new Map(last.map((row) => [row.exerciseUuid, row]));
  const bestByUuid = new Map(best.map((row) => [row.exerciseUuid, row]));
  const uuids = new Set([...lastByUuid.keys(), ...draftUuids]);
  const exercises = [...uuids].map((uuid): [string, ExerciseProgress] => {
    const tries = bestByUuid.get(uuid);
    const newest = lastByUuid.get(uuid);
    return [
      uuid,
      {
        attempts: tries?._count ?? 0,
        bestScore: tries?._max.score ?? null,
        maxScore: tries?._max.maxScore ?? null,
        passed: passedUuids.has(uuid),
        lastStatus: newest?.status ?? null,
        lastSubmissionId: newest?.id ?? null,
        lastAt: newest?.createdAt ?? null,
        hasDraft: draftUuids.has(uuid),
      },
    ];
  });
  return {
    exercises: new Map(exercises),
    lessons: new Map(lessons.map(({ lesson, ...state }) => [lesson, state])),
  };
}

/** Notes how far the lesson was read. Once finished it stays finished. */
export async function noteLesson(
  input: { userId: string; lesson: string; section: string | null; finished: boolean },
  database: Db = db(),
): Promise<void> {
  const { userId, lesson, section, finished } = input;
  const where = { userId_lesson: { userId, lesson } };
  await database.lessonProgress.upsert({
    where,
    create: { userId, lesson, section },
    update: section === null ? {} : { section },
    select: { lesson: true },
  });
  if (finished)
    await database.lessonProgress.updateMany({
      where: { userId, lesson, finishedAt: null },
      data: { finishedAt: new Date() },
    });
}

/** How far that user has read one lesson; null if they never opened it. */
export async function lessonState(userId: string, lesson: string, database: Db = db()): Promise<LessonState | null> {
  const where = { userId_lesson: { userId, lesson } };
  return database.lessonProgress.findUnique({ where, select: { section: true, startedAt: true, finishedAt: true } });
}
