// The two LRU lists of a zone: how pages get on them, climb, and leave with their last reference.
// Theory:     new pages start at the head of a list and age towards its tail. A page seen once in use is marked referenced, seen a
//             second time it is active; so one sequential read of a large file never pushes out what is used again and again.
//                 (inactive, 0) -> (inactive, referenced) -> (active, 0) -> (active, referenced)
//             With `config.pagevec` a page waits in a batch of 14, holding a reference of its own, before it reaches its list.
// Source:     Linux 2.6.11 mm/swap.c (mark_page_accessed, activate_page, lru_cache_add, lru_cache_add_active, lru_add_drain,
//             put_page, __page_cache_release, release_pages, __pagevec_release, rotate_reclaimable_page), linux/mm_inline.h;
//             Gorman 10.1, 10.3
// Simplified: one CPU, so one batch for each list.
import { COLD, type Cold, HOT } from "../constants";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { listAdd, listAddTail, listDel } from "../list";
import type { Addr } from "../machine";
import {
  clearPageFlag,
  getPage,
  pageCount,
  setPageFlag,
  testClearPageFlag,
  testPageFlag,
  testSetPageFlag,
} from "../page-fields";
import { pageState, page as pageStruct, zone as zoneStruct } from "../structs";
import { freePages, zoneOf } from "../zones/alloc-pages";
import { PAGEVEC_SIZE, pagevec, reclaimData } from "./structs";

const COUNT = pageStruct.offset.count >>> 2;
const LINK = pageStruct.offset.lru;
const ACTIVE_LIST = zoneStruct.offset.active_list;
const INACTIVE_LIST = zoneStruct.offset.inactive_list;
const NR_ACTIVE = zoneStruct.offset.nr_active >>> 2;
const NR_INACTIVE = zoneStruct.offset.nr_inactive >>> 2;
const PGACTIVATE = pageState.offset.pgactivate >>> 2;
const PGROTATED = pageState.offset.pgrotated >>> 2;
const ADD_INACTIVE = kernelData.offset.reclaim + reclaimData.offset.lru_add_pvecs;
const ADD_ACTIVE = kernelData.offset.reclaim + reclaimData.offset.lru_add_active_pvecs;

/** page_cache_get: one more reference. */
const pageCacheGet = getPage;

/**
 * Drops a reference; the last one takes the page off the LRU and frees it to the hot list. Reserved pages are left alone.
 * @throws KernelBug `double-free` without a reference to drop.
 */
export function putPage(k: Kernel, page: Addr): void {
  if (!putPageTestzero(k, page)) return;
  lruCacheDel(k, page);
  freePages(k, page, 0, HOT);
}

/** release_pages: drops a reference of each, first to last. What that frees goes to a per-CPU list in batches, each last to first. */
export function releasePages(k: Kernel, pages: readonly Addr[], cold: Cold): void {
  let toFree: Addr[] = [];
  for (const page of pages) {
    if (!putPageTestzero(k, page)) continue;
    lruCacheDel(k, page);
    toFree.push(page);
    if (toFree.length < PAGEVEC_SIZE) continue;
    pagevecFree(k, toFree, cold);
    toFree = [];
  }
  pagevecFree(k, toFree, cold);
}

/** __pagevec_release: the waiting batches reach their lists first. */
export function pagevecRelease(k: Kernel, pages: readonly Addr[]): void {
  lruAddDrain(k);
  releasePages(k, pages, COLD);
}

/** __pagevec_free. */
function pagevecFree(k: Kernel, pages: readonly Addr[], cold: Cold): void {
  for (let index = pages.length - 1; index >= 0; index--) freePages(k, pages[index]!, 0, cold);
}

/** Drops a reference unless it is the last one: that stays for `freePages` to drop. @returns whether it is the last one. */
function putPageTestzero(k: Kernel, page: Addr): boolean {
  if (testPageFlag(k, page, "PG_reserved")) return false;
  if (pageCount(k, page) <= 1) return true;
  k.memory.i32[(page >>> 2) + COUNT]! -= 1;
  return false;
}

/** To the head of the inactive list, at once or in a batch. */
export function lruCacheAdd(k: Kernel, page: Addr): void {
  if (k.config.pagevec) enqueue(k, k.data + ADD_INACTIVE, page);
  else addToList(k, page, INACTIVE_LIST);
}

/** To the head of the active list, at once or in a batch. */
export function lruCacheAddActive(k: Kernel, page: Addr): void {
  if (k.config.pagevec) enqueue(k, k.data + ADD_ACTIVE, page);
  else addToList(k, page, ACTIVE_LIST);
}

/** pagevec_lru_add: new pages with a reference each to the inactive list, at once; then the references are dropped. */
export function pagevecLruAdd(k: Kernel, pages: readonly Addr[]): void {
  for (const page of pages) addToList(k, page, INACTIVE_LIST);
  releasePages(k, pages, HOT);
}

