// Builds a buddy machine: lays out its memory, initialises the zone and frees the pages that the configuration wants free.
// Source:     Linux 2.6.11 mm/page_alloc.c (free_area_init_core, memmap_init_zone, zone_init_free_lists),
//             mm/bootmem.c (free_all_bootmem_core) for `boot32`
// Simplified: the zone starts with every page in use instead of reserved, and pages are freed straight to the buddy lists, so the
//             per-CPU lists start empty.
//
//     0x000  64 bytes that belong to nothing, so that address 0 can be NULL
//     0x040  struct zone
//     0x158  struct page_state
//     0x1c0  mem_map: one struct page of 32 bytes for each page of the zone
import { expand, freePagesBulk, rmqueue } from "./buddy";
import { PG_reserved } from "./constants";
import { align } from "./layout";
import { listInit } from "./list";
import { type BuddyConfig, type BuddyMachine, type PageAllocOps, type PcpMarks, pfnToPage } from "./machine";
import { createMemory, type Memory, NULL_BYTES } from "./memory";
import { bufferedRmqueue, freeHotColdPage, pcpMarks } from "./pcp";
import { freeArea, MAX_ORDER, pageState, page as pageStruct, perCpuPages, zone as zoneStruct } from "./structs";

const MAX_PAGES = 2 ** 20;

/** Where things lie in the machine's memory. */
export const machineLayout = {
  zone: NULL_BYTES,
  pageState: align(NULL_BYTES + zoneStruct.size, pageState.alignment),
  memMap: align(NULL_BYTES + zoneStruct.size + pageState.size, pageStruct.size),
} as const;

/** The simulator's own steps. */
export const referenceOps: Readonly<PageAllocOps> = {
  expand,
  rmqueue,
  freePagesBulk,
  bufferedRmqueue,
  freeHotColdPage,
};

/** Bytes of memory that a machine of this configuration needs. */
export function buddyMachineBytes(config: BuddyConfig): number {
  return machineLayout.memMap + config.pages * pageStruct.size;
}

/**
 * A machine right after boot, in `memory` (which is cleared) or in a memory of its own. Boot runs the simulator's own steps;
 * replace entries of `ops` afterwards.
 * @throws RangeError if the configuration is impossible or the memory too small.
 */
export function bootBuddyMachine(config: BuddyConfig, memory?: Memory): BuddyMachine {
  checkConfig(config);
  const bytes = buddyMachineBytes(config);
  const window = memory ?? createMemory(bytes);
  if (window.byteLength < bytes)
    throw new RangeError(`the machine needs ${bytes} bytes, the memory has ${window.byteLength}`);
  window.u8.fill(0, 0, bytes);
  const machine: BuddyMachine = {
    config,
    memory: window,
    zone: machineLayout.zone,
    memMap: machineLayout.memMap,
    memMapBytes: config.pages * pageStruct.size,
    pages: config.pages,
    startPfn: config.startPfn ?? 0,
    pageState: machineLayout.pageState,
    ops: { ...referenceOps },
    events: null,
    tainted: 0,
  };
  initZone(machine);
  freeInitialPages(machine);
  return machine;
}

function checkConfig({ pages, startPfn = 0, pcp }: BuddyConfig): void {
  if (!Number.isInteger(pages) || pages < 1 || pages > MAX_PAGES)
    throw new RangeError(`a zone of ${pages} pages: must be an integer from 1 to ${MAX_PAGES}`);
  if (!Number.isInteger(startPfn) || startPfn < 0 || startPfn + pages > MAX_PAGES)
    throw new RangeError(`first pfn ${startPfn}: the zone must lie within pfn 0..${MAX_PAGES - 1}`);
  if (!pcp) return;
  const { hot, cold } = "batch" in pcp ? pcpMarks(pcp.batch) : pcp;
  for (const { low, high, batch } of [hot, cold]) {
    const integers = [low, high, batch].every((mark) => Number.isInteger(mark) && mark >= 0 && mark <= MAX_PAGES);
    if (!integers || batch < 1 || high < 1)
      throw new RangeError(
        `per-CPU marks low ${low}, high ${high}, batch ${batch}: integers, high and batch at least 1`,
      );
  }
}

function initZone(m: BuddyMachine): void {
  const w = m.memory.u32;
  const at = (field: keyof typeof zoneStruct.offset) => (m.zone + zoneStruct.offset[field]) >>> 2;
  for (let order = 0; order < MAX_ORDER; order++) {
    listInit(w, m.zone + zoneStruct.offset.free_area + order * freeArea.size);
  }
  w[at("zone_mem_map")] = m.memMap;
  w[at("zone_start_pfn")] = m.startPfn;
  w[at("spanned_pages")] = m.pages;
  w[at("present_pages")] = m.pages;
  const pcp = m.config.pcp;
  const marks = pcp && ("batch" in pcp ? pcpMarks(pcp.batch) : pcp);
  for (const [index, list] of [marks?.hot, marks?.cold].entries())
    initPcp(w, m.zone + zoneStruct.offset.pageset + index * perCpuPages.size, list ?? { low: 0, high: 0, batch: 0 });
}

function initPcp(w: Uint32Array, pcp: number, { low, high, batch }: PcpMarks): void {
  w[(pcp + perCpuPages.offset.low) >>> 2] = low;
  w[(pcp + perCpuPages.offset.high) >>> 2] = high;
  w[(pcp + perCpuPages.offset.batch) >>> 2] = batch;
  listInit(w, pcp + perCpuPages.offset.list);
}

function freeInitialPages(m: BuddyMachine): void {
  const { pages } = m;
  const free = (index: number, order: number) => freePagesBulk(m, m.zone, pfnToPage(m, m.startPfn + index), order);
  switch (m.config.init) {
    case "one-block":
      for (let index = 0; index < pages; ) {
        const order = largestOrderAt(index, pages);
        free(index, order);
        index += 2 ** order;
      }
      return;
    case "boot32":
      for (let index = 0; index < pages; index += 32) {
        if (index + 32 <= pages) free(index, 5);
        else for (let page = index; page < pages; page++) free(page, 0);
      }
      return;
    case "pages_asc":
      for (let index = 0; index < pages; index++) free(index, 0);
      return;
    case "pages_desc":
      for (let index = pages - 1; index >= 0; index--) free(index, 0);
      return;
    case "holes":
      for (let index = 0; index < pages; index++) {
        if ((index * 7) % 13 === 0) setWord(m, index, pageStruct.offset.flags, 1 << PG_reserved);
        else free(index, 0);
      }
      return;
    case "none":
      for (let index = 0; index < pages; index++) setWord(m, index, pageStruct.offset.count, 1);
  }
}

function largestOrderAt(index: number, pages: number): number {
  let order = 0;
  while (order < MAX_ORDER - 1 && index % 2 ** (order + 1) === 0 && index + 2 ** (order + 1) <= pages) order++;
  return order;
}

function setWord(m: BuddyMachine, index: number, offset: number, value: number): void {
  m.memory.u32[(m.memMap + index * pageStruct.size + offset) >>> 2] = value;
}
