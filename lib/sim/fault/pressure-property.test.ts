// More pages than memory: processes fork, write, read and exit while reclaim pushes their pages to swap and the OOM killer may end
// them. Whatever happens, who lives reads what he wrote, and all books agree.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { checkMms } from "../mm/check-mm";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { checkMmu } from "../mmu/check-mmu";
import { type PageStateName, readPageState } from "../page-state";
import { runKswapd } from "../reclaim/vmscan";
import { swapoff, swapon } from "../swap/area";
import { checkSwap } from "../swap/check-swap";
import { createDevice, deviceAt } from "../swap/device";
import { mkswap } from "../swap/header";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { doExit, doWait } from "./exit";
import { doFork } from "./fork";
import { findTask, getTask, newTask, switchTo, taskList } from "./task";

const BASE = 0x40000000;
const PAGE = 4096;
const AREA_PAGES = 96;

interface Proc {
  readonly task: Addr;
  readonly pid: number;
  readonly values: Uint8Array;
}

const op = fc.record({
  kind: fc.constantFrom("write", "write", "write", "read", "read", "fork", "exit", "sweep"),
  who: fc.nat(99),
  page: fc.nat(AREA_PAGES - 1),
  span: fc.integer({ min: 1, max: 40 }),
  value: fc.integer({ min: 1, max: 255 }),
});

test.each([false, true])("under memory pressure everybody reads what he wrote; PAE %s", (pae) => {
  fc.assert(
    fc.property(fc.array(op, { minLength: 10, maxLength: 30 }), (ops) => {
      const k = createKernel({
        boot: { kind: "zones", pages: [0, 160, 0] },
        contents: 1024,
        overcommit: { mode: 1, ratio: 50 },
        pae,
      });
      newTask(k, "init");
      const device = createDevice(k, 400);
      const header = deviceAt(k, device, 0);
      mkswap(k.memory.u8.subarray(header, header + PAGE), 400);
      expect(swapon(k, device)).toBe(0);
      let procs: Proc[] = [start(k)];
      for (const each of ops) {
        run(k, procs, each);
        if (each.value % 2 === 1) runKswapd(k);
        procs = procs.filter(({ pid }) => alive(k, pid));
        reap(k);
        if (procs.length === 0) procs = [start(k)];
        expect([...checkFault(k), ...checkSwap(k), ...checkMms(k), ...checkMmu(k)]).toEqual([]);
      }
      for (const proc of procs) verify(k, proc);
      switchTo(k, 0);
      if (procs.length === 1) expect([0, -12]).toContain(swapoff(k, 0));
      for (const { pid } of procs) if (alive(k, pid)) doExit(k, findTask(k, pid), 0);
      expect([...checkFault(k), ...checkSwap(k)]).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("three times as many pages as memory: they go out and come back", () => {
  const k = createKernel({
    boot: { kind: "zones", pages: [0, 1024, 0] },
    contents: 8192,
    overcommit: { mode: 1, ratio: 50 },
  });
  newTask(k, "init");
  const device = createDevice(k, 3000);
  const header = deviceAt(k, device, 0);
  mkswap(k.memory.u8.subarray(header, header + PAGE), 3000);
  expect(swapon(k, device)).toBe(0);
  const procs = [1, 2, 3].map(() => start(k, 900));
  for (const [index, proc] of procs.entries())
    for (let page = 0; page < 900; page++) {
      run(k, [proc], { kind: "write", who: 0, page, span: 1, value: index + 1 });
      runKswapd(k);
    }
  for (const proc of procs)
    for (let page = 0; page < 900; page++) {
      reads(k, proc, page);
      runKswapd(k);
    }
  expect(procs.every(({ pid }) => alive(k, pid))).toBe(true);
  const stat = (name: PageStateName) => readPageState(k, name);
  expect(stat("pswpout")).toBeGreaterThan(128);
  expect(stat("pswpin")).toBeGreaterThan(128);
  expect(stat("pgmajfault")).toBeGreaterThan(16);
  expect([...checkFault(k), ...checkSwap(k), ...checkMms(k), ...checkMmu(k)]).toEqual([]);
  for (const { pid } of procs) doExit(k, findTask(k, pid), 0);
  expect(stat("nr_mapped")).toBe(0);
  expect(stat("nr_page_table_pages")).toBe(0);
});

function start(k: Kernel, pages = AREA_PAGES): Proc {
  const task = newTask(k, "worker", findTask(k, 1));
  expect(giveAddressSpace(k, task)).toBe(0);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const mm = getTask(k.memory.u32, task, "mm");
  doMmap(k, mm, { addr: BASE, len: pages * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 });
  return { task, pid: getTask(k.memory.u32, task, "pid"), values: new Uint8Array(pages) };
}

function run(
  k: Kernel,
  procs: Proc[],
  { kind, who, page, span, value }: { kind: string; who: number; page: number; span: number; value: number },
): void {
  const proc = procs[who % procs.length]!;
  const pages = Array.from({ length: span }, (_, index) => (page + index) % proc.values.length);
  if (kind === "write") {
    for (const each of pages) {
      if (access(k, proc.task, BASE + each * PAGE + 3, "write", value).end !== "done") return;
      proc.values[each] = value;
    }
  } else if (kind === "read") {
    for (const each of pages) if (!reads(k, proc, each)) return;
  } else if (kind === "fork" && procs.length < 4) {
    const child = doFork(k, proc.task, 0);
    if (child > 0) procs.push({ task: child, pid: getTask(k.memory.u32, child, "pid"), values: proc.values.slice() });
  } else if (kind === "exit" && procs.length > 1) {
    doExit(k, proc.task, 0);
  } else {
    runKswapd(k);
  }
}

function reads(k: Kernel, proc: Proc, page: number): boolean {
  const { end, value } = access(k, proc.task, BASE + page * PAGE + 3, "read");
  if (end === "done") expect(value).toBe(proc.values[page]);
  return end === "done";
}

function verify(k: Kernel, proc: Proc): void {
  for (let page = 0; page < proc.values.length && alive(k, proc.pid); page++) reads(k, proc, page);
}

function alive(k: Kernel, pid: number): boolean {
  const task = findTask(k, pid);
  return task !== 0 && getTask(k.memory.u32, task, "state") === 0;
}

function reap(k: Kernel): void {
  const init = findTask(k, 1);
  while (doWait(k, init) > 0) expect(taskList(k).length).toBeGreaterThan(0);
}
