// Per-CPU lists of single pages: a hot one (probably still in the CPU's cache) and a cold one.
// Theory:     most requests are for one page, so each CPU keeps a few at hand and trades with the buddy lists in batches. At or
//             below `low` a batch is appended at the tail; at or above `high` a batch goes back from the tail; pages come and go
//             at the head, so the hottest page is used first. Parked pages do not count in zone.free_pages.
// Source:     Linux 2.6.11 mm/page_alloc.c (buffered_rmqueue, rmqueue_bulk, free_hot_cold_page, free_pages_bulk,
//             and the batch size in free_area_init_core); 2.6.18 mm/page_alloc.c (zone_batchsize, setup_pageset,
//             free_hot_cold_page) for that profile; Gorman 6.6
// Simplified: one CPU. prep_new_page and free_pages_check are the caller's (page-alloc.ts), so these functions only move pages.
import { COLD, type Cold, HOT } from "./constants";
import { KernelBug } from "./kernel-bug";
import { listAdd, listAddTail, listDel, listEmpty } from "./list";
import { type Addr, type BuddyMachine, badRange, type Order, type PcpMarks, pageToPfn } from "./machine";
import { page as pageStruct, perCpuPages, zone as zoneStruct } from "./structs";

const LRU = pageStruct.offset.lru;
const PCP_COUNT = perCpuPages.offset.count >>> 2;
const LOW = perCpuPages.offset.low >>> 2;
const HIGH = perCpuPages.offset.high >>> 2;
const BATCH = perCpuPages.offset.batch >>> 2;
const LIST = perCpuPages.offset.list;
const PAGES_SCANNED = zoneStruct.offset.pages_scanned >>> 2;
const ALL_UNRECLAIMABLE = zoneStruct.offset.all_unreclaimable >>> 2;

/** Address of the hot or cold `per_cpu_pages` of a zone. */
export function pcpOf(zone: Addr, cold: Cold): Addr {
  return zone + zoneStruct.offset.pageset + cold * perCpuPages.size;
}

/** Pages moved at a time for a zone of that many present pages: 1/1024 of it, at most 64, a quarter of that, at least 1. */
export function pcpBatch(presentPages: number): number {
  return Math.max(1, Math.min(64, Math.floor(presentPages / 1024)) >>> 2);
}

/** The marks of the hot (low 2, high 6 batches) and of the cold list (low 0, high 2 batches). */
export function pcpMarks(batch: number): { hot: PcpMarks; cold: PcpMarks } {
  return {
    hot: { low: 2 * batch, high: 6 * batch, batch },
    cold: { low: 0, high: 2 * batch, batch },
  };
}

/** The marks of a zone's lists in this version of the kernel. 2.6.18 knows no low mark: a list is refilled when it is empty. */
export function pcpMarksFor(presentPages: number, profile: "2.6.11" | "2.6.18"): { hot: PcpMarks; cold: PcpMarks } {
  if (profile === "2.6.11") return pcpMarks(pcpBatch(presentPages));
  const batch = pcpBatch18(presentPages);
  return {
    hot: { low: 0, high: 6 * batch, batch: Math.max(1, batch) },
    cold: { low: 0, high: 2 * batch, batch: Math.max(1, batch >>> 1) },
  };
}

/** zone_batchsize of 2.6.18: 1/1024 of the zone, at most 128, a quarter of it, then the nearest 2^n - 1, which may be 0. */
export function pcpBatch18(presentPages: number): number {
  const batch = Math.max(1, Math.min(128, Math.floor(presentPages / 1024)) >>> 2);
  return 2 ** (31 - Math.clz32(batch + (batch >>> 1))) - 1;
}

/**
 * Appends up to `count` blocks of `order` to the list, taken one by one from the buddy lists.
 * @returns how many there were.
 */
function rmqueueBulk(m: BuddyMachine, zone: Addr, order: Order, count: number, list: Addr): number {
  // A corrupt `batch` must not keep us here: a zone cannot give more pages than it has.
  const most = Math.min(count, m.pages);
  let allocated = 0;
  for (; allocated < most; allocated++) {
    const page = m.ops.rmqueue(m, zone, order);
    if (page === 0) break;
    if (badRange(m, page)) throw new KernelBug("bad-page-address", { address: page, order });
    listAddTail(m.memory.u32, page + LRU, list);
  }
  return allocated;
}

/**
 * Gives up to `count` blocks from the tail of the list back to the buddy lists (`free_pages_bulk`; the `__` one is `freePagesBulk`).
 * @returns how many there were.
 */
