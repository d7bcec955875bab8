import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PublicExercise } from "@/lib/course/exercise";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import type { SubmissionStatus } from "./generated/enums";
import { recordPrediction } from "./predictions";
import { courseProgress, noteLesson } from "./progress";
import { publicExercise, syncExercises } from "./sync";
import { addExercise, addLearner, exerciseNamed } from "./testing";

let database: TestDatabase;
let learner: string;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  learner = await addLearner(database.db);
});

async function addSubmission(exerciseUuid: string, status: SubmissionStatus, score: number | null): Promise<string> {
  const countsAsAttempt = status !== "cancelled" && status !== "internal_error";
  const facts = {
    exerciseVersion: "v1",
    source: "",
    seed: "",
    idempotencyKey: randomUUID(),
    maxScore: score === null ? null : 10,
  };
  const data = { userId: learner, exerciseUuid, status, score, countsAsAttempt, ...facts };
  return (await database.db.submission.create({ data, select: { id: true } })).id;
}

test("progress counts attempts, keeps the best score and shows the newest submission that was graded or waits", async () => {
  const exercise = await addExercise(database.db);
  await addSubmission(exercise, "failed", 4);
  await addSubmission(exercise, "passed", 10);
  await addSubmission(exercise, "internal_error", 0);
  const last = await addSubmission(exercise, "failed", 6);
  await addSubmission(exercise, "cancelled", null);
  const { exercises } = await courseProgress(learner, database.db);
  expect(exercises.get(exercise)).toMatchObject({
    attempts: 3,
    bestScore: 10,
    maxScore: 10,
    passed: true,
    lastStatus: "failed",
    lastSubmissionId: last,
    hasDraft: false,
  });
});

test("a draft alone is progress, and other people's is not mine", async () => {
  const exercise = await addExercise(database.db);
  const other = await addLearner(database.db);
  await database.db.draft.create({
    data: { userId: other, exerciseUuid: exercise, source: "", exerciseVersion: "v1" },
  });
  expect((await courseProgress(learner, database.db)).exercises.size).toBe(0);
  expect((await courseProgress(other, database.db)).exercises.get(exercise)).toMatchObject({
    hasDraft: true,
    attempts: 0,
    passed: false,
  });
});

test("a lesson that was finished stays finished while it is read again", async () => {
  await noteLesson({ userId: learner, lesson: "buddy", section: "splitting", finished: false }, database.db);
  await noteLesson({ userId: learner, lesson: "buddy", section: null, finished: true }, database.db);
  const finished = (await courseProgress(learner, database.db)).lessons.get("buddy");
  expect(finished).toMatchObject({ section: "splitting", finishedAt: expect.any(Date) });
  await noteLesson({ userId: learner, lesson: "buddy", section: "intro", finished: false }, database.db);
  expect((await courseProgress(learner, database.db)).lessons.get("buddy")).toMatchObject({
    section: "intro",
    finishedAt: finished?.finishedAt,
  });
});

test("every answer to a question is kept, with its seed and outcome", async () => {
  for (const outcome of ["wrong", "wrong", "right", "skipped"] as const)
    await recordPrediction(
      { userId: learner, question: "buddy/first-split", seed: "7", answer: { pfn: 8 }, outcome },
      database.db,
    );
  const rows = await database.db.prediction.findMany({ where: { userId: learner }, orderBy: { createdAt: "asc" } });
  expect(rows.map((row) => row.outcome)).toEqual(["wrong", "wrong", "right", "skipped"]);
  expect(rows[0]).toMatchObject({ question: "buddy/first-split", answer: { pfn: 8 }, seed: "7" });
});

test.each([
  ["an answer that is too long", "q", "x".repeat(5000)],
  ["a NUL in the answer", "q", "\0"],
  ["a question that is no id", "no such thing?", 1],
])("%s is refused", async (_name, question, answer) => {
  const result = await recordPrediction(
    { userId: learner, question, seed: null, answer, outcome: "right" },
    database.db,
  );
  expect(result).toMatchObject({ ok: false, code: "invalid" });
});

test("a sync measures only what changed, retires what left, and brings back what returned", async () => {
  const uuid = randomUUID();
  const measured: string[] = [];
  const sync = (exercises: ReturnType<typeof exerciseNamed>[]) =>
    syncExercises(
      database.db,
      exercises,
      async (exercise) => {
        measured.push(exercise.version);
        return null;
      },
      "grader 1",
    );
  const first = exerciseNamed(uuid);
  await sync([first]);
  expect(await database.db.exercise.findUniqueOrThrow({ where: { uuid } })).toMatchObject({
    version: "v1",
    retired: false,
    measuredBy: null,
  });
  await sync([]);
  expect((await database.db.exercise.findUniqueOrThrow({ where: { uuid } })).retired).toBe(true);
  await sync([{ ...first, version: "v2" }]);
  expect(await database.db.exercise.findUniqueOrThrow({ where: { uuid } })).toMatchObject({
    version: "v2",
    retired: false,
  });
  expect(measured).toEqual(["v1", "v2"]);
});

test("a sync measures again when the grader has changed, and only then", async () => {
  const exercise = exerciseNamed(randomUUID());
  const measuredBy: string[] = [];
  const sync = (grader: string) =>
    syncExercises(
      database.db,
      [exercise],
      async ({ uuid }) => {
        measuredBy.push(grader);
        return { uuid } as PublicExercise;
      },
      grader,
    );
  for (const grader of ["grader 1", "grader 1", "grader 2", "grader 2"]) await sync(grader);
  expect(measuredBy).toEqual(["grader 1", "grader 2"]);
  expect(await publicExercise(database.db, exercise.uuid)).toEqual({ uuid: exercise.uuid });
});
