// Memory of process trees, read from /proc; Linux only.
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { exitOf } from "@/lib/start/run-node";

/** Proportional set size of a process and all below it: memory they share counts once. Null where /proc does not tell. */
export async function treeBytes(root: number): Promise<number | null> {
  const children = await parents();
  if (children === null) return null;
  let sum = 0;
  for (const todo = [root]; todo.length > 0; ) {
    const pid = todo.pop()!;
    todo.push(...(children.get(pid) ?? []));
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
    sum += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return sum;
}

async function parents(): Promise<Map<number, number[]> | null> {
  const names = await readdir("/proc").catch(() => null);
  if (names === null) return null;
  const children = new Map<number, number[]>();
  for (const name of names.filter((one) => /^\d+$/.test(one))) {
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => null);
    if (stat === null) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

/** Peak of a production build from scratch, sampled. @throws Error if the build fails. */
export async function buildPeakBytes(): Promise<number | null> {
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const child = spawn(process.execPath, [next, "build"], {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: "ignore",
  });
  const peak = watchPeak(child);
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`next build ended with ${code}`);
  return peak;
}

async function watchPeak(child: ChildProcess): Promise<number | null> {
  let peak: number | null = null;
  while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const bytes = await treeBytes(child.pid);
    if (bytes !== null) peak = Math.max(peak ?? 0, bytes);
    await sleep(500);
  }
  return peak;
}
