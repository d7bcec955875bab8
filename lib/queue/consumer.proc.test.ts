import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { attemptsUsed } from "@/lib/db/submissions";
import { addExercise, addLearner } from "@/lib/db/testing";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import { openQueue, type Queue } from "./queue";
import { submitTo } from "./submit";

interface Grader {
  readonly child: ChildProcess;
  readonly took: string[];
}

let database: TestDatabase;
let queue: Queue;
let learner: string;
let exercise: string;
const graders: Grader[] = [];

async function startGrader(env: Record<string, string> = {}): Promise<Grader> {
  const child = spawn(process.execPath, ["--import", "tsx", "lib/queue/testing-grader.ts"], {
    env: { ...process.env, DATABASE_URL: database.url, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const grader: Grader = { child, took: [] };
  graders.push(grader);
  const lines = createInterface({ input: child.stdout! });
  await new Promise<void>((resolve) =>
    lines.on("line", (line) => {
      if (line === "ready") resolve();
      else grader.took.push(line.replace("took ", ""));
    }),
  );
  return grader;
}

async function stop({ child }: Grader, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

async function hand(source: string, userId = learner, exerciseUuid = exercise): Promise<string> {
  const input = { userId, exerciseUuid, source, idempotencyKey: randomUUID() };
  const result = await submitTo(database.db, queue, "secret", input);
  if (!result.ok) throw new Error(result.message.key);
  return result.value.id;
}

const rowOf = (id: string) => database.db.submission.findUniqueOrThrow({ where: { id } });

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await done()) return;
    await sleep(50);
  }
  throw new Error(`waited 30 s in vain until ${what}`);
}
/** What a grader prints comes through a pipe, perhaps after the row has changed. */
const untilTook = (grader: Grader, count: number) => until(`it took ${count}`, async () => grader.took.length >= count);
const untilStatus = (id: string, status: string) =>
  until(`${id} is ${status}`, async () => (await rowOf(id)).status === status);

beforeAll(async () => {
  database = await openTestDatabase();
  queue = await openQueue({ url: database.url, role: "web" });
});
beforeEach(async () => {
  learner = await addLearner(database.db);
  exercise = await addExercise(database.db, randomUUID());
});
afterEach(async () => {
  for (const grader of graders.splice(0)) await stop(grader, "SIGKILL");
});
afterAll(async () => {
  await queue.close();
  await database.close();
});

test("a submission goes from queued through running to its verdict, which is stored whole", async () => {
  await startGrader();
  const id = await hand("pass");
  await untilStatus(id, "passed");
  const row = await rowOf(id);
  expect(row).toMatchObject({ score: 10, maxScore: 10, exerciseVersion: "v2", rev: 2, errorId: null });
  expect(row.receiptId).toBe(`R-${row.seed.slice(0, 12)}`);
  expect(row.verdict).toMatchObject({ status: "passed", receipt: { id: row.receiptId } });
  expect(row.gradedAt!.getTime()).toBeGreaterThanOrEqual(row.startedAt!.getTime());
});

test("a job whose grader is killed is graded by another one, and costs one attempt", async () => {
  const first = await startGrader();
  const id = await hand("sleep 60000; never");
  await until("it is taken", async () => first.took.length === 1);
  await stop(first, "SIGKILL");
  await database.db.submission.update({ where: { id }, data: { source: "pass" } });
  const second = await startGrader();
  await untilStatus(id, "passed");
  await untilTook(second, 1);
  expect(second.took).toEqual(["pass"]);
  expect(await attemptsUsed(learner, exercise, database.db)).toBe(1);
}, 60_000);

test("a grader that is told to stop gives its unfinished job back at once", async () => {
  const first = await startGrader({ GRACE_MS: "100" });
  const id = await hand("sleep 60000; never");
  await until("it is taken", async () => first.took.length === 1);
  await stop(first, "SIGTERM");
  expect((await rowOf(id)).status).toBe("queued");
  await database.db.submission.update({ where: { id }, data: { source: "pass" } });
  await startGrader();
  await untilStatus(id, "passed");
});

test("submissions handed in while no grader runs wait and lose nothing", async () => {
  const ids = await Promise.all(
    Array.from({ length: 10 }, async (_, n) => hand(`pass ${n}`, await addLearner(database.db, `L${n}`))),
  );
  await startGrader();
  for (const id of ids) await untilStatus(id, "passed");
});

test("an internal error is tried again and, once it works, leaves no trace on the learner", async () => {
  await startGrader();
  const id = await hand("fail once");
  await untilStatus(id, "passed");
  expect(await rowOf(id)).toMatchObject({ score: 10, errorId: null, countsAsAttempt: true });
});

test("an internal error that lasts is named with an id and costs no attempt", async () => {
  const grader = await startGrader();
  const id = await hand("throw");
  await untilStatus(id, "internal_error");
  await untilTook(grader, 4);
  expect(grader.took).toHaveLength(4);
  expect(await rowOf(id)).toMatchObject({ countsAsAttempt: false, errorId: expect.stringMatching(/^E-[0-9a-f]{10}$/) });
  expect(await attemptsUsed(learner, exercise, database.db)).toBe(0);
});

test("one learner's many submissions run one at a time and do not keep another learner waiting", async () => {
  const exercises = await Promise.all(Array.from({ length: 5 }, () => addExercise(database.db, randomUUID())));
  for (const [n, uuid] of exercises.entries()) await hand(`sleep ${n === 0 ? 3000 : 50}; greedy ${n}`, learner, uuid);
  const modest = await hand("modest", await addLearner(database.db, "Modest"));
  const grader = await startGrader({ SLOTS: "2" });
  await untilStatus(modest, "passed");
  await untilTook(grader, 2);
  expect(grader.took.slice(0, 2).sort()).toEqual(["modest", "sleep 3000; greedy 0"]);
  await until(
    "all are graded",
    async () => (await database.db.submission.count({ where: { userId: learner, status: "passed" } })) === 5,
  );
  const times = await database.db.submission.findMany({ where: { userId: learner }, orderBy: { startedAt: "asc" } });
  for (const [n, row] of times.entries()) {
    const before = times[n - 1];
    if (before) expect(row.startedAt!.getTime()).toBeGreaterThanOrEqual(before.gradedAt!.getTime());
  }
});

test("an interactive submission overtakes the regrades that wait", async () => {
  const regrades = await Promise.all(
    Array.from({ length: 4 }, async (_, n) => {
      const userId = await addLearner(database.db, `R${n}`);
      const data = {
        userId,
        exerciseUuid: exercise,
        exerciseVersion: "v1",
        source: `regrade ${n}`,
        idempotencyKey: randomUUID(),
        seed: randomUUID(),
        lane: "regrade" as const,
      };
      const { id } = await database.db.submission.create({ data });
      await database.db.$transaction((tx) => queue.enqueue(tx, { submissionId: id, userId, lane: "regrade" }));
      return id;
    }),
  );
  await hand("interactive");
  const grader = await startGrader({ SLOTS: "1" });
  for (const id of regrades) await untilStatus(id, "passed");
  await untilTook(grader, 5);
  expect(grader.took[0]).toBe("interactive");
});

test("two graders never grade the same submission twice", async () => {
  const both = [await startGrader(), await startGrader()];
  const ids = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => hand(`pass ${n}`, await addLearner(database.db, `T${n}`))),
  );
  for (const id of ids) await untilStatus(id, "passed");
  await until("both have said what they took", async () => both[0]!.took.length + both[1]!.took.length >= 40);
  const took = both.flatMap((grader) => grader.took);
  expect(took).toHaveLength(40);
  expect(new Set(took).size).toBe(40);
});
