// The page cache: which page holds which part of which file, and what state it is in.
// Theory:     every cached page stands in the tree of its address_space and holds one reference for it. A page is locked while its
//             contents or its place change. The mark "dirty" means the disk is behind; "writeback" means it is catching up.
//                 clean --setPageDirty--> dirty --clearPageDirtyForIo, setPageWriteback--> writeback --endPageWriteback--> clean
// Source:     Linux 2.6.11 mm/filemap.c (add_to_page_cache, add_to_page_cache_lru, __remove_from_page_cache, find_get_page,
//             end_page_writeback), mm/page-writeback.c (set_page_dirty, __set_page_dirty_nobuffers, clear_page_dirty_for_io,
//             test_clear_page_dirty, test_set_page_writeback, test_clear_page_writeback), linux/mm.h (page_mapping); Gorman 10.2
// Simplified: nobody sleeps on a locked page: locking one that is locked already is a BUG.
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import {
  getPage,
  pageAnon,
  pageIndex,
  pageMapping,
  pagePrivate,
  setPageFlag,
  testClearPageFlag,
  testPageFlag,
  testSetPageFlag,
} from "../page-fields";
import { lruCacheAdd, rotateReclaimablePage } from "../reclaim/lru";
import { pageState, page as pageStruct } from "../structs";
import { addressSpace, inode, inodeKinds } from "../structs-mm";
import { swapData } from "../swap/structs";
import { cacheVar } from "./cache-data";
import { markInodeDirty } from "./dirty-inodes";
import {
  radixTreeDelete,
  radixTreeInsert,
  radixTreeLookup,
  radixTreeTagClear,
  radixTreeTagSet,
  TAG_DIRTY,
  TAG_WRITEBACK,
} from "./radix-tree";

const MAPPING = pageStruct.offset.mapping >>> 2;
const INDEX = pageStruct.offset.index >>> 2;
const NRPAGES = addressSpace.offset.nrpages >>> 2;
const HOST = addressSpace.offset.host >>> 2;
const KIND = inode.offset.i_kind >>> 2;
const NR_DIRTY = pageState.offset.nr_dirty >>> 2;
const NR_WRITEBACK = pageState.offset.nr_writeback >>> 2;

/** page_mapping: the address space whose tree the page stands in: of its file, of swap, or 0. */
export function addressSpaceOf(k: Kernel, page: Addr): Addr {
  if (testPageFlag(k, page, "PG_swapcache")) return k.data + kernelData.offset.swap + swapData.offset.swapper_space;
  return pageAnon(k, page) ? 0 : pageMapping(k, page);
}

/** The index under which the tree of `addressSpaceOf` knows the page: a swap entry for the swap cache. */
function treeIndex(k: Kernel, page: Addr): number {
  return testPageFlag(k, page, "PG_swapcache") ? pagePrivate(k, page) : pageIndex(k, page);
}

/** pagecache_acct: counts pages that came into (or left) a page cache or the swap cache. */
function pagecacheAcct(k: Kernel, pages: number): void {
  k.memory.u32[cacheVar(k, "nr_pagecache") >>> 2]! += pages;
}

/** lock_page. @throws KernelBug `page-locked` where the kernel would sleep for ever. */
export function lockPage(k: Kernel, page: Addr): void {
  if (testSetPageFlag(k, page, "PG_locked")) throw new KernelBug("page-locked", { pfn: pageToPfn(k, page) });
}

/** unlock_page. @throws KernelBug `page-not-locked`. */
export function unlockPage(k: Kernel, page: Addr): void {
  if (!testClearPageFlag(k, page, "PG_locked")) throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
}

/**
 * Puts the page into the cache, locked and with the cache's reference.
 * @returns 0; -EEXIST if the index is taken; -ENOMEM without memory for the tree.
 */
export function addToPageCache(k: Kernel, page: Addr, mapping: Addr, index: number): number {
  const error = radixTreeInsert(k, mapping, index, page);
  if (error !== 0) return error;
  const w = k.memory.u32;
  getPage(k, page);
  setPageFlag(k, page, "PG_locked");
  w[(page >>> 2) + MAPPING] = mapping;
  w[(page >>> 2) + INDEX] = index;
  w[(mapping >>> 2) + NRPAGES]! += 1;
  pagecacheAcct(k, 1);
  if (k.events !== null) k.events.push({ kind: "cache-add", pfn: pageToPfn(k, page), ino: inoOf(k, mapping), index });
  return 0;
}

/** The same, and then to the inactive list. */
export function addToPageCacheLru(k: Kernel, page: Addr, mapping: Addr, index: number): number {
  const error = addToPageCache(k, page, mapping, index);
  if (error === 0) lruCacheAdd(k, page);
  return error;
}

/** The page at that index with one more reference, 0 if it is not cached. */
export function findGetPage(k: Kernel, mapping: Addr, index: number): Addr {
  const page = radixTreeLookup(k, mapping, index);
  if (page !== 0) getPage(k, page);
  return page;
}

