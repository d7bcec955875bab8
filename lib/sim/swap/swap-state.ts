// What the rest of the kernel asks the swap cache: is this page in memory, bring it, let it go, may I write to it.
// Theory:     a page comes back into the swap cache first, and with it its neighbours on the disk, which probably left together. Whoever
//             maps it drops his reference to the slot, but the cache keeps one: while swap is plentiful the copy on the disk may save
//             a later write. When slot and page have no other user, the slot can go ("exclusive").
// Source:     Linux 2.6.11 mm/swap_state.c (lookup_swap_cache, read_swap_cache_async, free_page_and_swap_cache), mm/swapfile.c
//             (exclusive_swap_page, can_share_swap_page, remove_exclusive_swap_page, free_swap_and_cache, valid_swaphandles),
//             mm/memory.c (swapin_readahead); Gorman 11.4-11.5
// Simplified: a read always ends before the function returns.
//
//     one page of one process, counter of the slot / references to the page (domain of Gorman 11.2):
//     mapped -/1   isolated -/2   added to swap 1/3   unmapped 2/2   written, freed 1/-   read 2/2   mapped again 1/2
import { radixTreeLookup } from "../cache/radix-tree";
import { ENOENT, ENOMEM } from "../errno";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import {
  clearPageFlag,
  getPage,
  pageCount,
  pagePrivate,
  setPageFlag,
  testPageFlag,
  testSetPageFlag,
} from "../page-fields";
import { lruAddDrain, lruCacheAddActive, putPage } from "../reclaim/lru";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { type SwapEntry, swpEntry, swpOffset, swpType } from "./entry";
import { swapReadpage } from "./page-io";
import { areaOf, swapEntryFree, swapFree, vmSwapFull } from "./slots";
import { SWAP_MAP_BAD, swapInfo } from "./structs";
import { addToSwapCache, deleteFromSwapCache, removeFromSwapCache } from "./swap-cache";
import { countSwapCache, readSlot, swapInfoAt, swapperSpace, swapVar } from "./swap-data";

export { vmSwapFull } from "./slots";
export { addToSwap, deleteFromSwapCache, moveFromSwapCache, moveToSwapCache } from "./swap-cache";

/** The page of that entry with one more reference, 0 if it is not in memory. Counts a search. */
export function lookupSwapCache(k: Kernel, entry: SwapEntry): Addr {
  const page = radixTreeLookup(k, swapperSpace(k), entry);
  if (page !== 0) {
    getPage(k, page);
    countSwapCache(k, "find_success");
  }
  countSwapCache(k, "find_total");
  if (k.events !== null) {
    const pfn = page === 0 ? null : pageToPfn(k, page);
    k.events.push({ kind: "swap-cache-find", type: swpType(entry), slot: swpOffset(entry), pfn });
  }
  return page;
}

/**
 * The page of that entry with one more reference, read if it is not in the cache. New pages go to the active list.
 * @returns 0 if the slot is not in use or there is no memory. Not counted as a search.
 */
export function readSwapCacheAsync(k: Kernel, entry: SwapEntry): Addr {
  for (;;) {
    const found = radixTreeLookup(k, swapperSpace(k), entry);
    if (found !== 0) {
      getPage(k, found);
      return found;
    }
    const page = allocPages(k, GFP_HIGHUSER, 0);
    if (page === 0) return 0;
    const error = addToSwapCache(k, page, entry);
    if (error === 0) {
      lruCacheAddActive(k, page);
      swapReadpage(k, page);
      return page;
    }
    putPage(k, page);
    if (error === -ENOENT || error === -ENOMEM) return 0;
  }
}

/**
 * Nobody but the cache refers to slot and page (the caller holds the page too): slot and cache entry are given up, the page is dirty.
 * @returns whether that was so. @throws KernelBug for an unlocked page or one with private data.
 */
