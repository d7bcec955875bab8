// Brings the whole machine to life: memory, zones, then each part in the order of the kernel's start.

import { freePagesBulk } from "./buddy";
import { referenceOps } from "./buddy-machine";
import { PG_reserved } from "./constants";
import type { SimEvent } from "./events";
import { aOpsIndex, type Kernel, type KernelConfig, type KernelOps, SWAP_FAIL, vmOpsIndex } from "./kernel";
import { kernelLayout } from "./kernel-layout";
import { listInit } from "./list";
import type { BuddyMachine } from "./machine";
import { createMemory, type Memory } from "./memory";
import { pcpBatch, pcpMarks, pcpOf } from "./pcp";
import { freeArea, MAX_ORDER, page as pageStruct, perCpuPages, zone as zoneStruct } from "./structs";

export const defaultConfig: Omit<KernelConfig, "boot" | "contents"> = {
  smp: false,
  highmem: true,
  pae: false,
  pse: true,
  l1: 128,
  debugSlab: false,
  pagevec: false,
  io: "sync",
  swappiness: 60,
  overcommit: { mode: 0, ratio: 50 },
  pcp: true,
  profile: "2.6.11",
};

export type KernelOptions = Partial<KernelConfig> & Pick<KernelConfig, "boot">;

/** @throws RangeError if the configuration is impossible or the memory too small. */
export function createKernel(options: KernelOptions, memory?: Memory): Kernel {
  const sizes = zoneSizes(options);
  const pages = sizes[0] + sizes[1] + sizes[2];
  const config: KernelConfig = { ...defaultConfig, contents: Math.min(pages + 64, 65536), ...options };
  const layout = kernelLayout(pages, config.contents);
  const window = memory ?? createMemory(layout.bytes);
  if (window.byteLength < layout.bytes)
    throw new RangeError(`the machine needs ${layout.bytes} bytes, the memory has ${window.byteLength}`);
  if (memory) window.u8.fill(0, 0, layout.bytes);
  const ops = { ...referenceOps };
  const zoneAt = (index: 0 | 1 | 2, startPfn: number): BuddyMachine => ({
    config: { pages: sizes[index], startPfn, init: "none", pcp: config.pcp ? { batch: pcpBatch(sizes[index]) } : null },
    memory: window,
    zone: layout.zones + index * zoneStruct.size,
    memMap: layout.memMap + startPfn * pageStruct.size,
    memMapBytes: sizes[index] * pageStruct.size,
    pages: sizes[index],
    startPfn,
    pageState: layout.pageState,
    ops,
    events: null,
    tainted: 0,
  });
  const k: Kernel = {
    config,
    memory: window,
    zones: [zoneAt(0, 0), zoneAt(1, sizes[0]), zoneAt(2, sizes[0] + sizes[1])],
    memMap: layout.memMap,
    pages,
    lowPages: sizes[0] + sizes[1],
    pageState: layout.pageState,
    data: layout.data,
    frameTable: layout.frameTable,
    contents: layout.contents,
    contentsOwner: layout.contentsOwner,
    ops: referenceKernelOps,
    vmOps: Object.values(vmOpsIndex).map(() => ({ name: "none", open: null, close: null, nopage: null })),
    aOps: Object.values(aOpsIndex).map(() => ({ name: "none", readpage: null, writepage: null, setPageDirty: null })),
    shrinkers: [],
    events: null,
  };
  for (const zone of k.zones) initZone(zone);
  if (config.boot.kind === "zones") for (const zone of k.zones) freeAll(zone);
  return k;
}

/** Starts or stops recording what happens. */
export function recordEvents(k: Kernel, events: SimEvent[] | null): void {
  k.events = events;
  for (const zone of k.zones) zone.events = events;
}

const referenceKernelOps: KernelOps = {
  tryToFreePages: () => 0,
  wakeupKswapd: () => {},
  outOfMemory: () => {},
  vmEnoughMemory: () => 0,
  vmUnacctMemory: () => {},
  pageReferenced: () => 0,
  tryToUnmap: () => SWAP_FAIL,
  addToSwap: () => 0,
  deleteFromSwapCache: () => {},
  unmapRegion: () => {},
  movePageTables: (_k, _vma, _to, _from, length) => length,
  makePagesPresent: () => 0,
  changeProtection: () => {},
  killTask: () => {},
};

function zoneSizes({ boot }: KernelOptions): readonly [number, number, number] {
  if (boot.kind === "zones") return boot.pages;
  throw new RangeError("boot from an e820 map: not built yet");
}

function initZone(m: BuddyMachine): void {
  const w = m.memory.u32;
  const at = (field: keyof typeof zoneStruct.offset) => (m.zone + zoneStruct.offset[field]) >>> 2;
  for (let order = 0; order < MAX_ORDER; order++)
    listInit(w, m.zone + zoneStruct.offset.free_area + order * freeArea.size);
  listInit(w, m.zone + zoneStruct.offset.active_list);
  listInit(w, m.zone + zoneStruct.offset.inactive_list);
  w[at("zone_mem_map")] = m.memMap;
  w[at("zone_start_pfn")] = m.startPfn;
  w[at("spanned_pages")] = m.pages;
  w[at("present_pages")] = m.pages;
  const marks = pcpMarks(pcpBatch(m.pages));
  for (const [cold, { low, high, batch }] of [marks.hot, marks.cold].entries()) {
    const pcp = pcpOf(m.zone, cold as 0 | 1);
    w[(pcp + perCpuPages.offset.low) >>> 2] = low;
    w[(pcp + perCpuPages.offset.high) >>> 2] = high;
    w[(pcp + perCpuPages.offset.batch) >>> 2] = batch;
    listInit(w, pcp + perCpuPages.offset.list);
  }
  for (let index = 0; index < m.pages; index++)
    w[(m.memMap + index * pageStruct.size + pageStruct.offset.flags) >>> 2] = 1 << PG_reserved;
}

/** The largest aligned blocks, ascending. */
function freeAll(m: BuddyMachine): void {
  const flags = pageStruct.offset.flags;
  for (let index = 0; index < m.pages; index++) m.memory.u32[(m.memMap + index * pageStruct.size + flags) >>> 2] = 0;
  for (let index = 0; index < m.pages; ) {
    let order = 0;
    while (order < MAX_ORDER - 1 && index % 2 ** (order + 1) === 0 && index + 2 ** (order + 1) <= m.pages) order++;
    freePagesBulk(m, m.zone, m.memMap + index * pageStruct.size, order);
    index += 2 ** order;
  }
}
