// The invariants of the LRU lists; each one that does not hold is a named finding with its place.
// Source: derived from Linux 2.6.11 mm/swap.c, mm/vmscan.c, linux/mm_inline.h and what they rely on
import type { Finding } from "../finding";
import { isPage } from "../frames";
import type { Kernel } from "../kernel";
import { listEmpty } from "../list";
import type { BuddyMachine } from "../machine";
import { pageCount, pageMapcount, pageMapping, testPageFlag } from "../page-fields";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { walkList } from "../walk";
import type { LruListName } from "./events";
import { lruListOf } from "./isolate";
import { reclaimVar } from "./reclaim-data";
import { PAGEVEC_SIZE, pagevec } from "./structs";

/** Every rule that `checkLru` can report, besides those of a walked list (wild-link, list-cycle, two-lists, link-mismatch). */
export const lruRules = {
  /** nr_active or nr_inactive is not the length of the list. */
  count: "lru-count",
  /** A page on a list lacks PG_lru, or its PG_active says the other list. */
  flag: "lru-flag",
  /** PG_lru or PG_active on a page that is on no list. */
  stray: "lru-stray",
  /** A page of the kernel's own (slab, reserved) or a free one is on a list. */
  kernelPage: "lru-kernel-page",
  /** A batch holds too many entries, or one that is no page or has no reference. */
  batch: "lru-batch",
  /** A scan is over, but a page is still in its hands. */
  held: "lru-held",
  /** A free page still belongs to a file, stands in a page table, or is dirty or being written. */
  freed: "free-page-state",
} as const;

/** What is wrong now, empty for a sound machine. Never throws, never loops. */
export function checkLru(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  for (const zone of k.zones) if (zone.pages > 0) checkZone(k, zone, findings);
  checkBatch(k, "lru_add_pvecs", findings);
  checkBatch(k, "lru_add_active_pvecs", findings);
  for (const list of ["l_hold", "l_active", "l_inactive"] as const) {
    const head = reclaimVar(k, list);
    if (!listEmpty(k.memory.u32, head)) findings.push({ rule: lruRules.held, args: { list } });
  }
  return findings;
}

function checkZone(k: Kernel, m: BuddyMachine, findings: Finding[]): void {
  const visited = new Uint8Array(m.pages);
  checkList(k, m, "active", visited, findings);
  checkList(k, m, "inactive", visited, findings);
  for (let index = 0; index < m.pages; index++) {
    const page = m.memMap + index * pageStruct.size;
    const pfn = m.startPfn + index;
    const marked = testPageFlag(k, page, "PG_lru") || testPageFlag(k, page, "PG_active");
    if (visited[index] === 0 && marked) findings.push({ rule: lruRules.stray, args: { pfn } });
    if (pageCount(k, page) === 0 && visited[index] === 0) checkFree(k, page, pfn, findings);
  }
}

function checkList(k: Kernel, m: BuddyMachine, list: LruListName, visited: Uint8Array, findings: Finding[]): void {
  const pages = walkList(m, lruListOf(m, list), list, 0, visited, findings);
  const field = list === "active" ? zoneStruct.offset.nr_active : zoneStruct.offset.nr_inactive;
  const stored = k.memory.u32[(m.zone + field) >>> 2]!;
  if (stored !== pages.length)
    findings.push({ rule: lruRules.count, args: { list, stored, counted: pages.length, startPfn: m.startPfn } });
  for (const index of pages) {
    const page = m.memMap + index * pageStruct.size;
    const args = { pfn: m.startPfn + index, list };
    if (!testPageFlag(k, page, "PG_lru") || testPageFlag(k, page, "PG_active") !== (list === "active"))
      findings.push({ rule: lruRules.flag, args });
    const kernels = testPageFlag(k, page, "PG_slab") || testPageFlag(k, page, "PG_reserved");
    if (kernels || pageCount(k, page) < 1) findings.push({ rule: lruRules.kernelPage, args });
  }
}

/** Later pages of a block in use have count 0 as well, and must be as blank. */
function checkFree(k: Kernel, page: number, pfn: number, findings: Finding[]): void {
  const written = testPageFlag(k, page, "PG_dirty") || testPageFlag(k, page, "PG_writeback");
  const owned = testPageFlag(k, page, "PG_swapcache") || pageMapcount(k, page) !== 0;
  const slab = testPageFlag(k, page, "PG_slab") || testPageFlag(k, page, "PG_compound");
  const mapping = pageMapping(k, page);
  if (written || owned || (mapping !== 0 && !slab))
    findings.push({ rule: lruRules.freed, args: { pfn, mapping, mapcount: pageMapcount(k, page) } });
}

function checkBatch(k: Kernel, name: "lru_add_pvecs" | "lru_add_active_pvecs", findings: Finding[]): void {
  const batch = reclaimVar(k, name);
  const nr = k.memory.u32[batch >>> 2]!;
  if (nr > PAGEVEC_SIZE) findings.push({ rule: lruRules.batch, args: { nr, place: -1 } });
  for (let place = 0; place < Math.min(nr, PAGEVEC_SIZE); place++) {
    const page = k.memory.u32[(batch + pagevec.offset.pages + place * 4) >>> 2]!;
    if (!isPage(k, page) || pageCount(k, page) < 1 || testPageFlag(k, page, "PG_lru"))
      findings.push({ rule: lruRules.batch, args: { nr, place } });
  }
}
