// The grader process as a child that is kept alive.
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitOf, typescript } from "./run-node";

export interface GraderChild {
  readonly workers: number;
  readonly layers: readonly string[];
  stop(): Promise<void>;
}
interface Ready {
  readonly workers: number;
  readonly layers: readonly string[];
}

/** Starts a grader, waits until it takes jobs, and starts another whenever it dies. */
export async function keepGrader(env: Readonly<Record<string, string>>): Promise<GraderChild> {
  let stopping = false;
  let child = launch(env);
  const ready = await readiness(child);

  const watch = async () => {
    while (!stopping) {
      const how = await exitOf(child);
      if (stopping) return;
      console.error(`The grader ended (${how}); starting another. Its jobs come back to the queue.`);
      await sleep(1_000);
      if (!stopping) child = launch(env);
    }
  };
  const watching = watch();
  return {
    ...ready,
    stop: async () => {
      stopping = true;
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await watching;
      await exitOf(child);
      clearTimeout(force);
    },
  };
}

function launch(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [...typescript, path.resolve("lib/start/grader.ts")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function readiness(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as Ready));
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`The grader ended (${code ?? signal}) before it was ready.`)),
    );
  });
}