/**
 * Takes a locked page out of its file's cache. The cache's reference stays: the caller drops it.
 * @throws KernelBug `page-not-locked`.
 */
export function removeFromPageCache(k: Kernel, page: Addr): void {
  if (!testPageFlag(k, page, "PG_locked")) throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
  const mapping = pageMapping(k, page);
  const index = pageIndex(k, page);
  radixTreeDelete(k, mapping, index);
  k.memory.u32[(page >>> 2) + MAPPING] = 0;
  k.memory.u32[(mapping >>> 2) + NRPAGES]! -= 1;
  pagecacheAcct(k, -1);
  if (k.events !== null)
    k.events.push({ kind: "cache-remove", pfn: pageToPfn(k, page), ino: inoOf(k, mapping), index });
}

/** The disk is behind this page from now on. Through the address space's own setPageDirty if it has one. */
export function setPageDirty(k: Kernel, page: Addr): void {
  const mapping = addressSpaceOf(k, page);
  const own = mapping === 0 ? null : k.aOps[aOpsOf(k, mapping)]?.setPageDirty;
  if (own) own(k, page);
  else setPageDirtyNobuffers(k, page);
}

/** __set_page_dirty_nobuffers. */
export function setPageDirtyNobuffers(k: Kernel, page: Addr): void {
  if (testSetPageFlag(k, page, "PG_dirty")) return;
  if (k.events !== null) k.events.push({ kind: "page-dirty", pfn: pageToPfn(k, page) });
  const mapping = addressSpaceOf(k, page);
  if (mapping === 0) return;
  radixTreeTagSet(k, mapping, treeIndex(k, page), TAG_DIRTY);
  if (!memoryBacked(k, mapping)) count(k, NR_DIRTY, 1);
  const host = k.memory.u32[(mapping >>> 2) + HOST]!;
  if (host !== 0 && !memoryBacked(k, mapping)) markInodeDirty(k, host);
}

/**
 * The page is about to be written: clears its flag but not the mark in the tree, which setPageWriteback brings up to date.
 * @returns whether it was dirty.
 */
export function clearPageDirtyForIo(k: Kernel, page: Addr): boolean {
  if (!testClearPageFlag(k, page, "PG_dirty")) return false;
  const mapping = addressSpaceOf(k, page);
  if (mapping !== 0 && !memoryBacked(k, mapping)) count(k, NR_DIRTY, -1);
  return true;
}

/** test_clear_page_dirty: forgets that the page is dirty, in the tree as well. @returns whether it was. */
export function testClearPageDirty(k: Kernel, page: Addr): boolean {
  if (!clearPageDirtyForIo(k, page)) return false;
  const mapping = addressSpaceOf(k, page);
  if (mapping !== 0) radixTreeTagClear(k, mapping, treeIndex(k, page), TAG_DIRTY);
  return true;
}

/** set_page_writeback: its write begins; a page that is not dirty again loses that mark in the tree. */
export function setPageWriteback(k: Kernel, page: Addr): void {
  if (!testSetPageFlag(k, page, "PG_writeback")) count(k, NR_WRITEBACK, 1);
  const mapping = addressSpaceOf(k, page);
  if (mapping === 0) return;
  const index = treeIndex(k, page);
  radixTreeTagSet(k, mapping, index, TAG_WRITEBACK);
  if (!testPageFlag(k, page, "PG_dirty")) radixTreeTagClear(k, mapping, index, TAG_DIRTY);
}

/**
 * Its write is done. A page written for reclaim goes to the tail of the inactive list.
 * @throws KernelBug `no-writeback` if no write was under way.
 */
export function endPageWriteback(k: Kernel, page: Addr): void {
  if (testClearPageFlag(k, page, "PG_reclaim")) rotateReclaimablePage(k, page);
  if (!testClearPageFlag(k, page, "PG_writeback")) throw new KernelBug("no-writeback", { pfn: pageToPfn(k, page) });
  count(k, NR_WRITEBACK, -1);
  const mapping = addressSpaceOf(k, page);
  if (mapping !== 0) radixTreeTagClear(k, mapping, treeIndex(k, page), TAG_WRITEBACK);
}

/** Swap and shmem: their pages are dirty only towards swap, and count against no limit of dirty pages. */
export function memoryBacked(k: Kernel, mapping: Addr): boolean {
  const host = k.memory.u32[(mapping >>> 2) + HOST]!;
  return host === 0 || k.memory.u32[(host >>> 2) + KIND] !== inodeKinds.regular;
}

export function aOpsOf(k: Kernel, mapping: Addr): number {
  return k.memory.u32[(mapping + addressSpace.offset.a_ops) >>> 2]!;
}

function inoOf(k: Kernel, mapping: Addr): number {
  const host = k.memory.u32[(mapping >>> 2) + HOST]!;
  return host === 0 ? 0 : k.memory.u32[(host + inode.offset.i_ino) >>> 2]!;
}

function count(k: Kernel, field: number, by: number): void {
  k.memory.u32[(k.pageState >>> 2) + field]! += by;
}
