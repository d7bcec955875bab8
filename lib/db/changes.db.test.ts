import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import { announce, type Changes, closeChanges, listenForChanges } from "./changes";
import { closeDb } from "./client";
import { claimSubmission, waitForChange } from "./submissions";
import { addExercise, addLearner } from "./testing";

let database: TestDatabase;
let changes: Changes;
let learner: string;
let submission: string;

beforeAll(async () => {
  database = await openTestDatabase();
  vi.stubEnv("DATABASE_URL", database.url);
  changes = await listenForChanges(database.url);
});
afterAll(async () => {
  await changes.close();
  await closeChanges();
  await closeDb();
  await database.close();
});
beforeEach(async () => {
  learner = await addLearner(database.db);
  const facts = { exerciseVersion: "v1", source: "x", seed: "s", idempotencyKey: randomUUID() };
  const data = { userId: learner, exerciseUuid: await addExercise(database.db), ...facts };
  submission = (await database.db.submission.create({ data })).id;
});

const never = 600_000;

test("whoever waits for a topic is woken by it, and not by another", async () => {
  const woken: string[] = [];
  const stop = new AbortController();
  const mine = changes.wait("mine", never).then(() => woken.push("mine"));
  const other = changes.wait("other", never, stop.signal).then(() => woken.push("other"));
  await announce(database.db, ["mine"]);
  await mine;
  expect(woken).toEqual(["mine"]);
  stop.abort();
  await other;
});

test("nothing is announced by a transaction that is rolled back", async () => {
  const stop = new AbortController();
  let woken = false;
  const waiting = changes.wait("doomed", never, stop.signal).then(() => {
    woken = !stop.signal.aborted;
  });
  await database.db
    .$transaction(async (tx) => {
      await announce(tx, ["doomed"]);
      throw new Error("no");
    })
    .catch(() => {});
  const after = changes.wait("after", never);
  await announce(database.db, ["after"]);
  await after;
  stop.abort();
  await waiting;
  expect(woken).toBe(false);
});

test("a listener whose connection was cut is woken to look for itself, and hears again afterwards", async () => {
  const waiting = changes.wait("anything", never);
  await database.db.$executeRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()`;
  await waiting;
  const heard = changes.wait("again", never);
  await announce(database.db, ["again"]);
  await heard;
});

test("a page that waits sees the submission change, and one that is behind sees it at once", async () => {
  const waiting = waitForChange(learner, submission, 0, 30_000);
  await claimSubmission(database.db, submission);
  expect(await waiting).toMatchObject({ ok: true, value: { status: "running", rev: 1 } });
  expect(await waitForChange(learner, submission, 0, 30_000)).toMatchObject({ ok: true, value: { rev: 1 } });
});

test("when nothing changes the page gets the present state after the time it asked for", async () => {
  expect(await waitForChange(learner, submission, 0, 50)).toMatchObject({
    ok: true,
    value: { status: "queued", rev: 0, ahead: expect.any(Number) },
  });
});

test("waiting for somebody else's submission is refused at once", async () => {
  expect(await waitForChange(await addLearner(database.db), submission, 0, never)).toMatchObject({
    ok: false,
    code: "not_found",
  });
});
