// From the stored progress to what the course map says. Pure: course and progress in, states out.
import type { Chapter, Course, Exercise, Lesson } from "@/lib/course/exercise";
import type { CourseProgress, ExerciseProgress } from "@/lib/db/progress";

export const nothingDone: CourseProgress = { exercises: new Map(), lessons: new Map() };

export type ExerciseState =
  | { readonly kind: "new" | "draft" | "waiting" | "failed" | "passed" | "ours" }
  | { readonly kind: "partial"; readonly earned: number; readonly total: number };

/** The best that was reached decides, unless something newer is still on its way. */
export function exerciseState(exercise: Exercise, progress: ExerciseProgress | undefined): ExerciseState {
  if (progress === undefined) return { kind: "new" };
  if (progress.passed) return { kind: "passed" };
  if (progress.lastStatus === "queued" || progress.lastStatus === "running") return { kind: "waiting" };
  if (progress.lastStatus === "internal_error") return { kind: "ours" };
  const earned = earnedPoints(exercise, progress);
  if (earned > 0) return { kind: "partial", earned, total: exercise.points };
  if (progress.lastStatus !== null) return { kind: "failed" };
  return { kind: progress.hasDraft ? "draft" : "new" };
}

/** Points for the best attempt: its share of the score, rounded down so that only a full score shows full points. */
export function earnedPoints(exercise: Exercise, progress: ExerciseProgress | undefined): number {
  if (progress === undefined) return 0;
  if (progress.passed) return exercise.points;
  if (progress.bestScore === null || !progress.maxScore) return 0;
  return Math.min(exercise.points, Math.floor((exercise.points * progress.bestScore) / progress.maxScore));
}

export type LessonState = "new" | "started" | "finished";

export function lessonState(lesson: Lesson, { lessons }: CourseProgress): LessonState {
  const state = lessons.get(lesson.slug);
  if (state === undefined) return "new";
  return state.finishedAt === null ? "started" : "finished";
}

export interface Totals {
  readonly exercises: number;
  readonly passed: number;
  readonly points: number;
  readonly earned: number;
}

export function totals(exercises: readonly Exercise[], progress: CourseProgress): Totals {
  const of = (exercise: Exercise) => progress.exercises.get(exercise.uuid);
  return {
    exercises: exercises.length,
    passed: exercises.filter((exercise) => of(exercise)?.passed).length,
    points: exercises.reduce((sum, exercise) => sum + exercise.points, 0),
    earned: exercises.reduce((sum, exercise) => sum + earnedPoints(exercise, of(exercise)), 0),
  };
}

export type Place =
  | { readonly kind: "lesson"; readonly lesson: Lesson; readonly section: string | null; readonly started: boolean }
  | { readonly kind: "exercise"; readonly exercise: Exercise; readonly started: boolean };

/** Where to go on: the exercise touched last if it is not passed, else the first thing in order that is not finished. */
export function nextPlace(course: Course, progress: CourseProgress): Place | null {
  const touched = course.chapters
    .flatMap(({ exercises }) => exercises)
    .map((exercise) => ({ exercise, state: progress.exercises.get(exercise.uuid) }))
    .filter(({ state }) => state !== undefined && !state.passed)
    .sort((a, b) => (b.state?.lastAt?.getTime() ?? 0) - (a.state?.lastAt?.getTime() ?? 0))[0];
  if (touched) return { kind: "exercise", exercise: touched.exercise, started: true };
  for (const chapter of course.chapters) {
    const place = firstOpen(chapter, progress);
    if (place) return place;
  }
  return null;
}

function firstOpen({ lesson, exercises }: Chapter, progress: CourseProgress): Place | null {
  if (lesson !== null && lessonState(lesson, progress) !== "finished") {
    const section = progress.lessons.get(lesson.slug)?.section ?? null;
    return { kind: "lesson", lesson, section, started: lessonState(lesson, progress) === "started" };
  }
  const exercise = exercises.find(({ uuid }) => !progress.exercises.get(uuid)?.passed);
  return exercise ? { kind: "exercise", exercise, started: false } : null;
}
