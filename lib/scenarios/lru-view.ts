// The LRU lists as the figure wants them: a card for each page, in the order in which it is or will be on its list.
// Theory: in the middle of a scan some pages are on no list. Those that it has not looked at yet are `held`, the oldest last; those it
//         has decided about are shown at the head of the list to which they will go back.
import { PAGE_SIZE } from "@/lib/sim/constants";
import type { Kernel } from "@/lib/sim/kernel";
import { kernelData } from "@/lib/sim/kernel-data";
import { listEmpty } from "@/lib/sim/list";
import type { Addr } from "@/lib/sim/machine";
import { getMm } from "@/lib/sim/mm/vma";
import { pteLookup } from "@/lib/sim/mmu/pgtable";
import { ptePfn, ptePresent, pteYoung, readPte } from "@/lib/sim/mmu/pte";
import { pageAnon, pageIndex, pageMapcount, pageMapping, testPageFlag } from "@/lib/sim/page-fields";
import { readPageState } from "@/lib/sim/page-state";
import { lruListOf } from "@/lib/sim/reclaim/isolate";
import { reclaimVar } from "@/lib/sim/reclaim/reclaim-data";
import { swapTendency } from "@/lib/sim/reclaim/swap-tendency";
import { page as pageStruct, zone as zoneStruct } from "@/lib/sim/structs";
import { addressSpace } from "@/lib/sim/structs-mm";
import { swapData } from "@/lib/sim/swap/structs";
import { zonesData } from "@/lib/sim/zones/structs";

/** Where the process has its anonymous pages and the mapped file. */
export const ANON_BASE = 0x10000000;
export const FILE_BASE = 0x20000000;
export const anonPages = 48;
export const filePages = 64;

export interface LruCard {
  readonly pfn: number;
  /** `f12`: page 12 of the file that is read; `m5`: of the mapped file; `a3`: of the process; `s`: of the swap cache; `-`: nobody's. */
  readonly owner: string;
  /** R PG_referenced, Y accessed bit in a page table, M mapped, D dirty, W being written, S in the swap cache. */
  readonly flags: string;
}

export interface LruState {
  /** Head first. */
  readonly active: readonly LruCard[];
  readonly inactive: readonly LruCard[];
  /** Taken by a scan and not looked at yet, the oldest last. */
  readonly held: readonly LruCard[];
  readonly free: number;
  readonly min: number;
  readonly high: number;
  readonly kswapd: "asleep" | "awake";
  readonly mappedRatio: number;
  readonly distress: number;
  readonly swappiness: number;
  readonly tendency: number;
  /** Writes under way. */
  readonly writing: number;
  readonly freeSlots: number;
  readonly swapPages: number;
  readonly pgactivate: number;
  readonly pgdeactivate: number;
  readonly pgsteal: number;
}

const LINK = pageStruct.offset.lru;

/** @param mm the process's address space. */
export function viewLru(k: Kernel, mm: Addr): LruState {
  const w = k.memory.u32;
  const zone = k.zones[1];
  const young = youngFrames(k, mm);
  const list = (head: Addr) => walk(k, head).map((page) => card(k, page, young));
  const field = (name: "free_pages" | "pages_min" | "pages_high" | "prev_priority") =>
    w[(zone.zone + zoneStruct.offset[name]) >>> 2]!;
  const swap = (name: "nr_swap_pages" | "total_swap_pages") =>
    k.memory.i32[(k.data + kernelData.offset.swap + swapData.offset[name]) >>> 2]!;
  const total = w[reclaimVar(k, "total_memory") >>> 2]!;
  const { swappiness } = k.config;
  const { mappedRatio, distress, tendency } = swapTendency(
    readPageState(k, "nr_mapped"),
    total,
    field("prev_priority"),
    swappiness,
  );
  const awake = w[(k.data + kernelData.offset.zones + zonesData.offset.kswapd_awake) >>> 2] === 1;
  return {
    active: [...list(reclaimVar(k, "l_active")), ...list(lruListOf(zone, "active"))],
    inactive: [...list(reclaimVar(k, "l_inactive")), ...list(lruListOf(zone, "inactive"))],
    held: list(reclaimVar(k, "l_hold")),
    free: field("free_pages"),
    min: field("pages_min"),
    high: field("pages_high"),
    kswapd: awake ? "awake" : "asleep",
    mappedRatio,
    distress,
    swappiness,
    tendency,
    writing: readPageState(k, "nr_writeback"),
    freeSlots: swap("nr_swap_pages"),
    swapPages: swap("total_swap_pages"),
    pgactivate: readPageState(k, "pgactivate"),
    pgdeactivate: readPageState(k, "pgdeactivate"),
    pgsteal: readPageState(k, "pgsteal"),
  };
}

/** The pages of a list, head first; as many as there are frames at most. */
function walk(k: Kernel, head: Addr): Addr[] {
  const pages: Addr[] = [];
  const w = k.memory.u32;
  for (let at = w[head >>> 2]!; at !== head && at !== 0 && pages.length < k.pages; at = w[at >>> 2]!)
    pages.push(at - LINK);
  return pages;
}

function card(k: Kernel, page: Addr, young: ReadonlySet<number>): LruCard {
  const pfn = (page - k.memMap) / pageStruct.size;
  const has = (flag: Parameters<typeof testPageFlag>[2], letter: string) => (testPageFlag(k, page, flag) ? letter : "");
  const flags = [
    has("PG_referenced", "R"),
    young.has(pfn) ? "Y" : "",
    pageMapcount(k, page) > 0 ? "M" : "",
    has("PG_dirty", "D"),
    has("PG_writeback", "W"),
    has("PG_swapcache", "S"),
  ].join("");
  return { pfn, owner: ownerOf(k, page), flags };
}

function ownerOf(k: Kernel, page: Addr): string {
  if (pageAnon(k, page)) return `a${pageIndex(k, page) - ANON_BASE / PAGE_SIZE}`;
  const mapping = pageMapping(k, page);
  if (mapping !== 0) return `${mappingMapped(k, mapping) ? "m" : "f"}${pageIndex(k, page)}`;
  return testPageFlag(k, page, "PG_swapcache") ? "s" : "-";
}

function mappingMapped(k: Kernel, mapping: Addr): boolean {
  return !listEmpty(k.memory.u32, mapping + addressSpace.offset.i_mmap);
}

/** Frames that the process has used since their accessed bits were cleared last. */
function youngFrames(k: Kernel, mm: Addr): Set<number> {
  const pgd = getMm(k.memory.u32, mm, "pgd");
  const found = new Set<number>();
  for (const [base, pages] of [
    [ANON_BASE, anonPages],
    [FILE_BASE, filePages],
  ] as const) {
    for (let index = 0; index < pages; index++) {
      const at = pteLookup(k, pgd, base + index * PAGE_SIZE);
      if (at === 0) continue;
      const pte = readPte(k, at);
      if (ptePresent(pte) && pteYoung(pte)) found.add(ptePfn(k, pte));
    }
  }
  return found;
}
