import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, isRunning, processMark, tryLock, withLock } from "./process-lock";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pagewalk-lock-"));
  file = path.join(folder, "a.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function pidOfDead(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid!;
}

test("of many who want it at once one has it at a time, and all get their turn", async () => {
  let inside = 0;
  let most = 0;
  const turn = () =>
    withLock(file, async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    });
  await Promise.all(Array.from({ length: 8 }, turn));
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test("the lock is given up when the work fails", async () => {
  await expect(withLock(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(existsSync(file)).toBe(false);
});

test("a live holder is waited for in vain no longer than asked, and named", async () => {
  expect(await tryLock(file)).toBe(true);
  await expect(withLock(file, async () => {}, 120)).rejects.toThrow(`process ${process.pid}`);
});

test("a dead holder is robbed, by one of many", async () => {
  writeFileSync(file, String(await pidOfDead()));
  const took = await Promise.all(Array.from({ length: 10 }, () => tryLock(file)));
  expect(took.filter(Boolean)).toHaveLength(1);
});

test("an empty lock is somebody's who is just writing it, until it is old", async () => {
  writeFileSync(file, "");
  expect(await tryLock(file)).toBe(false);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(file, longAgo, longAgo);
  expect(await tryLock(file)).toBe(true);
});

test("this process runs, one that ended does not, and nonsense is nobody", async () => {
  expect(isRunning(processMark())).toBe(true);
  expect(isAlive(await pidOfDead())).toBe(false);
  expect([0, -1, 1.5, Number.NaN].map(isAlive)).toEqual([false, false, false, false]);
  expect(isRunning("")).toBe(false);
});

test.runIf(process.platform === "linux")(
  "a pid that now belongs to another process is not taken for the old one",
  () => {
    expect(isRunning(`${process.pid} 1`)).toBe(false);
  },
);