export function removeExclusiveSwapPage(k: Kernel, page: Addr): boolean {
  if (!testPageFlag(k, page, "PG_locked") || testPageFlag(k, page, "PG_private"))
    throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
  if (!testPageFlag(k, page, "PG_swapcache") || testPageFlag(k, page, "PG_writeback")) return false;
  if (pageCount(k, page) !== 2) return false;
  const entry = pagePrivate(k, page);
  const si = areaOf(k, entry);
  if (si === 0 || readSlot(k, si, swpOffset(entry)) !== 1) return false;
  removeFromSwapCache(k, page);
  setPageFlag(k, page, "PG_dirty");
  swapFree(k, entry);
  putPage(k, page);
  return true;
}

/** A locked page that was written to under copy on write need not be copied. @throws KernelBug for an unlocked page. */
export function canShareSwapPage(k: Kernel, page: Addr): boolean {
  if (!testPageFlag(k, page, "PG_locked")) throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
  const reuse = ownedAlone(k, page);
  if (k.events !== null)
    k.events.push({ kind: "swap-share", pfn: pageToPfn(k, page), count: pageCount(k, page), reuse });
  return reuse;
}

function ownedAlone(k: Kernel, page: Addr): boolean {
  const count = pageCount(k, page);
  if (count === 1) return !testPageFlag(k, page, "PG_reserved");
  if (count !== 2 && !(count === 3 && testPageFlag(k, page, "PG_private"))) return false;
  if (!testPageFlag(k, page, "PG_swapcache")) return false;
  const entry = pagePrivate(k, page);
  const si = areaOf(k, entry);
  return si !== 0 && readSlot(k, si, swpOffset(entry)) === 1 && count === 2;
}

/** Drops one reference of a slot, and the cached page too if only the cache still wants the slot and nobody the page, or swap is tight. */
export function freeSwapAndCache(k: Kernel, entry: SwapEntry): void {
  const si = areaOf(k, entry);
  if (si === 0 || swapEntryFree(k, si, swpOffset(entry)) !== 1) return;
  const page = radixTreeLookup(k, swapperSpace(k), entry);
  if (page === 0 || testSetPageFlag(k, page, "PG_locked")) return;
  getPage(k, page);
  const oneUser = pageCount(k, page) === 2;
  if (!testPageFlag(k, page, "PG_writeback") && (oneUser || vmSwapFull(k))) {
    deleteFromSwapCache(k, page);
    setPageFlag(k, page, "PG_dirty");
  }
  clearPageFlag(k, page, "PG_locked");
  putPage(k, page);
}

/** free_page_and_swap_cache: drops a reference, and the slot with it if nobody else wants either. */
export function freePageAndSwapCache(k: Kernel, page: Addr): void {
  if (testPageFlag(k, page, "PG_swapcache") && !testSetPageFlag(k, page, "PG_locked")) {
    removeExclusiveSwapPage(k, page);
    clearPageFlag(k, page, "PG_locked");
  }
  putPage(k, page);
}

/** valid_swaphandles: the aligned window of slots around an entry, as far as it may be read: from its start to the first free or bad slot. */
export function validSwaphandles(k: Kernel, entry: SwapEntry): { readonly from: number; readonly count: number } {
  const w = k.memory.u32;
  const window = 2 ** w[swapVar(k, "page_cluster") >>> 2]!;
  if (window === 1) return { from: 0, count: 0 };
  const si = swapInfoAt(k, swpType(entry));
  const start = swpOffset(entry) - (swpOffset(entry) % window);
  const end = Math.min(start + window, w[(si + swapInfo.offset.max) >>> 2]!);
  const from = start === 0 ? 1 : start;
  let at = from;
  while (at < end) {
    const count = readSlot(k, si, at);
    if (count === 0 || count === SWAP_MAP_BAD) break;
    at++;
  }
  return { from, count: at - from };
}

/** Reads the window around an entry into the swap cache; the wanted page may be among it. */
export function swapinReadahead(k: Kernel, entry: SwapEntry): void {
  const type = swpType(entry);
  const { from, count } = validSwaphandles(k, entry);
  if (k.events !== null) k.events.push({ kind: "swap-readahead", type, slot: swpOffset(entry), from, count });
  for (let slot = from; slot < from + count; slot++) {
    const page = readSwapCacheAsync(k, swpEntry(type, slot));
    if (page === 0) break;
    putPage(k, page);
  }
  lruAddDrain(k);
}
