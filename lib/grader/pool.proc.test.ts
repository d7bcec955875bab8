// The pool with real worker processes, some of which are killed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exercise } from "@/lib/course/exercise";
import { allExercises, loadCourse } from "@/lib/course/load";
import { createPool, type Pool } from "./pool";

let exercise: Exercise;
let pool: Pool;
const entries: Record<string, unknown>[] = [];
const log = (entry: Readonly<Record<string, unknown>>) => void entries.push({ ...entry });

beforeAll(async () => {
  exercise = allExercises(await loadCourse()).find(({ slot }) => slot === "buddy-expand")!;
  pool = await createPool({ workers: 2, jail: "auto", recycleAfter: 3, log });
});
afterAll(() => pool.close());

const job = (source = exercise.solutions[0]!) => ({ exercise, source, seed: "pool", scope: "all" }) as const;
const slow =
  "export function rmqueue(zone, order) { for (;;); }\nexport function expand(zone, page, low, high) { for (;;); }";
const killAll = () => {
  for (const pid of pool.pids().filter(alive)) process.kill(pid, "SIGKILL");
};
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("the worker pool", () => {
  it("grades many jobs at once, all alike, through recycled workers", async () => {
    const before = pool.pids();
    const verdicts = await Promise.all(Array.from({ length: 9 }, () => pool.grade(job())));
    expect(verdicts.map(({ status }) => status)).toEqual(Array(9).fill("passed"));
    expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
    expect(pool.pids()).not.toEqual(before);
  });

  it("gives a job its verdict although its worker is killed in the middle", async () => {
    const grading = pool.grade(job(slow));
    await new Promise((resolve) => setTimeout(resolve, 100));
    killAll();
    expect((await grading).status).toBe("step_limit");
    expect((await pool.grade(job())).status).toBe("passed");
  });

  it("finds no worker dead that was killed while idle", async () => {
    killAll();
    expect((await pool.grade(job())).status).toBe("passed");
  });

  it("makes a job that no worker survives an internal error with an id from the log", async () => {
    const impatient = await createPool({ workers: 1, jail: "off", wallMs: 20, log });
    const verdict = await impatient.grade(job(slow));
    expect(verdict.status).toBe("internal_error");
    const { errorId } = verdict.failure!.message.args;
    const failures = entries.filter((entry) => entry.errorId === errorId);
    expect(failures.map(({ attempt }) => attempt)).toEqual([1, 2]);
    await impatient.close();
  });

  it("leaves no process behind when it is closed", async () => {
    const short = await createPool({ workers: 1, jail: "auto", log });
    const pids = short.pids();
    expect(pids.length).toBeGreaterThan(0);
    await short.close();
    expect(pids.filter(alive)).toEqual([]);
    expect((await short.grade(job())).status).toBe("internal_error");
  });
});
