// Each request for pages fails once, whichever it is: what was begun is undone, and the books agree.
import { expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { checkMms } from "../mm/check-mm";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { checkSlab } from "../slab/check-slab";
import { zonesData } from "../zones/structs";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { doExec, giveAddressSpace } from "./exec";
import { doFork } from "./fork";
import { observeFault } from "./observe-fault";
import { getTask, newTask, taskList } from "./task";

const BASE = 0x10000000;
const PAGE = 4096;

function boot(pae: boolean): { k: Kernel; init: Addr; file: Addr } {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, pae, overcommit: { mode: 1, ratio: 50 } });
  const init = newTask(k, "init");
  giveAddressSpace(k, init);
  const file = openFile(k, createFile(k, { pages: 4 }));
  const mm = getTask(k.memory.u32, init, "mm");
  const map = (addr: number, flags: number, at: Addr) =>
    doMmap(k, mm, { addr, len: 4 * PAGE, prot: PROT_READ | PROT_WRITE, flags: flags | MAP_FIXED, file: at, pgoff: 0 });
  map(BASE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
  map(BASE + 0x800000, MAP_SHARED, file);
  map(BASE + 0x1000000, MAP_PRIVATE, file);
  for (const at of [BASE, BASE + PAGE, BASE + 0x800000, BASE + 0x1000000]) access(k, init, at, "write", 1);
  return { k, init, file };
}
function failNth(k: Kernel, nth: number): void {
  k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset.fail_countdown) >>> 2] = nth;
}
const sound = (k: Kernel) => expect([...checkFault(k), ...checkMms(k), ...checkSlab(k)]).toEqual([]);

test.each([false, true])("fork undoes what it did before the request that failed; PAE %s", (pae) => {
  const results: number[] = [];
  for (let nth = 1; nth < 40 && results.at(-1) !== 0; nth++) {
    const { k, init } = boot(pae);
    const before = observeFault(k).frames.map(({ pfn, count, mapcount }) => ({ pfn, count, mapcount }));
    failNth(k, nth);
    const result = doFork(k, init, 0);
    results.push(result < 0 ? result : 0);
    failNth(k, 0);
    sound(k);
    if (result > 0) continue;
    expect(taskList(k)).toEqual([init]);
    expect(observeFault(k).frames.map(({ pfn, count, mapcount }) => ({ pfn, count, mapcount }))).toEqual(before);
    expect(access(k, init, BASE, "write", 2).end).toBe("done");
    expect(doFork(k, init, 0)).toBeGreaterThan(0);
    sound(k);
  }
  expect(results.length).toBeGreaterThan(3);
  expect(results.slice(0, -1).every((result) => result === -11 || result === -12)).toBe(true);
});

test.each([1, 2, 3, 4])("a fault without memory kills a user and lets pid 1 try again; request %i", (nth) => {
  const { k, init } = boot(false);
  const child = doFork(k, init, 0);
  for (const address of [BASE, BASE + 2 * PAGE, BASE + 0x1000000 + PAGE]) {
    failNth(k, nth);
    const { end } = access(k, init, address, "write", 3);
    failNth(k, 0);
    expect(["done", "again"]).toContain(end);
    expect(access(k, init, address, "write", 3).end).toBe("done");
    sound(k);
  }
  failNth(k, nth);
  const { end, signal } = access(k, child, BASE + PAGE, "write", 3);
  failNth(k, 0);
  expect([end, signal]).toEqual(nth === 1 ? ["killed", 9] : ["done", 0]);
  sound(k);
});

test("exec fails harmlessly before the point of no return and fatally behind it", () => {
  const ends = new Set<string>();
  for (let nth = 1; nth < 12; nth++) {
    const { k, init, file } = boot(false);
    const task = doFork(k, init, 0);
    failNth(k, nth);
    const segments = [
      { vaddr: 0x08048000, offset: 0, fileBytes: PAGE, memoryBytes: PAGE, prot: PROT_READ | PROT_EXEC },
    ];
    const result = doExec(k, task, { file, segments, dynamic: false, argBytes: 100 }, "prog");
    failNth(k, 0);
    const alive = getTask(k.memory.u32, task, "state") === 0;
    ends.add(`${result} ${alive}`);
    sound(k);
  }
  expect([...ends].sort()).toEqual(["-12 false", "-12 true", "0 true"]);
});
