// The invariants of a buddy zone with per-CPU lists; each one that does not hold is a named finding with its place.
// Source: derived from Linux 2.6.11 mm/page_alloc.c (page_is_buddy, bad_range, free_pages_check and what __free_pages_bulk relies on)
import { COLD, type Cold, HOT, PG_private, PG_reserved } from "./constants";
import type { Finding } from "./finding";
import type { BuddyMachine } from "./machine";
import type { Block } from "./observe";
import { freeListOf } from "./observe-buddy";
import { pcpOf } from "./pcp";
import { freeArea, MAX_ORDER, page as pageStruct, perCpuPages, zone as zoneStruct } from "./structs";
import { walkList } from "./walk";

/** Every rule that `checkZone` can report, in the order in which it looks. `args` always hold `pfn` and `order`, -1 where there is none. */
export const zoneRules = {
  /** zone_start_pfn, spanned_pages, present_pages or zone_mem_map was overwritten. */
  zoneFields: "zone-fields",
  wildLink: "wild-link",
  listCycle: "list-cycle",
  twoLists: "two-lists",
  linkMismatch: "link-mismatch",
  nrFree: "nr-free",
  misaligned: "misaligned-block",
  outsideZone: "block-outside-zone",
  unmarked: "unmarked-block",
  wrongOrder: "wrong-order-mark",
  counted: "count-not-zero",
  reserved: "reserved-page-free",
  overlap: "overlapping-blocks",
  unmerged: "unmerged-buddies",
  staleMark: "stale-mark",
  freePages: "free-pages",
  pcpCount: "pcp-count",
  pcpHigh: "pcp-high",
  /** A block that the trace holds has a page on a free or per-CPU list. */
  inUse: "free-page-in-use",
  /** A page that is neither free, parked, reserved nor held by the trace. */
  lost: "lost-page",
  tainted: "tainted",
} as const;

const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;
const PRIVATE_BIT = 1 << PG_private;
const RESERVED_BIT = 1 << PG_reserved;

/** What covers a page, in `Check.cover`. */
const NOTHING = 0;
const FREE_HEAD = 1;
const FREE_BODY = 2;
const PARKED = 3;

interface Check {
  readonly m: BuddyMachine;
  readonly w: Uint32Array;
  readonly visited: Uint8Array;
  readonly cover: Uint8Array;
  readonly findings: Finding[];
}

/**
 * Invariants that the machine violates now, empty for a sound one. Never throws, never loops; one pass over lists and pages.
 * @param allocated blocks in use as the trace knows them; given, every page must be accounted for.
 */
export function checkZone(m: BuddyMachine, allocated: readonly Block[] | null = null): Finding[] {
  const check: Check = {
    m,
    w: m.memory.u32,
    visited: new Uint8Array(m.pages),
    cover: new Uint8Array(m.pages),
    findings: [],
  };
  checkFields(check);
  let free = 0;
  const lists: number[][] = [];
  for (let order = 0; order < MAX_ORDER; order++) {
    const blocks = checkFreeList(check, order);
    lists.push(blocks);
    free += blocks.length * 2 ** order;
  }
  for (let order = 0; order < MAX_ORDER - 1; order++) checkMerged(check, order, lists[order]!);
  const freePages = check.w[(m.zone + zoneStruct.offset.free_pages) >>> 2] ?? 0;
  if (freePages !== free) report(check, zoneRules.freePages, -1, -1, { counted: free, stored: freePages });
  if (m.config.pcp) for (const cold of [HOT, COLD] as const) checkPcp(check, cold);
  checkMarks(check);
  if (allocated !== null) checkAccounting(check, allocated);
  if (m.tainted > 0) report(check, zoneRules.tainted, -1, -1, { times: m.tainted });
  return check.findings;
}

function report(check: Check, rule: string, index: number, order: number, args: Finding["args"] = {}): void {
  check.findings.push({ rule, args: { pfn: index < 0 ? -1 : check.m.startPfn + index, order, ...args } });
}

/** Word index of the struct page. */
function pageAt(check: Check, index: number): number {
  return (check.m.memMap + index * pageStruct.size) >>> 2;
}

function checkFields(check: Check): void {
  const { m, w } = check;
  const expected = {
    zone_mem_map: m.memMap,
    zone_start_pfn: m.startPfn,
    spanned_pages: m.pages,
    present_pages: m.pages,
  } as const;
  for (const [field, value] of Object.entries(expected) as [keyof typeof expected, number][]) {
    const stored = w[(m.zone + zoneStruct.offset[field]) >>> 2] ?? 0;
    if (stored !== value) report(check, zoneRules.zoneFields, -1, -1, { field, expected: value, stored });
  }
}

