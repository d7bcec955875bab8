// The swap cache: pages that have a slot in swap and are in memory as well.
// Theory:     a page on its way out, or back in, must be found by everybody who holds its swap entry, or two copies of one page would
//             come to be. So it stays in a tree keyed by the entry while both exist; the cache holds one reference to the page and one
//             to the slot. As long as the page is clean there, it can be dropped again without a write.
// Source:     Linux 2.6.11 mm/swap_state.c (__add_to_swap_cache, add_to_swap_cache, __delete_from_swap_cache, add_to_swap,
//             delete_from_swap_cache, move_to_swap_cache, move_from_swap_cache); Gorman 11.4
// Simplified: nothing sleeps in here, so add_to_swap never meets a key that is taken.
import { cacheVar } from "../cache/cache-data";
import { addToPageCache, removeFromPageCache, setPageDirty } from "../cache/page-cache";
import { radixTreeDelete, radixTreeInsert } from "../cache/radix-tree";
import { EEXIST, ENOENT } from "../errno";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { clearPageFlag, getPage, pagePrivate, setPageFlag, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { page as pageStruct } from "../structs";
import { addressSpace } from "../structs-mm";
import { type SwapEntry, swpOffset, swpType } from "./entry";
import { getSwapPage, swapDuplicate, swapFree } from "./slots";
import { countSwapCache, swapperSpace, swapVar } from "./swap-data";

const PRIVATE = pageStruct.offset.private >>> 2;
const NRPAGES = addressSpace.offset.nrpages >>> 2;

/** Into the tree, locked, with one more reference; the slot's counter is the caller's business. @returns 0, -EEXIST or -ENOMEM. */
function insert(k: Kernel, page: Addr, entry: SwapEntry): number {
  if (testPageFlag(k, page, "PG_swapcache") || testPageFlag(k, page, "PG_private"))
    throw new KernelBug("bad-swap-cache-page", { pfn: pageToPfn(k, page), entry });
  const error = radixTreeInsert(k, swapperSpace(k), entry, page);
  if (error !== 0) return error;
  getPage(k, page);
  setPageFlag(k, page, "PG_locked");
  setPageFlag(k, page, "PG_swapcache");
  k.memory.u32[(page >>> 2) + PRIVATE] = entry;
  account(k, 1);
  if (k.events !== null) tell(k, "swap-cache-add", page, entry);
  return 0;
}

/**
 * Takes a locked page out of the tree; its references to page and slot are the caller's business.
 * @throws KernelBug if the page is unlocked, not in the swap cache, or being written.
 */
export function removeFromSwapCache(k: Kernel, page: Addr): void {
  const bad = !testPageFlag(k, page, "PG_locked") || !testPageFlag(k, page, "PG_swapcache");
  const entry = pagePrivate(k, page);
  if (bad || testPageFlag(k, page, "PG_writeback"))
    throw new KernelBug("bad-swap-cache-page", { pfn: pageToPfn(k, page), entry });
  radixTreeDelete(k, swapperSpace(k), entry);
  k.memory.u32[(page >>> 2) + PRIVATE] = 0;
  clearPageFlag(k, page, "PG_swapcache");
  account(k, -1);
  countSwapCache(k, "del_total");
  if (k.events !== null) tell(k, "swap-cache-del", page, entry);
}

/** nrpages of the space, total_swapcache_pages and the count of all cached pages. */
function account(k: Kernel, change: number): void {
  const w = k.memory.u32;
  w[(swapperSpace(k) >>> 2) + NRPAGES]! += change;
  w[swapVar(k, "total_swapcache_pages") >>> 2]! += change;
  w[cacheVar(k, "nr_pagecache") >>> 2]! += change;
}

function tell(k: Kernel, kind: "swap-cache-add" | "swap-cache-del", page: Addr, entry: SwapEntry): void {
  k.events?.push({ kind, pfn: pageToPfn(k, page), type: swpType(entry), slot: swpOffset(entry) });
}

/** add_to_swap_cache: for a page to read into. The cache's reference to the slot is taken first. @returns 0, -ENOENT, -EEXIST or -ENOMEM. */
export function addToSwapCache(k: Kernel, page: Addr, entry: SwapEntry): number {
  if (!swapDuplicate(k, entry)) {
    countSwapCache(k, "noent_race");
    return -ENOENT;
  }
  const error = insert(k, page, entry);
  if (error === 0) countSwapCache(k, "add_total");
  else {
    swapFree(k, entry);
    if (error === -EEXIST) countSwapCache(k, "exist_race");
  }
  return error;
}

/**
 * Gives a locked anonymous page a slot and puts it into the swap cache, dirty.
 * @returns 1; 0 if no slot is free or there is no memory for the tree. @throws KernelBug for an unlocked page.
 */
export function addToSwap(k: Kernel, page: Addr): 0 | 1 {
  if (!testPageFlag(k, page, "PG_locked")) throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
  const entry = getSwapPage(k);
  if (entry === 0) return 0;
  if (insert(k, page, entry) !== 0) {
    swapFree(k, entry);
    return 0;
  }
  setPageFlag(k, page, "PG_uptodate");
  setPageFlag(k, page, "PG_dirty");
  countSwapCache(k, "add_total");
  return 1;
}

/** Takes a locked page out of the swap cache, with the cache's references to slot and page. */
export function deleteFromSwapCache(k: Kernel, page: Addr): void {
  const entry = pagePrivate(k, page);
  removeFromSwapCache(k, page);
  swapFree(k, entry);
  putPage(k, page);
}

/** A locked page of a file moves to the swap cache (tmpfs writes it out). The caller holds the slot's first reference. @returns 0 or -errno. */
export function moveToSwapCache(k: Kernel, page: Addr, entry: SwapEntry): number {
  const error = insert(k, page, entry);
  if (error !== 0) {
    if (error === -EEXIST) countSwapCache(k, "exist_race");
    return error;
  }
  removeFromPageCache(k, page);
  putPage(k, page);
  if (!swapDuplicate(k, entry)) throw new KernelBug("bad-swap-cache-page", { pfn: pageToPfn(k, page), entry });
  setPageFlag(k, page, "PG_dirty");
  countSwapCache(k, "add_total");
  return 0;
}

/** A locked page of the swap cache becomes page `index` of a file, dirty. @returns 0, -EEXIST or -ENOMEM. */
export function moveFromSwapCache(k: Kernel, page: Addr, index: number, mapping: Addr): number {
  const error = addToPageCache(k, page, mapping, index);
  if (error !== 0) return error;
  deleteFromSwapCache(k, page);
  clearPageFlag(k, page, "PG_dirty");
  setPageDirty(k, page);
  return 0;
}
