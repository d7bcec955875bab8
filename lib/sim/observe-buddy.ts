// Decodes a buddy machine's bytes into its observable state, and compares two machines without doing so.
// Theory: a contract fixes what the rest of the kernel can see: the lists in order, counters, marks. Other bytes, such as the
//         stale links of a page in use, are nobody's business and never looked at.
import { COLD, type Cold, HOT, PG_private, PG_reserved } from "./constants";
import type { Finding } from "./finding";
import { type BuddyMachine, badRange } from "./machine";
import type { Block, BuddyState, PcpListState } from "./observe";
import { pcpOf } from "./pcp";
import { freeArea, MAX_ORDER, page as pageStruct, perCpuPages, zone as zoneStruct } from "./structs";
import { walkList } from "./walk";

const PAGE_WORDS = pageStruct.size >>> 2;
const LRU = pageStruct.offset.lru;
const FLAGS = pageStruct.offset.flags >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;
const PRIVATE_BIT = 1 << PG_private;
const RESERVED_BIT = 1 << PG_reserved;
const NR_FREE = freeArea.offset.nr_free >>> 2;
const FREE_PAGES = zoneStruct.offset.free_pages >>> 2;
const PCP_NUMBERS = [
  perCpuPages.offset.count,
  perCpuPages.offset.low,
  perCpuPages.offset.high,
  perCpuPages.offset.batch,
] as const;

/** Address of the anchor of the zone's free list of that order. */
export function freeListOf(zone: number, order: number): number {
  return zone + zoneStruct.offset.free_area + order * freeArea.size;
}

/**
 * Decodes the machine. Never throws and always ends, whatever the bytes are: each list is followed until it closes or a link
 * leads nowhere, and what was wrong stands in `findings`.
 * @param allocated blocks in use as the trace knows them.
 */
export function observeBuddy(m: BuddyMachine, allocated: readonly Block[]): BuddyState {
  const w = m.memory.u32;
  const findings: Finding[] = [];
  const visited = new Uint8Array(m.pages);
  const freeLists: number[][] = [];
  const nrFree: number[] = [];
  for (let order = 0; order < MAX_ORDER; order++) {
    const head = freeListOf(m.zone, order);
    const indices = walkList(m, head, `free_area[${order}]`, order, visited, findings);
    freeLists.push(indices.map((index) => m.startPfn + index));
    nrFree.push(w[(head >>> 2) + NR_FREE] ?? 0);
  }
  const pcp = m.config.pcp
    ? { hot: observePcp(m, HOT, visited, findings), cold: observePcp(m, COLD, visited, findings) }
    : null;
  const marks: Block[] = [];
  const reserved: number[] = [];
  for (let index = 0, at = m.memMap >>> 2; index < m.pages; index++, at += PAGE_WORDS) {
    const flags = w[at + FLAGS]!;
    if ((flags & PRIVATE_BIT) !== 0) marks.push({ pfn: m.startPfn + index, order: w[at + PRIVATE]! });
    if ((flags & RESERVED_BIT) !== 0) reserved.push(m.startPfn + index);
  }
  if (m.tainted > 0) findings.push({ rule: "tainted", args: { pfn: -1, order: -1, times: m.tainted } });
  return {
    kind: "buddy",
    startPfn: m.startPfn,
    pages: m.pages,
    freeLists,
    nrFree,
    freePages: w[(m.zone >>> 2) + FREE_PAGES] ?? 0,
    pcp,
    marks,
    allocated: [...allocated].sort((a, b) => a.pfn - b.pfn),
    reserved,
    findings,
  };
}

function observePcp(m: BuddyMachine, cold: Cold, visited: Uint8Array, findings: Finding[]): PcpListState {
  const pcp = pcpOf(m.zone, cold);
  const label = cold === COLD ? "cold" : "hot";
  const read = (offset: number) => m.memory.i32[(pcp + offset) >>> 2] ?? 0;
  const indices = walkList(m, pcp + perCpuPages.offset.list, label, 0, visited, findings);
  return {
    list: indices.map((index) => m.startPfn + index),
    count: read(perCpuPages.offset.count),
    low: read(perCpuPages.offset.low),
    high: read(perCpuPages.offset.high),
    batch: read(perCpuPages.offset.batch),
  };
}

/**
 * The two machines have the same observable state, both sound enough to be walked: what `observeBuddy` would say, without
 * building it. False as soon as either holds a broken list or a page on two. Both must have the same configuration. The list of blocks in use is
 * the trace's business and not compared.
 */
export function sameBuddy(a: BuddyMachine, b: BuddyMachine): boolean {
  const wa = a.memory.u32;
  const wb = b.memory.u32;
  const zone = a.zone >>> 2;
  if (wa[zone + FREE_PAGES] !== wb[zone + FREE_PAGES]) return false;
  if (a.tainted !== b.tainted) return false;
  // A sound machine has every page on at most one list, so all lists together take no more steps than there are pages.
  let budget = a.pages;
  for (let order = 0; order < MAX_ORDER; order++) {
    const head = freeListOf(a.zone, order);
    if (wa[(head >>> 2) + NR_FREE] !== wb[(head >>> 2) + NR_FREE]) return false;
    budget = sameList(a, b, head, budget);
    if (budget < 0) return false;
  }
  if (a.config.pcp) {
    budget = samePcp(a, b, HOT, budget);
    if (budget >= 0) budget = samePcp(a, b, COLD, budget);
    if (budget < 0) return false;
  }
  return samePageMarks(a, b);
}

function samePcp(a: BuddyMachine, b: BuddyMachine, cold: Cold, budget: number): number {
  const pcp = pcpOf(a.zone, cold);
  for (const offset of PCP_NUMBERS) {
    if (a.memory.u32[(pcp + offset) >>> 2] !== b.memory.u32[(pcp + offset) >>> 2]) return -1;
  }
  return sameList(a, b, pcp + perCpuPages.offset.list, budget);
}

/** Steps left of the budget, or -1 if the lists differ or are not sound. */
function sameList(a: BuddyMachine, b: BuddyMachine, head: number, budget: number): number {
  const wa = a.memory.u32;
  const wb = b.memory.u32;
  let left = budget;
  let previous = head;
  for (let entry = wa[head >>> 2]!; ; entry = wa[entry >>> 2]!) {
    const at = previous >>> 2;
    if (wb[at] !== entry || wa[(entry >>> 2) + 1] !== previous || wb[(entry >>> 2) + 1] !== previous) return -1;
    if (entry === head) return left;
    if (left-- === 0 || badRange(a, entry - LRU)) return -1;
    previous = entry;
  }
}

function samePageMarks(a: BuddyMachine, b: BuddyMachine): boolean {
  const wa = a.memory.u32;
  const wb = b.memory.u32;
  const end = (a.memMap >>> 2) + a.pages * PAGE_WORDS;
  for (let at = a.memMap >>> 2; at < end; at += PAGE_WORDS) {
    const flags = wa[at + FLAGS]!;
    if (((flags ^ wb[at + FLAGS]!) & (PRIVATE_BIT | RESERVED_BIT)) !== 0) return false;
    if ((flags & PRIVATE_BIT) !== 0 && wa[at + PRIVATE] !== wb[at + PRIVATE]) return false;
  }
  return true;
}
