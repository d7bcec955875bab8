import { describe, expect, it } from "vitest";
import type { Course, Exercise, Lesson } from "@/lib/course/exercise";
import type { CourseProgress, ExerciseProgress } from "@/lib/db/progress";
import { earnedPoints, exerciseState, nextPlace, nothingDone, totals } from "./progress-view";

const exercise = (uuid: string, points = 10) => ({ uuid, slug: uuid, points }) as Exercise;
const lesson = { slug: "buddy", minutes: 45 } as Lesson;
const [one, two] = [exercise("one"), exercise("two", 30)];
const course = { slug: "c", chapters: [{ slug: "ch", number: 6, lesson, exercises: [one, two] }] } as unknown as Course;

const untouched: ExerciseProgress = {
  attempts: 0,
  bestScore: null,
  maxScore: null,
  passed: false,
  lastStatus: null,
  lastSubmissionId: null,
  lastAt: null,
  hasDraft: false,
};
const passed: ExerciseProgress = {
  ...untouched,
  attempts: 1,
  passed: true,
  lastStatus: "passed",
  bestScore: 1,
  maxScore: 1,
};
const progress = (entries: Record<string, Partial<ExerciseProgress>>, read = false): CourseProgress => ({
  exercises: new Map(Object.entries(entries).map(([id, part]) => [id, { ...untouched, ...part }])),
  lessons: read
    ? new Map([["buddy", { section: "merge", startedAt: new Date(0), finishedAt: new Date(1) }]])
    : new Map(),
});

describe("exerciseState", () => {
  it("calls an untouched exercise new and one with only a draft a draft", () => {
    expect(exerciseState(one, undefined)).toEqual({ kind: "new" });
    expect(exerciseState(one, { ...untouched, hasDraft: true })).toEqual({ kind: "draft" });
  });

  it("keeps saying passed when a later attempt fails", () => {
    expect(exerciseState(one, { ...passed, lastStatus: "failed" })).toEqual({ kind: "passed" });
  });

  it("shows points of the best attempt, and never full points without a pass", () => {
    const state = { ...untouched, lastStatus: "failed" as const, bestScore: 2, maxScore: 3 };
    expect(exerciseState(one, state)).toEqual({ kind: "partial", earned: 6, total: 10 });
    expect(earnedPoints(one, { ...state, bestScore: 0.999, maxScore: 1 })).toBe(9);
  });

  it("tells our failure apart from the learner's", () => {
    expect(exerciseState(one, { ...untouched, lastStatus: "internal_error" })).toEqual({ kind: "ours" });
    expect(exerciseState(one, { ...untouched, lastStatus: "step_limit" })).toEqual({ kind: "failed" });
  });
});

describe("nextPlace", () => {
  it("begins with the lesson of the first chapter", () => {
    expect(nextPlace(course, nothingDone)).toMatchObject({ kind: "lesson", started: false });
  });

  it("goes to the first exercise once the lesson is read", () => {
    expect(nextPlace(course, progress({}, true))).toMatchObject({
      kind: "exercise",
      exercise: { uuid: "one" },
      started: false,
    });
  });

  it("goes back to the exercise touched last rather than to the first in order", () => {
    const state = progress({
      one: { lastAt: new Date(1), lastStatus: "failed" },
      two: { lastAt: new Date(2), lastStatus: "failed" },
    });
    expect(nextPlace(course, state)).toMatchObject({ kind: "exercise", exercise: { uuid: "two" }, started: true });
  });

  it("is null when everything is read and passed", () => {
    expect(nextPlace(course, progress({ one: passed, two: passed }, true))).toBeNull();
  });
});

describe("totals", () => {
  it("adds up what exists and what was reached", () => {
    expect(
      totals([one, two], progress({ two: { bestScore: 1, maxScore: 2, lastStatus: "failed" }, one: passed })),
    ).toEqual({
      exercises: 2,
      passed: 1,
      points: 40,
      earned: 25,
    });
  });
});
