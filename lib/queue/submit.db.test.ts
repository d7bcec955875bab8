import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { attemptsUsed, history, submissionFor } from "@/lib/db/submissions";
import { addExercise, addLearner } from "@/lib/db/testing";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import { openQueue, type Queue } from "./queue";
import { submissionsPerMinute, submitTo } from "./submit";

let database: TestDatabase;
let queue: Queue;
let learner: string;
let exercise: string;

const hand = (source: string, key: string = randomUUID(), userId = learner, exerciseUuid = exercise) =>
  submitTo(database.db, queue, "secret", { userId, exerciseUuid, source, idempotencyKey: key });
const idOf = async (source: string, key?: string) => {
  const result = await hand(source, key);
  if (!result.ok) throw new Error(result.message.key);
  return result.value.id;
};
const statusOf = async (id: string) => {
  const found = await submissionFor(learner, id, database.db);
  return found.ok ? found.value.status : found.code;
};
const waitingJobs = async () => {
  const rows = await database.db.$queryRaw<{ submission: string }[]>`
    SELECT data->>'submissionId' AS submission FROM pgboss.job WHERE name = 'grade' AND state = 'created' ORDER BY created_on`;
  return rows.map((row) => row.submission);
};

beforeAll(async () => {
  database = await openTestDatabase();
  queue = await openQueue({ url: database.url, role: "web" });
});
beforeEach(async () => {
  learner = await addLearner(database.db);
});
afterAll(async () => {
  await queue.close();
  await database.close();
});

test("a submission is stored with a seed of its own, the exercise's version and one waiting job", async () => {
  exercise = await addExercise(database.db, "first");
  const id = await idOf("a");
  const row = await database.db.submission.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ status: "queued", exerciseVersion: "v1", source: "a", countsAsAttempt: true });
  expect(row.seed).toMatch(/^[0-9a-f]{64}$/);
  expect(await waitingJobs()).toEqual([id]);
});

test("the same click sent five times at once is one submission with one job", async () => {
  exercise = await addExercise(database.db, "idempotent");
  const key = randomUUID();
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => hand("same", key)));
  const ids = new Set(results.map((result) => (result.ok ? result.value.id : result.code)));
  expect(ids.size).toBe(1);
  expect((await waitingJobs()).filter((id) => ids.has(id))).toHaveLength(1);
});

test("the same key with other content is refused instead of silently answered with the old submission", async () => {
  exercise = await addExercise(database.db, "reused");
  const key = randomUUID();
  await idOf("one", key);
  expect(await hand("two", key)).toMatchObject({ ok: false, code: "conflict" });
});

test("a newer submission cancels the one that still waits, names itself, and costs one attempt in all", async () => {
  exercise = await addExercise(database.db, "superseded");
  const older = await idOf("older");
  const newer = await idOf("newer");
  expect(await statusOf(older)).toBe("cancelled");
  expect((await history(learner, exercise, database.db)).map((s) => [s.id, s.supersededById])).toEqual([
    [newer, null],
    [older, newer],
  ]);
  expect(await attemptsUsed(learner, exercise, database.db)).toBe(1);
  const jobs = await waitingJobs();
  expect(jobs).toContain(newer);
  expect(jobs).not.toContain(older);
});

test("one that is being graded already is left to finish", async () => {
  exercise = await addExercise(database.db, "running");
  const older = await idOf("older");
  await database.db.submission.update({ where: { id: older }, data: { status: "running" } });
  await idOf("newer");
  expect(await statusOf(older)).toBe("running");
});

test("another learner's submission to the same exercise is not superseded", async () => {
  exercise = await addExercise(database.db, "shared");
  const mine = await idOf("mine");
  await hand("theirs", randomUUID(), await addLearner(database.db, "Grace"));
  expect(await statusOf(mine)).toBe("queued");
});

test("twenty tabs at once leave exactly one waiting submission", async () => {
  exercise = await addExercise(database.db, "tabs");
  await Promise.all(Array.from({ length: 20 }, (_, n) => hand(`tab ${n}`)));
  const states = (await history(learner, exercise, database.db)).map((s) => s.status);
  expect(states.filter((s) => s === "queued")).toHaveLength(1);
  expect(states.filter((s) => s === "cancelled")).toHaveLength(19);
});

test("if the transaction fails there is neither a submission nor a job", async () => {
  exercise = await addExercise(database.db, "rolled-back");
  const before = await waitingJobs();
  const broken: Queue = {
    ...queue,
    enqueue: async (tx, job) => {
      await queue.enqueue(tx, job);
      throw new Error("connection lost");
    },
  };
  const input = { userId: learner, exerciseUuid: exercise, source: "x", idempotencyKey: randomUUID() };
  await expect(submitTo(database.db, broken, "secret", input)).rejects.toThrow("connection lost");
  expect(await history(learner, exercise, database.db)).toEqual([]);
  expect(await waitingJobs()).toEqual(before);
});

test.each([
  ["an empty file", " \n ", "invalid", "platform.emptySource"],
  ["a file of 65 KiB", "x".repeat(65 * 1024), "too_large", "platform.sourceTooLarge"],
  ["a NUL byte", "let a = 1;\0", "invalid", "platform.sourceNotText"],
  ["half a surrogate pair", "let a = '\ud800';", "invalid", "platform.sourceNotText"],
])("%s is refused with a sentence and stored nowhere", async (_name, source, code, key) => {
  exercise = await addExercise(database.db, "refused");
  expect(await hand(source)).toMatchObject({ ok: false, code, message: { key } });
  expect(await history(learner, exercise, database.db)).toEqual([]);
});

test.each([["00000000-0000-4000-8000-000000000000"], ["not a uuid"]])(
  "an unknown exercise (%s) is refused",
  async (uuid) => {
    expect(await hand("x", randomUUID(), learner, uuid)).toMatchObject({ ok: false, code: "not_found" });
  },
);

test("somebody else's submission is as unknown as one that does not exist", async () => {
  exercise = await addExercise(database.db, "private");
  const id = await idOf("mine");
  const stranger = await addLearner(database.db, "Mallory");
  expect(await submissionFor(stranger, id, database.db)).toEqual(
    await submissionFor(stranger, randomUUID(), database.db),
  );
  expect(await history(stranger, exercise, database.db)).toEqual([]);
});

test("a learner who submits without pause is told to wait, and nobody else is", async () => {
  exercise = await addExercise(database.db, "hurried");
  const hurried = await addLearner(database.db);
  for (let i = 0; i < submissionsPerMinute; i++) expect((await hand(`${i}`, randomUUID(), hurried)).ok).toBe(true);
  expect(await hand("one more", randomUUID(), hurried)).toMatchObject({ ok: false, code: "too_many" });
  expect((await hand("unhurried", randomUUID(), await addLearner(database.db))).ok).toBe(true);
});
