// The queue of work for the graders: pg-boss on the same database.
// Theory: handing in writes the submission and its job in one transaction, so neither exists without the other. A job is taken
//         under a lock, kept alive by heartbeats, and comes back if these stop, which is how a killed grader loses nothing.
//         Jobs are hints: what is to be done stands in the submission's row, and doing it twice does no harm.
import { fromPrisma, type JobWithMetadata, PgBoss } from "pg-boss";
import type { DbOrTransaction } from "@/lib/db/client";

export const lanes = ["interactive", "regrade"] as const;
export type Lane = (typeof lanes)[number];

/** Somebody waits for an interactive one; a regrade runs when nobody does. */
const priorities: Readonly<Record<Lane, number>> = { interactive: 10, regrade: 0 };

const queueName = "grade";
/** Jobs whose last try failed or was never heard of again. */
const lostName = "grade-lost";

const queueOptions = {
  deadLetter: lostName,
  /** pg-boss allows no less. A grader on a dead machine is found out after this time and the second of supervision. */
  heartbeatSeconds: 10,
  /** A last resort: no grading takes this long. */
  expireInSeconds: 300,
  retryLimit: 3,
  /** Seconds. */
  retryDelay: 1,
  deleteAfterSeconds: 3600,
};

export interface GradeTicket {
  readonly submissionId: string;
}
export type TakenJob = JobWithMetadata<GradeTicket>;

export interface LostJob {
  readonly id: string;
  readonly submissionId: string;
}

export interface Queue {
  /** Inside the caller's transaction: rolled back with it. */
  enqueue(tx: DbOrTransaction, job: { submissionId: string; userId: string; lane: Lane }): Promise<void>;
  /** Takes waiting jobs off the queue, inside the caller's transaction. One already taken is left alone. */
  cancel(tx: DbOrTransaction, submissionIds: readonly string[]): Promise<void>;
  /** The most urgent job, then the oldest, of the learners who have none running; null if there is none. */
  take(): Promise<TakenJob | null>;
  /** Says that these are still being worked on. */
  touch(jobs: readonly TakenJob[]): Promise<void>;
  finish(job: TakenJob): Promise<void>;
  /** Returns it for another try; after the last one it is lost. */
  giveBack(job: TakenJob, reason: string): Promise<void>;
  /** Submissions whose jobs ran out of tries: nobody will grade them unless told to. Each is listed until it is forgotten. */
  lost(): Promise<LostJob[]>;
  forget(jobs: readonly LostJob[]): Promise<void>;
  close(): Promise<void>;
}

export interface QueueSettings {
  readonly url: string;
  /** Graders also watch over each other's heartbeats. The web only hands in. */
  readonly role: "web" | "grader";
}

/** Creates the queue's own tables (schema `pgboss`) if need be; several processes may do so at once. */
export async function openQueue({ url, role }: QueueSettings): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: `pagewalk-${role}`,
    max: role === "grader" ? 6 : 2,
    schedule: false,
    supervise: role === "grader",
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: 60,
    registerInstance: false,
  });
  boss.on("error", (error) => console.error(`queue: ${error.message}`));
  await boss.start();
  if (!(await boss.getQueue(lostName))) await boss.createQueue(lostName);
  if (!(await boss.getQueue(queueName))) await boss.createQueue(queueName, queueOptions);

  return {
    enqueue: async (tx, { submissionId, userId, lane }) => {
      const options = {
        priority: priorities[lane],
        group: { id: userId },
        singletonKey: submissionId,
        db: fromPrisma(tx),
      };
      await boss.send(queueName, { submissionId }, options);
    },
    cancel: async (tx, submissionIds) => {
      for (const key of submissionIds) {
        const jobs = await boss.findJobs<GradeTicket>(queueName, { key, queued: true, db: fromPrisma(tx) });
        if (jobs.length > 0)
          await boss.cancel(
            queueName,
            jobs.map((job) => job.id),
            { db: fromPrisma(tx) },
          );
      }
    },
    take: async () => {
      // One at a time: in a batch pg-boss would pick among one learner's jobs by their random ids.
      const options = { batchSize: 1, groupConcurrency: 1, includeMetadata: true } as const;
      return (await boss.fetch<GradeTicket>(queueName, options))[0] ?? null;
    },
    touch: async (jobs) => {
      if (jobs.length > 0) await boss.touch(queueName, jobs.map(attempt));
    },
    finish: async (job) => void (await boss.complete(queueName, [attempt(job)])),
    giveBack: async (job, reason) => void (await boss.fail(queueName, [attempt(job)], { reason })),
    lost: async () => {
      const jobs = await boss.findJobs<GradeTicket>(lostName, { queued: true });
      return jobs.map((job) => ({ id: job.id, submissionId: job.data.submissionId }));
    },
    forget: async (jobs) => {
      if (jobs.length > 0)
        await boss.deleteJob(
          lostName,
          jobs.map((job) => job.id),
        );
    },
    close: () => boss.stop({ graceful: false, close: true }),
  };
}

function attempt(job: TakenJob): { id: string; retryCount: number } {
  return { id: job.id, retryCount: job.retryCount };
}