function checkFreeList(check: Check, order: number): number[] {
  const { m, w } = check;
  const head = freeListOf(m.zone, order);
  const blocks = walkList(m, head, `free_area[${order}]`, order, check.visited, check.findings);
  const stored = w[(head + freeArea.offset.nr_free) >>> 2] ?? 0;
  if (stored !== blocks.length) report(check, zoneRules.nrFree, -1, order, { counted: blocks.length, stored });
  for (const index of blocks) checkBlock(check, index, order);
  return blocks;
}

function checkBlock(check: Check, index: number, order: number): void {
  const { m, w, cover } = check;
  const at = pageAt(check, index);
  if (index % 2 ** order !== 0) report(check, zoneRules.misaligned, index, order);
  if (index + 2 ** order > m.pages) report(check, zoneRules.outsideZone, index, order);
  if ((w[at + FLAGS]! & PRIVATE_BIT) === 0) report(check, zoneRules.unmarked, index, order);
  else if (w[at + PRIVATE] !== order) report(check, zoneRules.wrongOrder, index, order, { stored: w[at + PRIVATE]! });
  if (w[at + COUNT] !== 0) report(check, zoneRules.counted, index, order, { count: m.memory.i32[at + COUNT]! });
  let overlaps = false;
  let reserved = -1;
  // Ends at the first page met twice, so that all blocks together cost one pass over the zone, however they overlap.
  for (let each = index; each < Math.min(index + 2 ** order, m.pages) && !overlaps; each++) {
    overlaps = cover[each] !== NOTHING;
    if (overlaps) continue;
    if (reserved < 0 && (w[pageAt(check, each) + FLAGS]! & RESERVED_BIT) !== 0) reserved = each;
    cover[each] = each === index ? FREE_HEAD : FREE_BODY;
  }
  if (overlaps) report(check, zoneRules.overlap, index, order);
  if (reserved >= 0) report(check, zoneRules.reserved, reserved, order);
}

/** Two free buddies of one order must not coexist below the largest order. Reported once a pair, at the lower one. */
function checkMerged(check: Check, order: number, blocks: readonly number[]): void {
  const heads = new Set(blocks);
  for (const index of blocks) {
    const upper = index + 2 ** order;
    if (index % 2 ** (order + 1) === 0 && heads.has(upper))
      report(check, zoneRules.unmerged, index, order, { buddy: check.m.startPfn + upper });
  }
}

function checkPcp(check: Check, cold: Cold): void {
  const { m, w, cover } = check;
  const pcp = pcpOf(m.zone, cold);
  const list = cold === COLD ? "cold" : "hot";
  const read = (field: "count" | "low" | "high" | "batch") =>
    m.memory.i32[(pcp + perCpuPages.offset[field]) >>> 2] ?? 0;
  const pages = walkList(m, pcp + perCpuPages.offset.list, list, 0, check.visited, check.findings);
  if (read("count") !== pages.length)
    report(check, zoneRules.pcpCount, -1, 0, { list, counted: pages.length, stored: read("count") });
  // Unusual marks may make one refill pass `high`; only what no sequence of correct steps can reach is wrong.
  const most = Math.max(read("high"), read("low") + read("batch"));
  if (pages.length > most) report(check, zoneRules.pcpHigh, -1, 0, { list, counted: pages.length, most });
  for (const index of pages) {
    const at = pageAt(check, index);
    if (cover[index] !== NOTHING) report(check, zoneRules.overlap, index, 0, { list });
    if ((w[at + FLAGS]! & RESERVED_BIT) !== 0) report(check, zoneRules.reserved, index, 0, { list });
    if (w[at + COUNT] !== 0) report(check, zoneRules.counted, index, 0, { list, count: m.memory.i32[at + COUNT]! });
    cover[index] = PARKED;
  }
}

/** PG_private says "heads a free block"; on any other page it would mislead the next merge. */
function checkMarks(check: Check): void {
  for (let index = 0; index < check.m.pages; index++) {
    const at = pageAt(check, index);
    if ((check.w[at + FLAGS]! & PRIVATE_BIT) !== 0 && check.cover[index] !== FREE_HEAD)
      report(check, zoneRules.staleMark, index, check.w[at + PRIVATE]!);
  }
}

function checkAccounting(check: Check, allocated: readonly Block[]): void {
  const { m, w, cover } = check;
  const held = new Uint8Array(m.pages);
  for (const { pfn, order } of allocated) {
    const start = pfn - m.startPfn;
    let free = -1;
    for (let index = Math.max(0, start); index < Math.min(start + 2 ** order, m.pages); index++) {
      if (free < 0 && cover[index] !== NOTHING) free = index;
      held[index] = 1;
    }
    if (free >= 0) report(check, zoneRules.inUse, free, order, { block: pfn });
  }
  for (let index = 0; index < m.pages; index++) {
    const reserved = (w[pageAt(check, index) + FLAGS]! & RESERVED_BIT) !== 0;
    if (cover[index] === NOTHING && held[index] === 0 && !reserved) report(check, zoneRules.lost, index, 0);
  }
}
