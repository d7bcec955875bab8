// More memory in use than there is: private and shared pages of several processes against a model of plain values, while reclaim
// pushes pages out by itself and areas come and go.
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { accessWord } from "../fault/access";
import { checkFault } from "../fault/check-fault";
import { giveAddressSpace } from "../fault/exec";
import { doExit, doWait } from "../fault/exit";
import { doFork } from "../fault/fork";
import { getTask, newTask, switchTo } from "../fault/task";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { checkOom } from "../oom/check-oom";
import { runKswapd } from "../reclaim/vmscan";
import { createRng } from "../rng";
import { checkShmem } from "../shmem/check-shmem";
import { pageState } from "../structs";
import { addSwap, swapoff } from "./area";
import { checkSwap } from "./check-swap";
import { observeSwap } from "./observe-swap";

const PRIVATE = 0x10000000;
const SHARED = 0x20000000;
const PAGE = 4096;

interface Program {
  readonly task: Addr;
  readonly values: Map<number, number>;
}

const machines = [
  { name: "plain", options: {} },
  { name: "PAE, HighMem", options: { pae: true, boot: { kind: "zones", pages: [0, 400, 320] } } },
  { name: "batches, asynchronous writes", options: { pagevec: true, io: "async" } },
] as const;

test.each(machines)("every page shows what was written to it: $name", ({ name, options }) => {
  const k = createKernel({
    boot: { kind: "zones", pages: [0, 720, 0] },
    contents: 4096,
    overcommit: { mode: 1, ratio: 50 },
    ...options,
  });
  const rng = createRng(name.length);
  const parent = newTask(k, "init");
  giveAddressSpace(k, parent);
  map(k, parent, PRIVATE, 400, MAP_PRIVATE);
  map(k, parent, SHARED, 240, MAP_SHARED);
  switchTo(k, 0);
  let areas = [addSwap(k, 700), addSwap(k, 700, { prio: 5 })];
  const shared = new Map<number, number>();
  let programs: Program[] = [{ task: parent, values: new Map() }];
  for (let step = 1; step <= 5000; step++) {
    const die = rng.below(1000);
    const program = rng.pick(programs);
    if (die < 6 && programs.length < 3) {
      const task = doFork(k, program.task, 0);
      expect(task).toBeGreaterThan(0);
      programs.push({ task, values: new Map(program.values) });
    } else if (die < 10 && programs.length > 1) {
      const leaving = programs.at(-1)!;
      doExit(k, leaving.task, 0);
      doWait(k, parent);
      programs = programs.slice(0, -1);
    } else if (die < 12) {
      switchTo(k, 0);
      const area = rng.pick(areas);
      // It does not fit back into memory if too much of it is used: then the kernel would kill somebody.
      const { inuse = 0 } = observeSwap(k).areas.find(({ type }) => type === area) ?? {};
      if (inuse > 40) continue;
      expect(swapoff(k, area)).toBe(0);
      areas = areas.map((each) => (each === area ? addSwap(k, 700) : each));
    } else {
      const isShared = rng.chance(35);
      const page = rng.below(isShared ? 240 : 400);
      const address = (isShared ? SHARED : PRIVATE) + page * PAGE + 4 * (page % 1024);
      const values = isShared ? shared : program.values;
      const value = step * 7;
      const isWrite = rng.chance(60);
      const got = accessWord(k, program.task, address, isWrite ? "write" : "read", value);
      expect(got.end).toBe("done");
      if (isWrite) values.set(page, value);
      else expect(got.value).toBe(values.get(page) ?? 0);
    }
    runKswapd(k);
    if (step % 500 === 0) expect([...checkSwap(k), ...checkShmem(k), ...checkFault(k), ...checkOom(k)]).toEqual([]);
  }
  expect(k.memory.u32[(k.pageState + pageState.offset.pswpout) >>> 2]).toBeGreaterThan(100);
  expect(k.memory.u32[(k.pageState + pageState.offset.pswpin) >>> 2]).toBeGreaterThan(100);
  for (const { task } of programs.slice(1)) {
    doExit(k, task, 0);
    doWait(k, parent);
  }
  doExit(k, parent, 0);
  // Pages that were in a batch or being written when their last user left stay in the cache until reclaim finds them.
  const { areas: left, cache } = observeSwap(k);
  expect(left.reduce((sum, { inuse }) => sum + inuse, 0)).toBe(cache.length);
  if (options === machines[0].options) expect(cache).toEqual([]);
  expect([...checkSwap(k), ...checkShmem(k), ...checkOom(k)]).toEqual([]);
});

function map(k: Kernel, task: Addr, addr: number, pages: number, sharing: number): void {
  const flags = sharing | MAP_ANONYMOUS | MAP_FIXED;
  const request = { addr, len: pages * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 };
  expect(doMmap(k, getTask(k.memory.u32, task, "mm"), request)).toBe(addr);
}
