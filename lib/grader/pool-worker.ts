// One worker process as the pool sees it: lines out, lines in, and a way to end it.
import type { ChildProcess } from "node:child_process";
import type { GradeJob } from "./grade";
import type { Jail } from "./jail";
import { type Verdict, verdictSchema } from "./verdict";

/** Why a worker is of no use any more; what it said on stderr is for the log. */
export class WorkerFailure extends Error {}

export interface PoolWorker {
  readonly pid: number;
  readonly alive: boolean;
  readonly jobs: number;
  /** Resolves when it has loaded and warmed the engine. @throws WorkerFailure */
  readonly ready: Promise<void>;
  /** @throws WorkerFailure if it dies, is too slow, or answers with anything but a verdict; it is then dead. */
  grade(job: GradeJob, wallMs: number): Promise<Verdict>;
  kill(): Promise<void>;
}

/** A verdict with all its traces; beyond this it is no verdict. */
const longestLine = 16 * 1024 * 1024;
const longestComplaint = 4000;
const startMs = 30_000;

type Settle = { resolve(answer: unknown): void; reject(error: Error): void };

export function startWorker(jail: Jail): PoolWorker {
  const child: ChildProcess = jail.start();
  let waiting: Settle | null = null;
  let complaint = "";
  let alive = true;
  let jobs = 0;

  const exited = new Promise<void>((resolve) => {
    const ended = (why: string) => {
      alive = false;
      waiting?.reject(new WorkerFailure(`${why}${complaint === "" ? "" : `: ${complaint}`}`));
      waiting = null;
      resolve();
    };
    child.once("error", (error) => ended(error.message));
    child.once("close", (code, signal) => ended(`the worker ended (${signal ?? `code ${code}`})`));
  });
  const end = () => {
    alive = false;
    child.stdin?.destroy();
    killGroup(child);
  };
  const fail = (why: string) => {
    waiting?.reject(new WorkerFailure(why));
    waiting = null;
    end();
  };
  const receive = (line: string) => {
    const settle = waiting;
    waiting = null;
    if (settle === null) return fail("the worker spoke without being asked");
    try {
      settle.resolve(JSON.parse(line));
    } catch {
      waiting = settle;
      fail("the worker's answer is no JSON");
    }
  };
  readLines(child, receive, () => fail("the worker's answer is too long"));
  child.stderr?.on("data", (part: Buffer) => {
    complaint = (complaint + part.toString()).slice(0, longestComplaint);
  });
  // A worker that died while a job was written: "close" tells.
  child.stdin?.on("error", () => {});

  const answer = (wallMs: number) =>
    new Promise<unknown>((resolve, reject) => {
      if (!alive) return reject(new WorkerFailure("the worker is dead"));
      const timer = setTimeout(() => fail(`no answer within ${wallMs} ms`), wallMs);
      const settled = (then: () => void) => {
        clearTimeout(timer);
        then();
      };
      waiting = { resolve: (value) => settled(() => resolve(value)), reject: (error) => settled(() => reject(error)) };
    });

  const ready = answer(startMs).then((first) => {
    if ((first as { ready?: unknown }).ready !== true) throw new WorkerFailure("the worker did not start");
  });
  // Whoever starts a worker may look at `ready` later.
  ready.catch(() => {});

  return {
    get pid() {
      return child.pid ?? 0;
    },
    get alive() {
      return alive;
    },
    get jobs() {
      return jobs;
    },
    ready,
    grade: async (job, wallMs) => {
      jobs++;
      const answered = answer(wallMs);
      child.stdin?.write(`${JSON.stringify(job)}\n`);
      const reply = (await answered) as { verdict?: unknown; error?: unknown } | null;
      const parsed = verdictSchema.safeParse(reply?.verdict);
      if (parsed.success) return parsed.data;
      const reason = typeof reply?.error === "string" ? reply.error.slice(0, longestComplaint) : parsed.error.message;
      fail("the worker gave no verdict");
      throw new WorkerFailure(reason);
    },
    kill: () => {
      end();
      return exited;
    },
  };
}

/** The jail and what it has started so far: bubblewrap killed alone while it starts leaves a child that waits for ever. */
function killGroup(child: ChildProcess): void {
  try {
    if (process.platform !== "win32" && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
  child.kill("SIGKILL");
}

function readLines(child: ChildProcess, receive: (line: string) => void, tooLong: () => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  child.stdout?.on("data", (part: Buffer) => {
    let rest = part;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)]).toString();
      parts = [];
      length = 0;
      rest = rest.subarray(end + 1);
      receive(line);
    }
    parts.push(rest);
    length += rest.length;
    if (length > longestLine) {
      parts = [];
      tooLong();
    }
  });
}
