// Taking pages off the tail of an LRU list, for a scan that will decide about them, and putting them back.
// Theory:     a scanned page carries no PG_lru and one more reference, so nobody frees or moves it meanwhile. Until it is looked at it
//             is on l_hold, then on l_active or l_inactive, in the order in which it will go back (the kernel's local lists).
// Source:     Linux 2.6.11 mm/vmscan.c (refill_inactive_zone, shrink_cache: their inner loops), linux/pagevec.h (pagevec_add)
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listAdd, listDel } from "../list";
import { type Addr, type BuddyMachine, badRange } from "../machine";
import { getPage, pageCount, testClearPageFlag, testSetPageFlag } from "../page-fields";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import type { LruListName } from "./events";
import { pagevecRelease } from "./lru";
import { reclaimVar } from "./reclaim-data";
import { PAGEVEC_SIZE } from "./structs";

const LINK = pageStruct.offset.lru;
const COUNTS = { active: zoneStruct.offset.nr_active >>> 2, inactive: zoneStruct.offset.nr_inactive >>> 2 } as const;

/**
 * Up to `most` pages from the tail, the oldest first. A page that is being freed goes back to the head instead.
 * @returns the pages and how many were looked at.
 * @throws KernelBug `wild-lru-link` where a link leads to no page; `lru-flag` for a page without PG_lru.
 */
export function isolate(
  k: Kernel,
  zone: BuddyMachine,
  list: LruListName,
  most: number,
): { pages: Addr[]; scanned: number } {
  const head = lruListOf(zone, list);
  const pages: Addr[] = [];
  let scanned = 0;
  const w = k.memory.u32;
  for (; scanned < most && w[head >>> 2] !== head; scanned++) {
    const page = w[(head >>> 2) + 1]! - LINK;
    if (badRange(zone, page)) throw new KernelBug("wild-lru-link", { address: page + LINK });
    if (!testClearPageFlag(k, page, "PG_lru")) throw new KernelBug("lru-flag", { pfn: pageToPfn(k, page) });
    listDel(w, page + LINK);
    if (pageCount(k, page) === 0) {
      testSetPageFlag(k, page, "PG_lru");
      listAdd(w, page + LINK, head);
      continue;
    }
    getPage(k, page);
    listAdd(w, page + LINK, reclaimVar(k, "l_hold"));
    pages.push(page);
  }
  w[(zone.zone >>> 2) + COUNTS[list]]! -= pages.length;
  return { pages, scanned };
}

/** The scan has looked at a page: it will go back to this list, or (null) be freed. */
export function settle(k: Kernel, page: Addr, list: LruListName | null): void {
  listDel(k.memory.u32, page + LINK);
  if (list !== null) listAdd(k.memory.u32, page + LINK, reclaimVar(k, list === "active" ? "l_active" : "l_inactive"));
}

/** Back to the head of a list. The reference of the scan stays. @throws KernelBug `page-on-lru`. */
export function putBack(k: Kernel, zone: BuddyMachine, list: LruListName, page: Addr): void {
  if (testSetPageFlag(k, page, "PG_lru")) throw new KernelBug("page-on-lru", { pfn: pageToPfn(k, page) });
  listDel(k.memory.u32, page + LINK);
  listAdd(k.memory.u32, page + LINK, lruListOf(zone, list));
  k.memory.u32[(zone.zone >>> 2) + COUNTS[list]]! += 1;
}

/** pagevec_add, then __pagevec_release when it is full: the reference of the scan is dropped now or with the rest. */
export function releaseLater(k: Kernel, batch: Addr[], page: Addr): void {
  batch.push(page);
  if (batch.length === PAGEVEC_SIZE) pagevecRelease(k, batch.splice(0));
}

export function lruListOf(zone: BuddyMachine, list: LruListName): Addr {
  return zone.zone + (list === "active" ? zoneStruct.offset.active_list : zoneStruct.offset.inactive_list);
}
