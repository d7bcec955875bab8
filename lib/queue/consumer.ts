// The grader's loop: take a job, grade the submission, store the verdict.
// Theory: any number of these run on any number of machines. Killed at any point, one leaves either a job whose heartbeat
//         stops, or a stored verdict whose job is then found to be done; both are put right by whoever takes the job next.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exercise } from "@/lib/course/exercise";
import type { Changes } from "@/lib/db/changes";
import type { Db } from "@/lib/db/client";
import { type ClaimedSubmission, claimSubmission, requeueSubmission, storeVerdict } from "@/lib/db/submissions";
import { internalError } from "@/lib/grader/internal-error";
import type { Verdict } from "@/lib/grader/verdict";
import type { Queue, TakenJob } from "./queue";

export interface GradeRequest {
  readonly exercise: Exercise;
  readonly source: string;
  readonly seed: string;
}
/** Grades one submission. A verdict `internal_error`, or a throw, is our failure. */
export type GradeFn = (request: GradeRequest) => Promise<Verdict>;

export interface ConsumerSettings {
  readonly database: Db;
  readonly queue: Queue;
  readonly changes: Changes;
  /** Jobs at a time; as many as there are grader workers. */
  readonly slots: number;
  readonly grade: GradeFn;
  readonly findExercise: (uuid: string) => Promise<Exercise | null>;
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void;
}

export interface Consumer {
  /** Takes nothing new, lets running jobs finish for at most `graceMs`, and gives the rest back to the queue. */
  stop(graceMs?: number): Promise<void>;
}

const heartbeatMs = 3_000;
/** How long to sleep without being woken; a notification that got lost costs this much. */
const idleMs = 500;

export function startConsumer(settings: ConsumerSettings): Consumer {
  const { database, queue, changes, slots, log = logLine } = settings;
  const running = new Map<TakenJob, Promise<void>>();
  let stopping = false;
  let wakeUp = () => {};

  const report = (what: string) => (error: unknown) => log({ event: what, error: describe(error) });
  const beat = async () => {
    await queue.touch([...running.keys()]);
    await giveUpLost(settings, log);
  };
  const heartbeat = setInterval(() => void beat().catch(report("heartbeat failed")), heartbeatMs);

  const run = (job: TakenJob) => {
    const done = handle(settings, job, log)
      .catch(report("job failed"))
      .finally(() => running.delete(job));
    running.set(job, done);
  };

  const loop = (async () => {
    while (!stopping) {
      const news = new AbortController();
      wakeUp = () => news.abort();
      // Listening starts before looking: a job that comes in between is not missed.
      const woken = changes.wait("queue", idleMs, news.signal);
      const job = running.size < slots ? await queue.take().catch(report("queue unreachable")) : null;
      // Something came: there may be more. Nothing came, or all slots are taken: wait for either to change.
      if (job) run(job);
      else await Promise.race([woken, ...running.values()]);
      wakeUp();
    }
  })();

  return {
    stop: async (graceMs = 10_000) => {
      stopping = true;
      wakeUp();
      await loop;
      await Promise.race([Promise.all(running.values()), sleep(graceMs, undefined, { ref: false })]);
      clearInterval(heartbeat);
      for (const job of running.keys()) {
        await requeueSubmission(database, job.data.submissionId, null);
        await queue.giveBack(job, "the grader was stopped");
      }
    },
  };
}

async function handle(
  settings: ConsumerSettings,
  job: TakenJob,
  log: NonNullable<ConsumerSettings["log"]>,
): Promise<void> {
  const { database, queue } = settings;
  const submission = await claimSubmission(database, job.data.submissionId);
  if (!submission) return queue.finish(job);

  const { verdict, cause } = await gradeSafely(settings, submission);
  if (verdict?.status !== undefined && verdict.status !== "internal_error") {
    await storeVerdict(database, submission.id, verdict, null);
    return queue.finish(job);
  }
  const errorId = newErrorId();
  log({
    event: "internal error",
    errorId,
    submission: submission.id,
    exercise: submission.exerciseUuid,
    attempt: job.retryCount,
    cause,
  });
  if (job.retryCount < job.retryLimit) {
    await requeueSubmission(database, submission.id, errorId);
    await queue.giveBack(job, errorId);
    return;
  }
  await storeVerdict(database, submission.id, verdict ?? internalError(errorId), errorId);
  await queue.finish(job);
}

async function gradeSafely(
  { grade, findExercise }: ConsumerSettings,
  submission: ClaimedSubmission,
): Promise<{ verdict: Verdict | null; cause: unknown }> {
  try {
    const exercise = await findExercise(submission.exerciseUuid);
    if (!exercise) return { verdict: null, cause: "the exercise is not in this checkout's course" };
    const verdict = await grade({ exercise, source: submission.source, seed: submission.seed });
    return { verdict, cause: verdict.failure };
  } catch (error) {
    return { verdict: null, cause: describe(error) };
  }
}

/** A submission that killed every grader that touched it, say: it must not stay "running" for ever. */
async function giveUpLost(
  { database, queue }: ConsumerSettings,
  log: NonNullable<ConsumerSettings["log"]>,
): Promise<void> {
  const jobs = await queue.lost();
  for (const { submissionId } of jobs) {
    const errorId = newErrorId();
    log({ event: "submission given up", errorId, submission: submissionId });
    await storeVerdict(database, submissionId, internalError(errorId), errorId);
  }
  await queue.forget(jobs);
}

function newErrorId(): string {
  return `E-${randomBytes(5).toString("hex")}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** One JSON line per event, for whoever collects logs. */
function logLine(entry: Readonly<Record<string, unknown>>): void {
  console.error(JSON.stringify({ time: new Date().toISOString(), from: "grader", ...entry }));
}
