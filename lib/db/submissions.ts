// What a learner may read about their submissions, and what the grader writes. Handing in is lib/queue/submit.ts.
import type { Status, Verdict } from "@/lib/grader/verdict";
import { announce, changes } from "./changes";
import { type Db, type DbOrTransaction, db } from "./client";
import type { SubmissionStatus } from "./generated/enums";
import { ok, type Result, refuse } from "./result";

export type { SubmissionStatus };

export interface SubmissionSummary {
  readonly id: string;
  readonly exerciseUuid: string;
  readonly exerciseVersion: string;
  readonly status: SubmissionStatus;
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly receiptId: string | null;
  readonly countsAsAttempt: boolean;
  /** Of our failure, for the support to look up. */
  readonly errorId: string | null;
  /** The newer submission that took this one's place in the queue. */
  readonly supersededById: string | null;
  /** Grows with every change. */
  readonly rev: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly gradedAt: Date | null;
}
export interface SubmissionView extends SubmissionSummary {
  readonly source: string;
  /** Null until it is graded. */
  readonly verdict: Verdict | null;
  /** How many wait before it while it is queued, else 0. */
  readonly ahead: number;
}

const summaryColumns = {
  id: true,
  exerciseUuid: true,
  exerciseVersion: true,
  status: true,
  score: true,
  maxScore: true,
  receiptId: true,
  countsAsAttempt: true,
  errorId: true,
  supersededById: true,
  rev: true,
  createdAt: true,
  startedAt: true,
  gradedAt: true,
} as const;

/** One submission of that user. Somebody else's is as unknown as one that does not exist. */
export async function submissionFor(userId: string, id: string, database: Db = db()): Promise<Result<SubmissionView>> {
  if (!isUuid(id)) return refuse("not_found", "noSuchSubmission");
  const row = await database.submission.findFirst({
    where: { id, userId },
    select: { ...summaryColumns, source: true, verdict: true, lane: true },
  });
  if (!row) return refuse("not_found", "noSuchSubmission");
  const { verdict, lane, ...view } = row;
  const ahead =
    row.status === "queued"
      ? await database.submission.count({ where: { status: "queued", lane, createdAt: { lt: row.createdAt } } })
      : 0;
  return ok({ ...view, verdict: verdict as Verdict | null, ahead });
}

/**
 * The submission as soon as its `rev` is above `since`, or as it is after `ms` (at most 30 s): what a page shows next.
 * Returns at once if it has changed already or has its final status.
 */
export async function waitForChange(
  userId: string,
  id: string,
  since: number,
  ms: number,
  signal?: AbortSignal,
): Promise<Result<SubmissionView>> {
  const deadline = Date.now() + Math.min(ms, 30_000);
  const listener = await changes();
  for (;;) {
    // Listening starts before looking: a change in between is not missed.
    const pause = new AbortController();
    const stop = signal ? AbortSignal.any([signal, pause.signal]) : pause.signal;
    const changed = listener.wait(id, Math.max(0, Math.min(deadline - Date.now(), 2_000)), stop);
    const found = await submissionFor(userId, id);
    if (
      !found.ok ||
      found.value.rev > since ||
      isFinal(found.value.status) ||
      Date.now() >= deadline ||
      signal?.aborted
    ) {
      pause.abort();
      return found;
    }
    await changed;
  }
}

/** That user's submissions to the exercise, newest first. */
export async function history(userId: string, exerciseUuid: string, database: Db = db()): Promise<SubmissionSummary[]> {
  if (!isUuid(exerciseUuid)) return [];
  return database.submission.findMany({
    where: { userId, exerciseUuid },
    select: summaryColumns,
    orderBy: { createdAt: "desc" },
    take: 200,
  });
}

/** Attempts used up: neither what a newer one superseded nor what failed through our fault. */
export function attemptsUsed(userId: string, exerciseUuid: string, database: Db = db()): Promise<number> {
  return database.submission.count({ where: { userId, exerciseUuid, countsAsAttempt: true } });
}

export function isFinal(status: SubmissionStatus): boolean {
  return status !== "queued" && status !== "running";
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

export interface ClaimedSubmission {
  readonly id: string;
  readonly exerciseUuid: string;
  readonly source: string;
  readonly seed: string;
}

/** Marks it running and returns what to grade; null if there is nothing left to do (graded, superseded, deleted). */
export async function claimSubmission(database: Db, id: string): Promise<ClaimedSubmission | null> {
  const rows = await database.submission.updateManyAndReturn({
    where: { id, status: { in: ["queued", "running"] } },
    data: { status: "running", startedAt: new Date(), rev: { increment: 1 } },
    select: { id: true, exerciseUuid: true, source: true, seed: true },
  });
  if (rows[0]) await announce(database, [id]);
  return rows[0] ?? null;
}

/** Back to the queue after a failure of ours, to be tried again. */
export async function requeueSubmission(database: Db, id: string, errorId: string | null): Promise<void> {
  const { count } = await database.submission.updateMany({
    where: { id, status: "running" },
    data: { status: "queued", errorId, rev: { increment: 1 } },
  });
  if (count > 0) await announce(database, [id]);
}

/** Stores the verdict whole. The first one wins: a second grader that was only slow changes nothing. */
export async function storeVerdict(database: Db, id: string, verdict: Verdict, errorId: string | null): Promise<void> {
  await database.$transaction(async (tx) => {
    const { count } = await tx.submission.updateMany({
      where: { id, status: { in: ["queued", "running"] } },
      data: {
        status: finalStatus(verdict.status),
        score: verdict.score,
        maxScore: verdict.maxScore,
        verdict: JSON.parse(JSON.stringify(verdict)),
        receiptId: verdict.receipt?.id ?? null,
        exerciseVersion: verdict.receipt?.exerciseVersion,
        countsAsAttempt: verdict.status !== "internal_error",
        errorId,
        gradedAt: new Date(),
        rev: { increment: 1 },
      },
    });
    if (count > 0) await announce(tx, [id]);
  });
}

/** The source and seed behind a receipt, to recompute its verdict. */
export async function submissionOfReceipt(
  database: DbOrTransaction,
  receiptId: string,
): Promise<{ id: string; exerciseUuid: string; source: string; seed: string; verdict: Verdict } | null> {
  const row = await database.submission.findUnique({
    where: { receiptId },
    select: { id: true, exerciseUuid: true, source: true, seed: true, verdict: true },
  });
  return row?.verdict ? { ...row, verdict: row.verdict as unknown as Verdict } : null;
}

function finalStatus(status: Status): SubmissionStatus {
  if (status === "queued" || status === "running") throw new Error(`a verdict cannot say "${status}"`);
  return status;
}
