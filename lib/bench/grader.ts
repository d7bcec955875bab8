// The grader alone: latency of one submission on an idle pool, throughput of two workers, memory of one worker.
import { readFile } from "node:fs/promises";
import type { Exercise } from "@/lib/course/exercise";
import { createPool, type Pool } from "@/lib/grader/pool";
import { percentile } from "./statistics";
import { job } from "./workload";

export interface GraderSpeed {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly perSecond: number;
  /** Largest resident set of a worker; null where /proc does not tell. */
  readonly workerBytes: number | null;
}

const warmUps = 6;
const samples = 40;
const loadMs = 10_000;
const clients = 4;

/** @throws Error if a submission of the workload does not pass. */
export async function benchGrader(exercise: Exercise): Promise<GraderSpeed> {
  const pool = await createPool({ workers: 2, jail: "auto" });
  try {
    for (let i = 0; i < warmUps; i++) await gradeOne(pool, exercise, `warm ${i}`);
    const latencies: number[] = [];
    for (let i = 0; i < samples; i++) latencies.push(await gradeOne(pool, exercise, `idle ${i}`));
    const perSecond = await throughput(pool, exercise);
    const sizes = await Promise.all(pool.pids().map(residentBytes));
    const known = sizes.filter((size) => size !== null);
    return {
      p50Ms: percentile(latencies, 0.5),
      p95Ms: percentile(latencies, 0.95),
      perSecond,
      workerBytes: known.length > 0 ? Math.max(...known) : null,
    };
  } finally {
    await pool.close();
  }
}

async function throughput(pool: Pool, exercise: Exercise): Promise<number> {
  const start = performance.now();
  let graded = 0;
  const client = async (id: number) => {
    while (performance.now() - start < loadMs) {
      await gradeOne(pool, exercise, `load ${id} ${graded}`);
      graded++;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, id) => client(id)));
  return graded / ((performance.now() - start) / 1000);
}

async function gradeOne(pool: Pool, exercise: Exercise, seed: string): Promise<number> {
  const start = performance.now();
  const verdict = await pool.grade(job(exercise, seed));
  if (verdict.status !== "passed") throw new Error(`the bench's solution got "${verdict.status}"`);
  return performance.now() - start;
}

/** With a jail around it, the process started is a wrapper: the largest of its descendants is the worker. */
async function residentBytes(pid: number): Promise<number | null> {
  const own = await readFile(`/proc/${pid}/status`, "utf8").catch(() => null);
  if (own === null) return null;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const below = await Promise.all(
    children
      .split(" ")
      .filter(Boolean)
      .map((child) => residentBytes(Number(child))),
  );
  return Math.max(Number(/VmRSS:\s+(\d+)/.exec(own)?.[1] ?? 0) * 1024, ...below.map((size) => size ?? 0));
}
