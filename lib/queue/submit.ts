// Handing in: checks, supersedes what still waits, stores and enqueues, all in one transaction.
import { randomUUID } from "node:crypto";
import { announce } from "@/lib/db/changes";
import { type Db, type DbOrTransaction, databaseUrl, db } from "@/lib/db/client";
import { ok, type Refusal, type Result, refuse } from "@/lib/db/result";
import { limits } from "@/lib/grader/limits";
import { submissionSeed } from "@/lib/grader/seeds";
import { openQueue, type Queue } from "./queue";

export interface SubmitInput {
  readonly userId: string;
  readonly exerciseUuid: string;
  readonly source: string;
  /** Made by the browser for each click on Submit. */
  readonly idempotencyKey: string;
}

/** Per learner, over all exercises: more than anybody reads the verdicts of, far less than keeps the graders from others. */
export const submissionsPerMinute = 20;

const shared = globalThis as { pagewalkQueue?: Promise<Queue> };

/** The web process's end of the queue. */
export function webQueue(): Promise<Queue> {
  shared.pagewalkQueue ??= openQueue({ url: databaseUrl(), role: "web" }).catch((error: unknown) => {
    shared.pagewalkQueue = undefined;
    throw error;
  });
  return shared.pagewalkQueue;
}

export async function closeWebQueue(): Promise<void> {
  await (await shared.pagewalkQueue?.catch(() => undefined))?.close();
  shared.pagewalkQueue = undefined;
}

/** Hands in and returns the submission's id; the same key again returns the same id. */
export async function submit(input: SubmitInput): Promise<Result<{ id: string }>> {
  const secret = process.env.PAGEWALK_GRADING_SECRET;
  if (!secret)
    throw new Error("PAGEWALK_GRADING_SECRET is not set: start with `npm start` or `npm run dev`, which set it.");
  return submitTo(db(), await webQueue(), secret, input);
}

export async function submitTo(
  database: Db,
  queue: Queue,
  secret: string,
  input: SubmitInput,
): Promise<Result<{ id: string }>> {
  const refusal = refuseSource(input.source) ?? refuseKey(input.idempotencyKey);
  if (refusal) return refusal;
  return database.$transaction(async (tx) => {
    const { userId, exerciseUuid, source, idempotencyKey } = input;
    const exercise = await findExercise(tx, exerciseUuid);
    if (!exercise) return refuse("not_found", "noSuchExercise");
    // One at a time per learner and exercise: two tabs cannot supersede each other, nor one key make two rows.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${userId}/${exerciseUuid}`}, 0))`;
    const same = await tx.submission.findUnique({
      where: { userId_idempotencyKey: { userId, idempotencyKey } },
      select: { id: true, exerciseUuid: true, source: true },
    });
    if (same?.exerciseUuid === exerciseUuid && same.source === source) return ok({ id: same.id });
    if (same) return refuse("conflict", "keyUsedBefore");
    const lately = await tx.submission.count({ where: { userId, createdAt: { gt: new Date(Date.now() - 60_000) } } });
    if (lately >= submissionsPerMinute)
      return refuse("too_many", "tooManySubmissions", { limit: submissionsPerMinute });

    const id = randomUUID();
    await supersede(tx, queue, { userId, exerciseUuid, by: id });
    const facts = { exerciseUuid, exerciseVersion: exercise.version, seed: submissionSeed(secret, id) };
    await tx.submission.create({ data: { id, userId, source, idempotencyKey, ...facts }, select: { id: true } });
    await queue.enqueue(tx, { submissionId: id, userId, lane: "interactive" });
    await announce(tx, ["queue"]);
    return ok({ id });
  });
}

function findExercise(tx: DbOrTransaction, uuid: string): Promise<{ version: string } | null> {
  if (!/^[0-9a-f-]{36}$/i.test(uuid)) return Promise.resolve(null);
  return tx.exercise.findFirst({ where: { uuid, retired: false }, select: { version: true } });
}

/** A newer submission of the same learner to the same exercise makes the waiting older one pointless. */
async function supersede(
  tx: DbOrTransaction,
  queue: Queue,
  { userId, exerciseUuid, by }: { userId: string; exerciseUuid: string; by: string },
): Promise<void> {
  const older = await tx.submission.updateManyAndReturn({
    where: { userId, exerciseUuid, status: "queued", lane: "interactive" },
    data: {
      status: "cancelled",
      supersededById: by,
      countsAsAttempt: false,
      gradedAt: new Date(),
      rev: { increment: 1 },
    },
    select: { id: true },
  });
  const ids = older.map((row) => row.id);
  await queue.cancel(tx, ids);
  await announce(tx, ids);
}

function refuseSource(source: string): Refusal | null {
  const bytes = Buffer.byteLength(source);
  if (source.trim() === "") return refuse("invalid", "emptySource");
  if (bytes > limits.sourceBytes)
    return refuse("too_large", "sourceTooLarge", {
      bytes,
      limit: limits.sourceBytes,
      over: bytes - limits.sourceBytes,
    });
  // Neither can be stored as text, and no editor produces them.
  if (source.includes("\0") || !source.isWellFormed()) return refuse("invalid", "sourceNotText");
  return null;
}

function refuseKey(key: string): Refusal | null {
  return /^[\w-]{8,64}$/.test(key) ? null : refuse("invalid", "badKey");
}
