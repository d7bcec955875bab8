// The LRU lists of one zone under a process that reads, writes and computes, and under the scans that take pages away again.
// Source: Linux 2.6.11 mm/swap.c (mark_page_accessed), mm/vmscan.c (refill_inactive_zone, shrink_cache, shrink_zone); Gorman 10.3, 10.4
import { finishWrites, writesUnderWay } from "@/lib/sim/cache/block-io";
import { createFile, openFile } from "@/lib/sim/cache/file";
import { fileWrite } from "@/lib/sim/cache/file-write";
import { fileRead } from "@/lib/sim/cache/filemap";
import { PAGE_SIZE } from "@/lib/sim/constants";
import { createKernel, recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import { accessWord } from "@/lib/sim/fault/access";
import { giveAddressSpace } from "@/lib/sim/fault/exec";
import { getTask, newTask, switchTo } from "@/lib/sim/fault/task";
import type { Kernel } from "@/lib/sim/kernel";
import { kernelData } from "@/lib/sim/kernel-data";
import type { Addr } from "@/lib/sim/machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "@/lib/sim/mm/flags";
import { doMmap } from "@/lib/sim/mm/mmap";
import { refillInactiveZone } from "@/lib/sim/reclaim/refill-inactive";
import { scanControl } from "@/lib/sim/reclaim/scan-control";
import { shrinkCache } from "@/lib/sim/reclaim/shrink-cache";
import { runKswapd, shrinkZone } from "@/lib/sim/reclaim/vmscan";
import type { Rng } from "@/lib/sim/rng";
import { pageState, zone as zoneStruct } from "@/lib/sim/structs";
import { file as fileStruct } from "@/lib/sim/structs-mm";
import { addSwap } from "@/lib/sim/swap/area";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";
import { zonesData } from "@/lib/sim/zones/structs";
import { ANON_BASE, anonPages, FILE_BASE, filePages, type LruState, viewLru } from "./lru-view";
import { fieldsOf, isWithin } from "./read-config";
import { defineScenario, type Refusal, type Result } from "./scenario";

export interface LruConfig {
  /** Pages of the Normal zone, the only one. */
  readonly pages: number;
  /** Pages of the swap area, 0 for none. */
  readonly swap: number;
  readonly swappiness: number;
  readonly io: "sync" | "async";
}

export type LruOp =
  /** read() and write() of a page of a file that nobody maps. */
  | { readonly op: "read"; readonly page: number }
  | { readonly op: "write"; readonly page: number }
  /** The process uses a page of its own, or of the file that it maps. */
  | { readonly op: "touch"; readonly page: number }
  | { readonly op: "look"; readonly page: number }
  | { readonly op: "refill"; readonly count: number; readonly priority: number }
  | { readonly op: "shrink"; readonly count: number }
  | { readonly op: "scan"; readonly priority: number }
  | { readonly op: "kswapd" }
  /** The device ends its oldest writes. */
  | { readonly op: "iodone"; readonly count: number };

interface LruMachine {
  readonly k: Kernel;
  readonly task: Addr;
  readonly file: Addr;
}

const AWAKE = kernelData.offset.zones + zonesData.offset.kswapd_awake;
const filePage = { kind: "number", least: 0, most: filePages - 1 } as const;
const anonPage = { kind: "number", least: 0, most: anonPages - 1 } as const;
const count = { kind: "number", least: 1, most: 64, default: 1 } as const;
const small: LruConfig = { pages: 256, swap: 64, swappiness: 60, io: "async" };

export const lruScenario = defineScenario<LruConfig, LruOp, LruMachine, LruState>({
  name: "lru",
  presets: [
    {
      name: "mixed",
      config: small,
      ops: [
        ...Array.from({ length: 8 }, (_, index) => `read ${index}`),
        ...Array.from({ length: 5 }, (_, index) => `touch ${index}`),
        "look 8",
        "write 9",
        "read 0",
        "read 1",
        "refill 2",
      ],
    },
    {
      name: "streaming",
      config: { ...small, io: "sync" },
      ops: [
        ...["read 0", "read 1", "read 1", "read 0"],
        ...Array.from({ length: 12 }, (_, index) => `read ${index + 10}`),
        "shrink",
      ],
    },
    {
      name: "pressure",
      config: { ...small, swappiness: 100 },
      ops: [
        ...Array.from({ length: 10 }, (_, index) => `touch ${index}`),
        "refill 10",
        "refill 10",
        "shrink",
        "iodone 10",
        "shrink",
      ],
    },
    {
      name: "noswap",
      config: { ...small, swap: 0, swappiness: 100 },
      ops: ["touch 0", "touch 1", "look 0", "look 1", "refill 4", "shrink"],
    },
    { name: "empty", config: small, ops: [] },
  ],
  commands: {
    read: { page: filePage },
    write: { page: filePage },
    touch: { page: anonPage },
    look: { page: filePage },
    refill: { count, priority: { kind: "number", least: 0, most: 12, default: 12 } },
    shrink: { count },
    scan: { priority: { kind: "number", least: 0, most: 12, default: 2 } },
    kswapd: {},
    iodone: { count },
  },
  mostOps: 200,
  readConfig(data) {
    const { pages, swap, swappiness, io } = fieldsOf<LruConfig>(data);
    if (!isWithin(pages, 192, 1024) || !isWithin(swap, 0, 256) || !isWithin(swappiness, 0, 100)) return null;
    return io === "sync" || io === "async" ? { pages, swap, swappiness, io } : null;
  },
  boot({ pages, swap, swappiness, io }) {
    const k = createKernel({
      boot: { kind: "zones", pages: [0, pages, 0] },
      contents: 2048,
      pcp: false,
      swappiness,
      io,
    });
    const [file, mapped] = [openSmallFile(k), openSmallFile(k)];
    const task = newTask(k, "init");
    giveAddressSpace(k, task);
    if (swap > 0) addSwap(k, swap);
    const mm = getTask(k.memory.u32, task, "mm");
    const prot = PROT_READ | PROT_WRITE;
    const anon = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    doMmap(k, mm, { addr: ANON_BASE, len: anonPages * PAGE_SIZE, prot, flags: anon, file: 0, pgoff: 0 });
    const shared = MAP_SHARED | MAP_FIXED;
    doMmap(k, mm, { addr: FILE_BASE, len: filePages * PAGE_SIZE, prot, flags: shared, file: mapped, pgoff: 0 });
    switchTo(k, task);
    return { k, task, file };
  },
  record: ({ k }, events) => recordEvents(k, events),
  refuse({ k }, { op }): Refusal | null {
    if (op === "kswapd") return k.memory.u32[(k.data + AWAKE) >>> 2] === 0 ? { key: "refuseAsleep", args: {} } : null;
    if (op === "iodone") return writesUnderWay(k) === 0 ? { key: "refuseNoWrites", args: {} } : null;
    const { zone } = k.zones[1];
    const [free, min] = [zoneStruct.offset.free_pages, zoneStruct.offset.pages_min].map(
      (offset) => k.memory.u32[(zone + offset) >>> 2]!,
    ) as [number, number];
    const needsPage = op === "read" || op === "write" || op === "touch" || op === "look";
    return needsPage && free <= min + 2 ? { key: "refuseFull", args: { free, min } } : null;
  },
  apply({ k, task, file }, op): Result {
    const zone = k.zones[1];
    switch (op.op) {
      case "read":
        return fileRead(k, file, op.page * PAGE_SIZE, new Uint8Array(PAGE_SIZE));
      case "write":
        return fileWrite(k, file, op.page * PAGE_SIZE, new Uint8Array(PAGE_SIZE));
      case "touch":
        return faultsOf(accessWord(k, task, ANON_BASE + op.page * PAGE_SIZE, "write", op.page));
      case "look":
        return faultsOf(accessWord(k, task, FILE_BASE + op.page * PAGE_SIZE, "read"));
      case "refill":
        k.memory.u32[(zone.zone + zoneStruct.offset.prev_priority) >>> 2] = op.priority;
        refillInactiveZone(k, zone, { ...scanControl(k, GFP_KERNEL), nrToScan: op.count });
        return null;
      case "shrink":
        return stolen(k, () => shrinkCache(k, zone, { ...scanControl(k, GFP_KERNEL), nrToScan: op.count }));
      case "scan":
        return stolen(k, () => shrinkZone(k, zone, { ...scanControl(k, GFP_KERNEL), priority: op.priority }));
      case "kswapd":
        return runKswapd(k);
      case "iodone":
        return finishWrites(k, op.count);
    }
  },
  observe: ({ k, task }) => viewLru(k, getTask(k.memory.u32, task, "mm")),
  endsMoment,
  suggest: (state, op, parameter) => (parameter === "page" ? suggested(state, op) : []),
  random,
});

/** Without read-ahead one operation moves one page. */
function openSmallFile(k: Kernel): Addr {
  const file = openFile(k, createFile(k, { pages: filePages }));
  k.memory.u32[(file + fileStruct.offset.ra_pages) >>> 2] = 0;
  return file;
}

/** How the access ended, for the log: "minor", "major", or "hit" without a fault. */
function faultsOf({ end, faults }: ReturnType<typeof accessWord>): string {
  if (end !== "done") return end;
  const kinds = faults.map(({ outcome }) => outcome.kind);
  return kinds.includes("major") ? "major" : kinds.length > 0 ? "minor" : "hit";
}

/** Pages that were freed meanwhile. */
function stolen(k: Kernel, act: () => void): number {
  const at = (k.pageState + pageState.offset.pgsteal) >>> 2;
  const before = k.memory.u32[at]!;
  act();
  return k.memory.u32[at]! - before;
}

/** A step a page where a scan is watched; of kswapd's work each portion is one. */
function endsMoment(event: SimEvent, { op }: LruOp): boolean {
  switch (event.kind) {
    case "refill-page":
    case "shrink-page":
      return op !== "kswapd";
    case "refill-inactive":
    case "shrink-cache":
    case "lru-add":
    case "lru-activate":
    case "lru-rotate":
    case "io-done":
    case "shrink-zone":
    case "all-unreclaimable":
      return true;
    default:
      return false;
  }
}

/** Pages that are cached first: using a page again is what changes its place. */
function suggested({ active, inactive }: LruState, op: LruOp["op"]): number[] {
  const letter = op === "touch" ? "a" : op === "look" ? "m" : "f";
  const known = [...inactive, ...active].filter(({ owner }) => owner.startsWith(letter));
  const pages = known.map(({ owner }) => Number(owner.slice(1)));
  const next = Array.from({ length: 8 }, (_, index) => index).filter((index) => !pages.includes(index));
  return [...pages.slice(0, 8), ...next];
}

function random(state: LruState, rng: Rng): LruOp {
  if (state.kswapd === "awake" && rng.chance(60)) return { op: "kswapd" };
  if (state.writing > 0 && rng.chance(25)) return { op: "iodone", count: 1 + rng.below(4) };
  if (rng.chance(8)) return { op: "refill", count: 1 + rng.below(6), priority: rng.pick([12, 12, 3, 2, 1]) };
  if (rng.chance(10)) return { op: "shrink", count: 1 + rng.below(6) };
  const page = rng.below(24);
  return { op: rng.pick(["read", "read", "write", "touch", "touch", "look"] as const), page };
}
