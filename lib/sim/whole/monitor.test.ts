import { beforeAll, describe, expect, it } from "vitest";
import { cacheVar } from "../cache/cache-data";
import { findTask, getTask } from "../fault/task";
import { readPhys, writePhys } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { getMm } from "../mm/vma";
import { mmuAddr } from "../mmu/cpu";
import { oomData } from "../oom/structs";
import { createRng } from "../rng";
import { infoAt } from "../shmem/info";
import { tmpfsFiles } from "../shmem/walk-files";
import { caches } from "../slab/chain";
import { FREE_OBJECTS } from "../slab/fields";
import { restore, type Snapshot, snapshot, usedBytes } from "../snapshot";
import { zone as zoneStruct } from "../structs";
import { mmStruct, taskStruct } from "../structs-mm";
import { swapVar } from "../swap/swap-data";
import { vmStruct } from "../vmalloc/structs";
import { vmAreas } from "../vmalloc/vm-area";
import { zonesData } from "../zones/structs";
import { bootMachine } from "./boot-machine";
import { checkMachine, type MonitorName, monitors } from "./monitor";
import { observeWhole } from "./observe-whole";
import { runOp } from "./run-op";

const MIB = 0x100000;
/** The map of domain.md A.2, 16 MiB. */
const map = [
  { addr: 0, size: 0x9fc00, type: 1 },
  { addr: 0x9fc00, size: 0x400, type: 2 },
  { addr: 0xe8000, size: 0x18000, type: 2 },
  { addr: MIB, size: 15 * MIB, type: 1 },
] as const;

/** Booted as a PC, with something of every part in use: processes that share, a file, shared memory, vmalloc, swap. */
function busyMachine(): Kernel {
  const k = bootMachine({ boot: { kind: "e820", map, imageEnd: 0x3a0000 }, contents: 2048 });
  runOp(k, { op: "swapon", pages: 64 });
  const pid = runOp(k, { op: "spawn", comm: "worker" });
  const ino = runOp(k, { op: "file", pages: 12 });
  for (const [share, file] of [
    ["private", 0],
    ["shared", 0],
    ["private", ino],
  ] as const) {
    const address = runOp(k, { op: "mmap", pid, pages: 12, prot: "rw", share, ino: file });
    runOp(k, { op: "touch", pid, address, pages: 8, how: "write" });
  }
  runOp(k, { op: "fork", pid });
  runOp(k, { op: "vmalloc", bytes: 20_000 });
  runOp(k, { op: "kmalloc", bytes: 100 });
  return k;
}

const variable = (k: Kernel, part: keyof typeof kernelData.offset, offset: number) =>
  k.data + kernelData.offset[part] + offset;
const mmOf = (k: Kernel, pid: number) => getTask(k.memory.u32, findTask(k, pid), "mm");

/** The address of a word of each part that must not be one more. Of mmu: where CR3 is kept. */
const damages: Readonly<Record<MonitorName, (k: Kernel) => number>> = {
  boot: (k) => variable(k, "zones", zonesData.offset.totalram_pages),
  zones: (k) => k.zones[0].zone + zoneStruct.offset.free_pages,
  slab: (k) => caches(k).at(-1)! + FREE_OBJECTS * 4,
  mmu: (k) => mmuAddr(k, "cr3"),
  vmalloc: (k) => [...vmAreas(k)].at(-1)! + vmStruct.offset.size,
  cache: (k) => cacheVar(k, "nr_pagecache"),
  mm: (k) => mmOf(k, 2) + mmStruct.offset.map_count,
  fault: (k) => mmOf(k, 2) + mmStruct.offset.rss,
  reclaim: (k) => k.zones[0].zone + zoneStruct.offset.nr_active,
  swap: (k) => swapVar(k, "nr_swap_pages"),
  shmem: (k) => infoAt(tmpfsFiles(k).at(-1)!.info, "swapped") * 4,
  oom: (k) => variable(k, "oom", oomData.offset.vm_committed_space),
};

describe("the monitor of the whole machine", () => {
  let k: Kernel;
  let sound: Snapshot;
  beforeAll(() => {
    k = busyMachine();
    sound = snapshot(k);
  });

  it("finds nothing in a sound machine that uses every part", () => {
    expect(checkMachine(k)).toEqual([]);
    expect(getMm(k.memory.u32, mmOf(k, 2), "rss")).toBeGreaterThan(20);
    expect(tmpfsFiles(k)).toHaveLength(1);
    expect([...vmAreas(k)].length).toBeGreaterThan(0);
  });

  it.each((Object.keys(monitors) as MonitorName[]).filter((part) => part !== "mmu"))(
    "sees a wrong word of %s",
    (part) => {
      restore(k, sound);
      k.memory.u32[damages[part](k) >>> 2]! += 1;
      expect(checkMachine(k).map((finding) => finding.part)).toContain(part);
      restore(k, sound);
      expect(checkMachine(k)).toEqual([]);
    },
  );

  it("sees a user's way into the kernel's memory", () => {
    const entry = k.memory.u32[damages.mmu(k) >>> 2]! + 768 * 4;
    const US = 0x4;
    writePhys(k, entry, readPhys(k, entry) | US);
    expect(checkMachine(k).filter(({ part }) => part === "mmu").length).toBeGreaterThan(0);
    restore(k, sound);
  });

  it("sees a process that vanished from the list", () => {
    const init = findTask(k, 1);
    const next = (init + taskStruct.offset.tasks) >>> 2;
    k.memory.u32[next] = init + taskStruct.offset.tasks;
    expect(checkMachine(k).length).toBeGreaterThan(0);
    restore(k, sound);
  });

  it("survives any bytes, and so does what is observed", () => {
    const rng = createRng(2026);
    const used = usedBytes(k);
    let seen = 0;
    for (let round = 0; round < 60; round++) {
      restore(k, sound);
      const first = k.zones[0].zone;
      // Half of the hits go to the variables and mem_map, where every word means something.
      const end = round % 2 === 0 ? k.frameTable : used;
      const what = round % 3 === 0 ? rng.next() : rng.below(256);
      for (let hit = 0; hit < 1 + rng.below(40); hit++) k.memory.u8[first + rng.below(end - first)] = what;
      if (checkMachine(k).length > 0) seen++;
      expect(observeWhole(k).kind).toBe("whole");
    }
    expect(seen).toBeGreaterThan(30);
    restore(k, sound);
  });
});
