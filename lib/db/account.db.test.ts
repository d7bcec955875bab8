import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import { eraseAccount, exportAccount, hasDemoAccounts } from "./account";
import { addExercise, addLearner } from "./testing";

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** A learner with one row of every kind. */
async function learnerWithWork(): Promise<string> {
  const { db } = database;
  const userId = await addLearner(db);
  const exerciseUuid = await addExercise(db, `e-${randomUUID()}`);
  const work = { userId, exerciseUuid, exerciseVersion: "v1", source: "mine" };
  await db.submission.create({ data: { ...work, idempotencyKey: randomUUID(), seed: "hidden-seed" } });
  await db.draft.create({ data: work });
  await db.snapshot.create({ data: { ...work, cause: "run" } });
  await db.prediction.create({ data: { userId, question: "q", answer: [1], outcome: "right" } });
  await db.lessonProgress.create({ data: { userId, lesson: "buddy" } });
  await db.account.create({
    data: { id: randomUUID(), userId, accountId: userId, providerId: "credential", password: "hash-of-it" },
  });
  await db.session.create({
    data: { id: randomUUID(), userId, token: `token-${userId}`, expiresAt: new Date(Date.now() + 1e6) },
  });
  return userId;
}

test("the export holds every kind of work, and neither hash, token nor seed", async () => {
  const data = await exportAccount(await learnerWithWork(), database.db);
  for (const kind of ["submissions", "drafts", "snapshots", "predictions", "lessonProgress", "sessions"] as const)
    expect(data[kind], kind).toHaveLength(1);
  expect(JSON.stringify(data)).not.toMatch(/hash-of-it|token-|hidden-seed/);
});

test("the export of one person holds nothing of another", async () => {
  const [first, second] = [await learnerWithWork(), await learnerWithWork()];
  const data = JSON.stringify(await exportAccount(first, database.db));
  expect(data).toContain(first);
  expect(data).not.toContain(second);
});

test("erasing a person erases their rows and nobody else's", async () => {
  const { db } = database;
  const [gone, stays] = [await learnerWithWork(), await learnerWithWork()];
  await eraseAccount(gone, db);
  const rowsOf = async (userId: string) =>
    Promise.all([
      db.user.count({ where: { id: userId } }),
      db.submission.count({ where: { userId } }),
      db.draft.count({ where: { userId } }),
      db.snapshot.count({ where: { userId } }),
      db.prediction.count({ where: { userId } }),
      db.lessonProgress.count({ where: { userId } }),
      db.account.count({ where: { userId } }),
      db.session.count({ where: { userId } }),
    ]);
  expect(await rowsOf(gone)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await rowsOf(stays)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
});

test("a database without the demo student has no demo accounts", async () => {
  expect(await hasDemoAccounts(database.db)).toBe(false);
  await database.db.user.create({ data: { id: randomUUID(), name: "Demo Student", email: "student@example.org" } });
  expect(await hasDemoAccounts(database.db)).toBe(true);
});
