// The three zones under requests for pages: who may ask where, which mark stops whom.
// Theory: a request names a class zone and how urgent it is; the zones of its list are asked from the highest down, each against a
//         mark plus its reserve for those who could have gone higher.
// Source: Linux 2.6.11 mm/page_alloc.c (__alloc_pages); Gorman 2.2, 6.1
import { createFile, openFile } from "@/lib/sim/cache/file";
import { fileRead } from "@/lib/sim/cache/filemap";
import { PAGE_SIZE } from "@/lib/sim/constants";
import { createKernel, recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import { pageToPfn, pfnToPage } from "@/lib/sim/frames";
import { type Kernel, type ZoneName, zoneNames } from "@/lib/sim/kernel";
import { kernelData } from "@/lib/sim/kernel-data";
import type { Addr } from "@/lib/sim/machine";
import { runKswapd } from "@/lib/sim/reclaim/vmscan";
import type { Rng } from "@/lib/sim/rng";
import { freeArea, MAX_ORDER, zone as zoneStruct } from "@/lib/sim/structs";
import { FMODE_READ } from "@/lib/sim/structs-mm";
import { allocPages, freePages } from "@/lib/sim/zones/alloc-pages";
import { GFP_ATOMIC, GFP_DMA, GFP_HIGHUSER, GFP_KERNEL } from "@/lib/sim/zones/gfp";
import { zonesData } from "@/lib/sim/zones/structs";
import { fieldsOf, zoneSizes } from "./read-config";
import { defineScenario, type Refusal, type Result } from "./scenario";

/** Pages of DMA, Normal and HighMem. */
export interface ZonesConfig {
  readonly pages: readonly [number, number, number];
}

const gfpMasks = { highuser: GFP_HIGHUSER, kernel: GFP_KERNEL, atomic: GFP_ATOMIC, dma: GFP_DMA | GFP_KERNEL } as const;
export type GfpName = keyof typeof gfpMasks;
export const gfpNames = Object.keys(gfpMasks) as readonly GfpName[];

export type ZonesOp =
  | { readonly op: "alloc"; readonly gfp: GfpName; readonly order: number }
  | { readonly op: "free"; readonly page: number }
  /** Reads on in a file: its pages stay in the page cache until reclaim takes them. */
  | { readonly op: "read"; readonly pages: number }
  /** Lets kswapd run until it sleeps again. */
  | { readonly op: "kswapd" };

export interface ZoneView {
  readonly name: ZoneName;
  readonly startPfn: number;
  readonly pages: number;
  readonly free: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  /** Pages kept from requests whose class zone is DMA, Normal, HighMem. */
  readonly reserve: readonly [number, number, number];
  /** Pages on its LRU lists: what reclaim can look at. */
  readonly lru: number;
  /** Free blocks by order. */
  readonly nrFree: readonly number[];
}

export interface ZonesState {
  readonly zones: readonly ZoneView[];
  /** Blocks in use, by page number. */
  readonly live: readonly { readonly pfn: number; readonly order: number }[];
  readonly kswapd: "asleep" | "awake";
}

const AWAKE = kernelData.offset.zones + zonesData.offset.kswapd_awake;

interface ZonesMachine {
  readonly k: Kernel;
  readonly live: Map<number, number>;
  /** The open file, and the next page that is read from it. */
  readonly file: Addr;
  readonly reading: { next: number };
}

const filePages = 100_000;

const mostPages = 65_536;

export const zonesScenario = defineScenario<ZonesConfig, ZonesOp, ZonesMachine, ZonesState>({
  name: "zones",
  presets: [
    {
      // The last request finds Normal too low and falls back on DMA.
      name: "small",
      config: { pages: [256, 768, 512] },
      ops: ["alloc highuser 7", "alloc kernel 9", "alloc kernel 7", "alloc kernel 5", "alloc kernel 7"],
    },
    { name: "cache", config: { pages: [256, 768, 512] }, ops: Array.from({ length: 7 }, () => "read 64") },
    { name: "empty", config: { pages: [256, 768, 512] }, ops: [] },
    { name: "nohighmem", config: { pages: [256, 768, 0] }, ops: [] },
    { name: "pc", config: { pages: [4096, 28672, 0] }, ops: [] },
  ],
  commands: {
    alloc: {
      gfp: { kind: "choice", options: gfpNames },
      order: { kind: "number", least: 0, most: MAX_ORDER - 1, default: 0 },
    },
    read: { pages: { kind: "number", least: 1, most: 64, default: 16 } },
    kswapd: {},
    free: { page: { kind: "number", least: 0, most: mostPages - 1 } },
  },
  readConfig(data) {
    const pages = zoneSizes(fieldsOf<ZonesConfig>(data).pages, mostPages);
    return pages !== null && pages[1] >= 16 ? { pages } : null;
  },
  boot({ pages }) {
    // The per-CPU lists would hide pages from the marks; the buddy scene shows them.
    const k = createKernel({ boot: { kind: "zones", pages }, contents: 512, pcp: false });
    const file = openFile(k, createFile(k, { pages: filePages, sparse: true }), FMODE_READ);
    return { k, live: new Map(), file, reading: { next: 0 } };
  },
  record: ({ k }, events) => recordEvents(k, events),
  refuse({ k, live }, op): Refusal | null {
    if (op.op === "kswapd") return isAwake(k) ? null : { key: "refuseAsleep", args: {} };
    if (op.op !== "free" || live.has(op.page)) return null;
    const head = [...live].find(([pfn, order]) => op.page > pfn && op.page < pfn + 2 ** order);
    if (head) return { key: "refuseInside", args: { pfn: op.page, head: head[0], order: head[1] } };
    return { key: "refuseNotInUse", args: { pfn: op.page } };
  },
  apply({ k, live, file, reading }, op): Result {
    if (op.op === "kswapd") return runKswapd(k);
    if (op.op === "read") {
      const done = fileRead(k, file, reading.next * PAGE_SIZE, new Uint8Array(op.pages * PAGE_SIZE));
      if (done > 0) reading.next += done / PAGE_SIZE;
      return done < 0 ? done : done / PAGE_SIZE;
    }
    if (op.op === "free") {
      const order = live.get(op.page)!;
      live.delete(op.page);
      freePages(k, pfnToPage(k, op.page), order);
      return null;
    }
    const page = allocPages(k, gfpMasks[op.gfp], op.order);
    if (page === 0) return null;
    const pfn = pageToPfn(k, page);
    live.set(pfn, op.order);
    return pfn;
  },
  observe: ({ k, live }) => ({
    zones: zoneNames.flatMap((name, index) => (k.zones[index]!.pages === 0 ? [] : [observeZone(k, index, name)])),
    live: [...live].map(([pfn, order]) => ({ pfn, order })).sort((a, b) => a.pfn - b.pfn),
    kswapd: isAwake(k) ? "awake" : "asleep",
  }),
  endsMoment,
  suggest: (state, _op, parameter) => (parameter === "page" ? state.live.map(({ pfn }) => pfn) : []),
  random,
});

function isAwake(k: Kernel): boolean {
  return k.memory.u32[(k.data + AWAKE) >>> 2] !== 0;
}

function observeZone(k: Kernel, index: number, name: ZoneName): ZoneView {
  const machine = k.zones[index]!;
  const w = k.memory.u32;
  const at = (offset: number) => w[(machine.zone + offset) >>> 2]!;
  const { offset } = zoneStruct;
  return {
    name,
    startPfn: machine.startPfn,
    pages: machine.pages,
    free: at(offset.free_pages),
    min: at(offset.pages_min),
    low: at(offset.pages_low),
    high: at(offset.pages_high),
    reserve: [at(offset.lowmem_reserve), at(offset.lowmem_reserve + 4), at(offset.lowmem_reserve + 8)],
    lru: at(offset.nr_active) + at(offset.nr_inactive),
    nrFree: Array.from({ length: MAX_ORDER }, (_, order) =>
      at(offset.free_area + order * freeArea.size + freeArea.offset.nr_free),
    ),
  };
}

/** What the buddy lists and the LRU lists do inside belongs to other scenes; of a read only what went wrong is told. */
function endsMoment(event: SimEvent, op: ZonesOp): boolean {
  switch (event.kind) {
    case "zone-try":
      return op.op === "alloc";
    case "reclaim-round":
      return op.op === "kswapd";
    case "zone-empty":
    case "kswapd-wake":
    case "direct-reclaim":
    case "direct-reclaim-done":
    case "call-oom":
    case "alloc-retry":
    case "alloc-fail":
      return true;
    default:
      return false;
  }
}

function random({ live, kswapd }: ZonesState, rng: Rng): ZonesOp {
  if (kswapd === "awake" && rng.chance(30)) return { op: "kswapd" };
  if (live.length > 0 && rng.chance(30)) return { op: "free", page: rng.pick(live).pfn };
  if (rng.chance(25)) return { op: "read", pages: 1 + rng.below(32) };
  return { op: "alloc", gfp: rng.pick(gfpNames), order: rng.below(8) };
}
