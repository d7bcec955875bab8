import { describe, expect, it } from "vitest";
import type { KernelOptions } from "../create-kernel";
import { getTask, taskList } from "../fault/task";
import type { Kernel } from "../kernel";
import { createRng } from "../rng";
import { slabinfoRows } from "../slab/slabinfo";
import { restore, snapshot, usedBytes } from "../snapshot";
import { pageState } from "../structs";
import { bootMachine } from "./boot-machine";
import { checkMachine } from "./monitor";
import { observeWhole } from "./observe-whole";
import { releaseAll } from "./release-all";
import { runOp } from "./run-op";
import { forgetDead, newWorkload, nextOp, releaseKernelRequests, step, type WorkloadSize } from "./workload";

/** 3.5 MiB: small enough that kswapd, swap and direct reclaim are at work all the time. */
const tight: KernelOptions = { boot: { kind: "zones", pages: [128, 512, 256] } };
const size: WorkloadSize = { mappingPages: 300, processes: 8, swapPages: 300 };

function alive(k: Kernel): ReadonlySet<number> {
  const tasks = taskList(k).filter((task) => getTask(k.memory.u32, task, "mm") !== 0);
  return new Set(tasks.map((task) => getTask(k.memory.u32, task, "pid")));
}

const MIB = 0x100000;
const pc: KernelOptions = {
  boot: {
    kind: "e820",
    map: [
      { addr: 0, size: 0x9fc00, type: 1 },
      { addr: 0x9fc00, size: 0x400, type: 2 },
      { addr: 0xe8000, size: 0x18000, type: 2 },
      { addr: MIB, size: 63 * MIB, type: 1 },
    ],
    imageEnd: 0x3a0000,
  },
  contents: 8192,
};

function play(
  options: KernelOptions,
  seed: number,
  length: number,
  sizes = size,
  monitor: "watched" | "alone" = "watched",
): Kernel {
  const k = bootMachine(options);
  const load = newWorkload(createRng(seed));
  for (let index = 0; index < length; index++) {
    const op = nextOp(load, sizes);
    step(k, load, op);
    forgetDead(load, alive(k));
    if (monitor === "alone") continue;
    const findings = checkMachine(k).slice(0, 3);
    if (findings.length > 0) expect({ seed, index, op, findings }).toEqual({ seed, index, op, findings: [] });
  }
  releaseKernelRequests(k, load);
  return k;
}

function count(k: Kernel, field: keyof typeof pageState.offset): number {
  return k.memory.u32[(k.pageState + pageState.offset[field]) >>> 2]!;
}

