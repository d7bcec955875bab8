// A pool of worker processes that are started and warmed before there is work, and thrown away after anything unusual.
// Theory: one job at a time per worker, first come, first served; one worker more than may run stands by, so that a replacement
//         costs a job nothing. A worker goes after 200 jobs and after every abnormal end. The wall clock decides no grade: it
//         only finds a worker that hangs, which is our failure; such a job is tried once more on another worker, and then gets
//         an internal error whose id stands in the log.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { engineFile, ensureEngine } from "./build-engine";
import type { GradeJob } from "./grade";
import { internalError } from "./internal-error";
import { type Jail, jailsFor, type Layer } from "./jail";
import { type PoolWorker, startWorker } from "./pool-worker";
import type { Verdict } from "./verdict";
import { bundleWorker } from "./worker-bundle";

export interface PoolSettings {
  /** Jobs that may run at a time. */
  readonly workers: number;
  /** `off`: no walls but Node's own and the engine. */
  readonly jail: "auto" | "off";
  readonly wallMs?: number;
  readonly recycleAfter?: number;
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void;
}

export interface Pool {
  /** Walls around every worker; the metered engine is always there. */
  readonly layers: readonly Layer[];
  /** Never rejects: what cannot be graded becomes an internal error. */
  grade(job: GradeJob): Promise<Verdict>;
  /** Process ids of the workers alive. */
  pids(): number[];
  close(): Promise<void>;
}

/** The costliest hostile submission known takes 2 s alone; this leaves room for a busy machine. */
const defaultWallMs = 20_000;
const defaultRecycleAfter = 200;
const attempts = 2;
/** Whatever ended one worker may have ended its neighbours: time to notice, before one of them is given the job. */
const retryMs = 100;
/** Pause before a worker is started again after one that did not come up. */
const restartMs = 1000;

export async function createPool(settings: PoolSettings): Promise<Pool> {
  await ensureEngine();
  const program = { worker: await bundleWorker(), engine: engineFile() };
  const { log = (entry) => console.error(JSON.stringify(entry)) } = settings;
  const { jail, first } = await strongestJail(await jailsFor(program, settings.jail), log);
  return new WorkerPool(settings, jail, first, log);
}

/** The first jail in which a worker comes up. @throws Error if none does. */
async function strongestJail(
  jails: readonly Jail[],
  log: NonNullable<PoolSettings["log"]>,
): Promise<{ jail: Jail; first: PoolWorker }> {
  let last: unknown = null;
  for (const jail of jails) {
    const first = startWorker(jail);
    try {
      await first.ready;
      return { jail, first };
    } catch (error) {
      last = error;
      log({ event: "jail refused", layers: jail.layers, error: String(error) });
      await first.kill();
    }
  }
  throw new Error("no grader worker can be started on this host", { cause: last });
}

class WorkerPool implements Pool {
  private readonly idle: PoolWorker[] = [];
  private readonly all = new Set<PoolWorker>();
  private readonly queue: (() => void)[] = [];
  private running = 0;
  private closed = false;

  constructor(
    private readonly settings: PoolSettings,
    private readonly jail: Jail,
    first: PoolWorker,
    private readonly log: NonNullable<PoolSettings["log"]>,
  ) {
    this.all.add(first);
    this.idle.push(first);
    for (let i = 0; i < settings.workers; i++) this.add();
  }

  get layers(): readonly Layer[] {
    return this.jail.layers;
  }

  pids(): number[] {
    return [...this.all].filter(({ alive }) => alive).map(({ pid }) => pid);
  }

  async grade(job: GradeJob): Promise<Verdict> {
    const errorId = randomUUID();
    for (let attempt = 1; attempt <= attempts && !this.closed; attempt++) {
      if (attempt > 1) await sleep(retryMs);
      const worker = await this.take();
      if (worker === null) break;
      try {
        return await worker.grade(job, this.settings.wallMs ?? defaultWallMs);
      } catch (error) {
        this.log({ event: "grading failed", errorId, attempt, exercise: job.exercise.slug, error: String(error) });
      } finally {
        this.give(worker);
      }
    }
    return internalError(errorId);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((worker) => worker.kill()));
    this.wake();
  }

  /** Starts a worker in the background; it becomes idle when it is warm. */
  private add(): void {
    const worker = startWorker(this.jail);
    this.all.add(worker);
    worker.ready.then(
      () => {
        this.idle.push(worker);
        this.wake();
      },
      (error: unknown) => {
        this.all.delete(worker);
        if (this.closed) return;
        this.log({ event: "worker did not start", error: String(error) });
        setTimeout(() => !this.closed && this.add(), restartMs).unref();
      },
    );
  }

  /** Null once the pool is closed. */
  private async take(): Promise<PoolWorker | null> {
    for (;;) {
      if (this.running < this.settings.workers && this.queue.length === 0) {
        const worker = this.idlest();
        if (worker !== undefined) {
          this.running++;
          return worker;
        }
      }
      if (this.closed) return null;
      await new Promise<void>((resolve) => this.queue.push(resolve));
    }
  }

  /** A worker that died while idle is replaced here. */
  private idlest(): PoolWorker | undefined {
    for (let worker = this.idle.shift(); worker !== undefined; worker = this.idle.shift()) {
      if (worker.alive) return worker;
      this.replace(worker);
    }
    return undefined;
  }

  private give(worker: PoolWorker): void {
    this.running--;
    if (worker.alive && worker.jobs < (this.settings.recycleAfter ?? defaultRecycleAfter)) this.idle.push(worker);
    else this.replace(worker);
    this.wake();
  }

  private replace(worker: PoolWorker): void {
    this.all.delete(worker);
    void worker.kill();
    if (!this.closed) this.add();
  }

  private wake(): void {
    for (const resolve of this.queue.splice(0)) resolve();
  }
}
