import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import { addSnapshot, getDraft, type PutOutcome, putDraft, snapshotSource, snapshots } from "./drafts";
import type { Result } from "./result";
import { addExercise, addLearner } from "./testing";

let database: TestDatabase;
let learner: string;
let exercise: string;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  learner = await addLearner(database.db);
  exercise = await addExercise(database.db, randomUUID());
});

const put = (source: string, ifMatch: number) =>
  putDraft({ userId: learner, exerciseUuid: exercise, source, ifMatch }, database.db);
const outcome = (result: Result<PutOutcome>) => (result.ok ? result.value : result.code);

test("each save answers with the revision that the next one must name", async () => {
  expect(outcome(await put("a", 0))).toEqual({ rev: 1 });
  expect(outcome(await put("ab", 1))).toEqual({ rev: 2 });
  expect(await getDraft(learner, exercise, database.db)).toMatchObject({ source: "ab", rev: 2, exerciseVersion: "v1" });
});

test("a save based on an older revision changes nothing and gets to see the newer text", async () => {
  await put("a", 0);
  await put("laptop", 1);
  expect(outcome(await put("phone", 1))).toMatchObject({ conflict: { source: "laptop", rev: 2 } });
  expect((await getDraft(learner, exercise, database.db))?.source).toBe("laptop");
});

test("two first saves at once leave one draft, and the other one is told", async () => {
  const outcomes = (await Promise.all([put("one", 0), put("two", 0)])).map(outcome);
  expect(outcomes.filter((o) => typeof o === "object" && "rev" in o)).toHaveLength(1);
  expect(outcomes.filter((o) => typeof o === "object" && "conflict" in o)).toHaveLength(1);
});

test("the same text again is no conflict, whatever revision it names", async () => {
  await put("a", 0);
  await put("ab", 1);
  expect(outcome(await put("ab", 1))).toEqual({ rev: 2 });
});

test("a draft is its owner's alone", async () => {
  await put("mine", 0);
  expect(await getDraft(await addLearner(database.db), exercise, database.db)).toBeNull();
});

test("what cannot be a draft is refused: unknown exercise, a NUL byte, too large, a negative revision", async () => {
  const unknown = { userId: learner, exerciseUuid: randomUUID(), source: "", ifMatch: 0 };
  expect(outcome(await putDraft(unknown, database.db))).toBe("not_found");
  expect(outcome(await put("\0", 0))).toBe("invalid");
  expect(outcome(await put("x".repeat(300 * 1024), 0))).toBe("too_large");
  expect(outcome(await put("x", -1))).toBe("invalid");
});

test("snapshots keep each text once, newest first, and at most a hundred", async () => {
  const add = (source: string) =>
    addSnapshot({ userId: learner, exerciseUuid: exercise, source, cause: "run" }, database.db);
  for (let n = 0; n < 103; n++) await add(`text ${n}`);
  await add("text 102");
  const kept = await snapshots(learner, exercise, database.db);
  expect(kept).toHaveLength(100);
  expect(await snapshotSource(learner, kept[0]!.id, database.db)).toBe("text 102");
  expect(await snapshotSource(learner, kept[99]!.id, database.db)).toBe("text 3");
  expect(await snapshotSource(await addLearner(database.db), kept[0]!.id, database.db)).toBeNull();
});