function freePagesFromList(m: BuddyMachine, zone: Addr, count: number, list: Addr, order: Order): number {
  m.memory.u32[(zone >>> 2) + ALL_UNRECLAIMABLE] = 0;
  m.memory.u32[(zone >>> 2) + PAGES_SCANNED] = 0;
  const most = Math.min(count, m.pages);
  let freed = 0;
  for (; freed < most; freed++) {
    const w = m.memory.u32;
    if (listEmpty(w, list)) break;
    const last = w[(list >>> 2) + 1]!;
    if (badRange(m, last - LRU)) throw new KernelBug("wild-link", { address: last, order });
    listDel(w, last);
    m.ops.freePagesBulk(m, zone, last - LRU, order);
  }
  return freed;
}

/** A block of `order`: a single page from the hot or cold list, refilled if need be; anything larger from the buddy lists. */
export function bufferedRmqueue(m: BuddyMachine, zone: Addr, order: Order, cold: Cold): Addr {
  if (order !== 0 || !m.config.pcp) return m.ops.rmqueue(m, zone, order);
  const pcp = pcpOf(zone, cold);
  const at = pcp >>> 2;
  const before = m.memory.i32;
  if (before[at + PCP_COUNT]! <= before[at + LOW]!) refill(m, zone, pcp, cold);
  // Taken anew: a replaced step may have moved the memory.
  const { i32, u32 } = m.memory;
  if (i32[at + PCP_COUNT] === 0) return m.ops.rmqueue(m, zone, 0);
  const first = u32[(pcp + LIST) >>> 2]!;
  if (badRange(m, first - LRU)) throw new KernelBug("wild-link", { address: first, order });
  listDel(u32, first);
  const count = --i32[at + PCP_COUNT]!;
  if (m.events !== null)
    m.events.push({ kind: "pcp-take", list: listName(cold), pfn: pageToPfn(m, first - LRU), count });
  return first - LRU;
}

function refill(m: BuddyMachine, zone: Addr, pcp: Addr, cold: Cold): void {
  const at = pcp >>> 2;
  const batch = m.memory.i32[at + BATCH]!;
  const low = m.memory.i32[at + LOW]!;
  const pages = rmqueueBulk(m, zone, 0, batch, pcp + LIST);
  m.memory.i32[at + PCP_COUNT]! += pages;
  if (m.events !== null) m.events.push({ kind: "refill", list: listName(cold), pages, low, batch });
}

/** Parks a single page at the head of the hot or cold list; a list at or above `high` first gives a batch back. */
export function freeHotColdPage(m: BuddyMachine, zone: Addr, page: Addr, cold: Cold): void {
  if (badRange(m, page)) throw new KernelBug("bad-page-address", { address: page, order: 0 });
  const pcp = pcpOf(zone, cold);
  const at = pcp >>> 2;
  const before = m.memory.i32;
  if (before[at + PCP_COUNT]! >= before[at + HIGH]!) drain(m, zone, pcp, cold);
  const { i32, u32 } = m.memory;
  listAdd(u32, page + LRU, pcp + LIST);
  const count = ++i32[at + PCP_COUNT]!;
  if (m.events !== null) m.events.push({ kind: "pcp-put", list: listName(cold), pfn: pageToPfn(m, page), count });
}

/** 2.6.18: the page is parked first, so a list that reaches `high` gives a batch back at once and never stays there. */
export function freeHotColdPage18(m: BuddyMachine, zone: Addr, page: Addr, cold: Cold): void {
  if (badRange(m, page)) throw new KernelBug("bad-page-address", { address: page, order: 0 });
  const pcp = pcpOf(zone, cold);
  const at = pcp >>> 2;
  const { i32, u32 } = m.memory;
  listAdd(u32, page + LRU, pcp + LIST);
  const count = ++i32[at + PCP_COUNT]!;
  if (m.events !== null) m.events.push({ kind: "pcp-put", list: listName(cold), pfn: pageToPfn(m, page), count });
  if (count >= i32[at + HIGH]!) drain(m, zone, pcp, cold);
}

function drain(m: BuddyMachine, zone: Addr, pcp: Addr, cold: Cold): void {
  const at = pcp >>> 2;
  const batch = m.memory.i32[at + BATCH]!;
  const high = m.memory.i32[at + HIGH]!;
  const pages = freePagesFromList(m, zone, batch, pcp + LIST, 0);
  m.memory.i32[at + PCP_COUNT]! -= pages;
  if (m.events !== null) m.events.push({ kind: "drain", list: listName(cold), pages, high, batch });
}

/** Gives every parked page of both lists back (the kernel does so only for suspend and CPU hot-unplug). */
export function drainPcp(m: BuddyMachine): void {
  for (const cold of [HOT, COLD] as const) {
    const pcp = pcpOf(m.zone, cold);
    const pages = freePagesFromList(m, m.zone, m.memory.i32[(pcp >>> 2) + PCP_COUNT]!, pcp + LIST, 0);
    m.memory.i32[(pcp >>> 2) + PCP_COUNT]! -= pages;
  }
}

function listName(cold: Cold): "hot" | "cold" {
  return cold === COLD ? "cold" : "hot";
}
