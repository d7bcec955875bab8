// One process at a time, across processes, surviving kill -9.
// Theory: a file created exclusively names its holder. A holder that is dead (or whose pid now belongs to another program) is
//         robbed, and robbing is itself guarded, so that two waiters cannot each take the other's fresh lock for the stale one.
import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Names a process so that a recycled pid is told apart: on Linux the second number is its start time in clock ticks. */
export function processMark(pid: number = process.pid): string {
  return `${pid} ${startTicks(pid) ?? ""}`.trim();
}

/** Whether the process that wrote this mark still runs. */
export function isRunning(mark: string): boolean {
  const [pid, ticks] = mark.trim().split(" ");
  if (!pid || !isAlive(Number(pid))) return false;
  return ticks === undefined || startTicks(Number(pid)) === ticks;
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return processState(pid) !== "gone";
}

/** A zombie still has a pid but is gone for every purpose. Outside Linux nobody can tell, so it counts as running. */
function processState(pid: number): "running" | "gone" {
  if (process.platform !== "linux") return "running";
  const state = statFields(pid)?.[0];
  return state === undefined || state === "Z" || state === "X" ? "gone" : "running";
}

/** Fields of /proc/PID/stat after the command name, which may itself hold blanks and brackets. */
function statFields(pid: number): string[] | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function startTicks(pid: number): string | undefined {
  return process.platform === "linux" ? statFields(pid)?.[19] : undefined;
}

/** Runs `work` while holding the lock file. @throws if it cannot be had within `patienceMs`. */
export async function withLock<T>(file: string, work: () => Promise<T>, patienceMs = 120_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  while (!(await tryLock(file))) {
    if (Date.now() > deadline)
      throw new Error(`${file} is held by process ${await holder(file)}; stop it or delete the file.`);
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes the lock if it is free or its holder is dead. The caller removes the file when done. */
export async function tryLock(file: string): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true });
  if (await createExclusive(file)) return true;
  const found = await holder(file);
  if (found !== null && !isRunning(found)) await rob(file, found);
  return createExclusive(file);
}

/** The mark in the lock file, or null if there is none. A file still empty belongs to someone who is just writing it. */
export async function holder(file: string): Promise<string | null> {
  const mark = await readFile(file, "utf8").catch(() => null);
  if (mark !== "") return mark;
  const age = await stat(file)
    .then((found) => Date.now() - found.mtimeMs)
    .catch(() => 0);
  return age > 5_000 ? "0" : processMark();
}

async function rob(file: string, staleMark: string): Promise<void> {
  const guard = `${file}.rob`;
  const age = await stat(guard)
    .then((found) => Date.now() - found.mtimeMs)
    .catch(() => 0);
  if (age > 5_000) await rm(guard, { force: true });
  if (!(await createExclusive(guard))) return;
  try {
    if ((await holder(file)) === staleMark) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function createExclusive(file: string): Promise<boolean> {
  try {
    await writeFile(file, processMark(), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Error(`cannot write ${file}`, { cause: error });
  }
}