describe("the whole machine", () => {
  it("boots sound, with init alone", () => {
    const k = bootMachine(tight);
    expect(checkMachine(k)).toEqual([]);
    expect(observeWhole(k).tasks).toMatchObject([{ pid: 1, comm: "init", state: "running" }]);
  });

  it.each([1, 2])("keeps every invariant of every part after every operation (seed %i)", (seed) => {
    const k = play(tight, seed, 300);
    // Under pressure: otherwise the monitor would have watched an idle machine.
    expect(count(k, "kswapd_steal")).toBeGreaterThan(100);
    expect(count(k, "pswpout")).toBeGreaterThan(0);
  });

  const options: readonly (readonly [string, Partial<KernelOptions>])[] = [
    ["PAE", { pae: true }],
    ["no large pages", { pse: false }],
    ["several CPUs' slab arrays", { smp: true }],
    ["slab debugging", { debugSlab: true }],
    ["cache lines of 32 bytes", { l1: 32 }],
    ["LRU batches", { pagevec: true }],
    ["asynchronous I/O", { io: "async" }],
    ["no per-CPU page lists", { pcp: false }],
    ["strict overcommit", { overcommit: { mode: 2, ratio: 80 } }],
    ["2.6.18", { profile: "2.6.18" }],
    ["no high memory", { highmem: false, boot: { kind: "zones", pages: [256, 640, 0] } }],
  ];
  it.each(options)("keeps them with %s", (_name, option) => {
    play({ ...tight, ...option }, 21, 120);
  });

  it("keeps them as a PC of 64 MiB, booted from its memory map (domain.md A.2)", () => {
    const k = play(pc, 5, 30, { mappingPages: 3000, processes: 8, swapPages: 300 });
    expect(k.zones.map(({ pages }) => pages)).toEqual([4096, 12288, 0]);
    expect(observeWhole(k).zones.reduce((sum, { uses }) => sum + uses.anon, 0)).toBeGreaterThan(500);
  });

  it("does the same for the same seed, to the byte", () => {
    const used = (k: Kernel) => k.memory.u8.subarray(0, usedBytes(k));
    const [first, second, other] = [7, 7, 8].map((seed) => used(play(tight, seed, 120, size, "alone")));
    expect(Buffer.compare(first!, second!)).toBe(0);
    expect(Buffer.compare(first!, other!)).not.toBe(0);
  });

  it("goes on from a snapshot as it went on the first time, in another machine too", () => {
    const k = bootMachine(tight);
    const load = newWorkload(createRng(9));
    const more = () => {
      const op = nextOp(load, size);
      const result = step(k, load, op);
      forgetDead(load, alive(k));
      return { op, result };
    };
    for (let index = 0; index < 100; index++) more();
    const middle = snapshot(k);
    const later = Array.from({ length: 100 }, more);
    const end = snapshot(k);
    expect(later.filter(({ op, result }) => op.op === "touch" && result > 0).length).toBeGreaterThan(5);
    for (const machine of [k, bootMachine(tight)]) {
      restore(machine, middle);
      expect(checkMachine(machine)).toEqual([]);
      for (const { op, result } of later) expect(runOp(machine, op)).toBe(result);
      expect(Buffer.compare(snapshot(machine).bytes, end.bytes)).toBe(0);
    }
  });

  it("gives everything back: what is left is what the kernel took at boot, and its pools", () => {
    const boot = bootMachine(tight);
    releaseAll(boot);
    const k = play(tight, 11, 200);
    releaseAll(k);
    expect(checkMachine(k)).toEqual([]);
    expect(observeWhole(k)).toMatchObject({
      tasks: [],
      pageCache: 0,
      pageTables: 0,
      committed: 0,
      swap: { total: 0 },
    });
    // radix_tree_preload keeps nodes for the next insertion; everything else is as it was, cache by cache.
    const rows = (machine: Kernel) => slabinfoRows(machine).filter(({ name }) => name !== "radix_tree_node");
    expect(rows(k)).toEqual(rows(boot));
    const uses = (machine: Kernel, use: "slab" | "kernel" | "reserved" | "free") =>
      observeWhole(machine).zones.reduce((sum, zone) => sum + zone.uses[use], 0);
    const more = (use: "slab" | "kernel" | "reserved") => uses(k, use) - uses(boot, use);
    // One page table of the vmalloc range, which vfree keeps, and the zero page.
    expect([more("kernel"), more("reserved")]).toEqual([1, 1]);
    expect(uses(boot, "free") - uses(k, "free")).toBe(more("slab") + more("kernel") + more("reserved"));
  });

  it("stops when init ends, by itself or by a wild access", () => {
    expect(() => runOp(bootMachine(tight), { op: "exit", pid: 1 })).toThrow("init-dead");
    expect(() => runOp(bootMachine(tight), { op: "read", pid: 1, address: 0x1000 })).toThrow("init-dead");
  });

  it("swaps, then kills, when programs want more than there is", () => {
    const k = bootMachine(tight);
    runOp(k, { op: "swapon", pages: 200 });
    const pids = [1, 2, 3].map(() => runOp(k, { op: "spawn", comm: "hog" }));
    for (const pid of pids) {
      for (let part = 0; part < 4; part++) {
        const address = runOp(k, { op: "mmap", pid, pages: 120, prot: "rw", share: "private", ino: 0 });
        if (address > 0) runOp(k, { op: "touch", pid, address, pages: 120, how: "write" });
        expect(checkMachine(k)).toEqual([]);
      }
    }
    expect(count(k, "pswpout")).toBeGreaterThan(0);
    expect(observeWhole(k).killed).toBeGreaterThan(0);
    expect(alive(k).has(1)).toBe(true);
  });
});