/** Lets the waiting pages reach their lists. Every scan starts with it. */
export function lruAddDrain(k: Kernel): void {
  drain(k, k.data + ADD_INACTIVE);
  drain(k, k.data + ADD_ACTIVE);
}

/** Takes the page off its list, if it is on one. */
export function lruCacheDel(k: Kernel, page: Addr): void {
  if (!testClearPageFlag(k, page, "PG_lru")) return;
  const active = testClearPageFlag(k, page, "PG_active");
  listDel(k.memory.u32, page + LINK);
  k.memory.u32[(zoneOf(k, page).zone >>> 2) + (active ? NR_ACTIVE : NR_INACTIVE)]! -= 1;
}

/** Moves an inactive page to the head of the active list. */
export function activatePage(k: Kernel, page: Addr): void {
  if (!testPageFlag(k, page, "PG_lru") || testPageFlag(k, page, "PG_active")) return;
  lruCacheDel(k, page);
  link(k, page, ACTIVE_LIST);
  k.memory.u32[(k.pageState >>> 2) + PGACTIVATE]! += 1;
  if (k.events !== null) k.events.push({ kind: "lru-activate", pfn: pageToPfn(k, page) });
}

/** The page was used: the second time it becomes active. */
export function markPageAccessed(k: Kernel, page: Addr): void {
  if (!testPageFlag(k, page, "PG_referenced")) {
    setPageFlag(k, page, "PG_referenced");
    if (k.events !== null) k.events.push({ kind: "lru-referenced", pfn: pageToPfn(k, page) });
  } else if (!testPageFlag(k, page, "PG_active") && testPageFlag(k, page, "PG_lru")) {
    activatePage(k, page);
    clearPageFlag(k, page, "PG_referenced");
  }
}

/**
 * A page whose write for reclaim has ended goes to the tail of the inactive list, where it is found first.
 * @returns whether it could be moved: it must be inactive, clean and unlocked.
 */
export function rotateReclaimablePage(k: Kernel, page: Addr): boolean {
  const stays = testPageFlag(k, page, "PG_locked") || testPageFlag(k, page, "PG_dirty");
  if (stays || testPageFlag(k, page, "PG_active") || !testPageFlag(k, page, "PG_lru")) return false;
  const w = k.memory.u32;
  listDel(w, page + LINK);
  listAddTail(w, page + LINK, zoneOf(k, page).zone + INACTIVE_LIST);
  w[(k.pageState >>> 2) + PGROTATED]! += 1;
  if (k.events !== null) k.events.push({ kind: "lru-rotate", pfn: pageToPfn(k, page) });
  return true;
}

/** A new page of a list. @throws KernelBug `page-on-lru` if it already is on one. */
function addToList(k: Kernel, page: Addr, list: number): void {
  link(k, page, list);
  if (k.events !== null)
    k.events.push({ kind: "lru-add", pfn: pageToPfn(k, page), list: list === ACTIVE_LIST ? "active" : "inactive" });
}

function link(k: Kernel, page: Addr, list: number): void {
  const active = list === ACTIVE_LIST;
  if (testSetPageFlag(k, page, "PG_lru") || (active && testSetPageFlag(k, page, "PG_active")))
    throw new KernelBug("page-on-lru", { pfn: pageToPfn(k, page) });
  const { zone } = zoneOf(k, page);
  listAdd(k.memory.u32, page + LINK, zone + list);
  k.memory.u32[(zone >>> 2) + (active ? NR_ACTIVE : NR_INACTIVE)]! += 1;
}

/** pagevec_add: takes a reference, and empties the batch when it is full. */
function enqueue(k: Kernel, batch: Addr, page: Addr): void {
  const w = k.memory.u32;
  const nr = w[batch >>> 2]!;
  pageCacheGet(k, page);
  w[(batch + pagevec.offset.pages + nr * 4) >>> 2] = page;
  w[batch >>> 2] = nr + 1;
  if (nr + 1 === PAGEVEC_SIZE) drain(k, batch);
}

/** __pagevec_lru_add: first come first, then the references of the batch are dropped. */
function drain(k: Kernel, batch: Addr): void {
  const w = k.memory.u32;
  const nr = Math.min(w[batch >>> 2]!, PAGEVEC_SIZE);
  if (nr === 0) return;
  const first = (batch + pagevec.offset.pages) >>> 2;
  const list = batch === k.data + ADD_ACTIVE ? ACTIVE_LIST : INACTIVE_LIST;
  for (let index = 0; index < nr; index++) addToList(k, w[first + index]!, list);
  w[batch >>> 2] = 0;
  if (k.events !== null) k.events.push({ kind: "lru-drain", pages: nr });
  releasePages(k, [...w.subarray(first, first + nr)], HOT);
}
