// The pages of a tmpfs file: made, found, brought back from swap, or sent there.
// Theory:     reclaim cannot write a tmpfs page to its file, since the file is nothing but memory. So writepage gives it a swap slot and
//             moves it from the page cache of the file to the swap cache; the slot's number goes into the file's table. The way back is
//             the same: from the swap cache into the page cache, dirty, and the slot is free.
// Source:     Linux 2.6.11 mm/shmem.c (shmem_getpage, shmem_writepage, shmem_nopage, shmem_swapin); Gorman 12.2-12.6
// Simplified: nobody sleeps, so a page is never found locked or under way.
//
//     hole --write or fault--> page cache --writepage--> swap cache --written--> slot only
//                                  ^-------------- getpage ------------+-----------'
import { waitOnPageWriteback } from "../cache/block-io";
import { addToPageCacheLru, findGetPage, lockPage, setPageDirty, unlockPage } from "../cache/page-cache";
import { PAGE_SHIFT } from "../constants";
import { EFBIG, ENOMEM, ENOSPC } from "../errno";
import { zeroPfn } from "../fault/zero-page";
import { pageToPfn, pfnToPage } from "../frames";
import { type Kernel, NOPAGE_OOM, NOPAGE_SIGBUS, WRITEPAGE_ACTIVATE } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { listAddTail, listEmpty } from "../list";
import type { Addr } from "../machine";
import { VM_LOCKED } from "../mm/flags";
import { getVma } from "../mm/vma";
import { pageIndex, pageMapped, pageMapping, setPageFlag } from "../page-fields";
import { markPageAccessed, putPage } from "../reclaim/lru";
import { pageState } from "../structs";
import { addressSpace, file as fileStruct } from "../structs-mm";
import { swpOffset, swpType } from "../swap/entry";
import { getSwapPage, swapFree } from "../swap/slots";
import { moveFromSwapCache, moveToSwapCache } from "../swap/swap-cache";
import { lookupSwapCache, readSwapCacheAsync, swapinReadahead } from "../swap/swap-state";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { SHMEM_MAX_INDEX } from "./index-path";
import {
  acctBlock,
  freeBlocks,
  giveBlocks,
  infoAt,
  infoOf,
  inoOf,
  mappingOf,
  type Sgp,
  SHMEM_PAGEIN,
  shmemRecalcInode,
  shmemSwpAlloc,
  shmemSwpEntry,
  shmemSwpSet,
  takeBlock,
  unacctBlocks,
} from "./info";
import { shmemData, shmemInodeInfo } from "./structs";

const PGMAJFAULT = pageState.offset.pgmajfault >>> 2;

/** A page with one more reference, unlocked; and whether it had to be read from swap. */
export interface Got {
  readonly page: Addr;
  readonly major: boolean;
}

/**
 * Page `index` of the file. A hole that is only read gives the zero page.
 * @returns -EFBIG; -EINVAL beyond the size (unless it is written); -ENOSPC without room on the mount; -ENOMEM.
 */
export function shmemGetpage(k: Kernel, inode: Addr, index: number, sgp: Sgp): Got | number {
  const got = index >= SHMEM_MAX_INDEX ? -EFBIG : findOrMake(k, inode, index, sgp);
  if (typeof got === "number" && k.events !== null)
    k.events.push({ kind: "shmem-fail", ino: inoOf(k, inode), index, errno: -got });
  return got;
}

function findOrMake(k: Kernel, inode: Addr, index: number, sgp: Sgp): Got | number {
  let major = false;
  for (;;) {
    const cached = findGetPage(k, mappingOf(inode), index);
    if (cached !== 0) {
      tell(k, inode, index, cached, "cached");
      return { page: cached, major };
    }
    shmemRecalcInode(k, inode);
    const entry = shmemSwpAlloc(k, inode, index, sgp);
    if (entry < 0) return entry;
    const swap = entry === 0 ? 0 : k.memory.u32[entry >>> 2]!;
    if (swap === 0) return sgp === "read" ? zeroPage(k) : makePage(k, inode, index, sgp);
    const page = lookupSwapCache(k, swap);
    if (page === 0) {
      // Only a fault is a major fault; read and write wait for the disk as well.
      if (!major && sgp === "cache") k.memory.u32[(k.pageState >>> 2) + PGMAJFAULT]! += 1;
      major = true;
      swapinReadahead(k, swap);
      const read = readSwapCacheAsync(k, swap);
      if (read === 0) {
        // Whoever took the page out of swap meanwhile put it into the file.
        const now = shmemSwpAlloc(k, inode, index, sgp);
        if (now < 0) return now;
        if (now !== 0 && k.memory.u32[now >>> 2] === swap) return -ENOMEM;
        continue;
      }
      putPage(k, read);
      continue;
    }
    lockPage(k, page);
    waitOnPageWriteback(k, page);
    if (moveFromSwapCache(k, page, index, mappingOf(inode)) !== 0) {
      unlockPage(k, page);
      putPage(k, page);
      return -ENOMEM;
    }
    const info = infoOf(k, inode);
    k.memory.u32[infoAt(info, "flags")]! |= SHMEM_PAGEIN;
    shmemSwpSet(k, info, shmemSwpEntry(k, info, index), 0);
    swapFree(k, swap);
    unlockPage(k, page);
    tell(k, inode, index, page, "swapped-in");
    return { page, major };
  }
}

function zeroPage(k: Kernel): Got | number {
  const pfn = zeroPfn(k);
  return pfn < 0 ? -ENOMEM : { page: pfnToPage(k, pfn), major: false };
}

/** A new page of zeros in the file's cache, charged to the mount and (if the file was not paid in advance) against the commit limit. */
function makePage(k: Kernel, inode: Addr, index: number, sgp: Sgp): Got | number {
  const info = infoOf(k, inode);
  const flags = k.memory.u32[infoAt(info, "flags")]!;
  const sbinfo = k.memory.u32[infoAt(info, "sbinfo")]!;
  if ((sbinfo !== 0 && freeBlocks(k, sbinfo) === 0) || acctBlock(k, flags) !== 0) return -ENOSPC;
  takeBlock(k, info);
  const page = allocPages(k, GFP_HIGHUSER, 0);
  const error = page === 0 ? -ENOMEM : addNew(k, inode, index, page, sgp);
  if (error !== 0) {
    if (page !== 0) putPage(k, page);
    unacctBlocks(k, flags, 1);
    giveBlocks(k, info, 1);
    return error;
  }
  k.memory.u32[infoAt(info, "flags")]! |= SHMEM_PAGEIN;
  k.memory.u32[infoAt(info, "alloced")]! += 1;
  setPageFlag(k, page, "PG_uptodate");
  unlockPage(k, page);
  tell(k, inode, index, page, "new");
  return { page, major: false };
}

/** Getting the page may have made room by truncating or swapping nothing of ours: the table is looked at again all the same. */
function addNew(k: Kernel, inode: Addr, index: number, page: Addr, sgp: Sgp): number {
  const entry = shmemSwpAlloc(k, inode, index, sgp);
  return entry < 0 ? entry : addToPageCacheLru(k, page, mappingOf(inode), index);
}

function tell(k: Kernel, inode: Addr, index: number, page: Addr, how: "cached" | "new" | "swapped-in"): void {
  if (k.events !== null)
    k.events.push({ kind: "shmem-page", ino: inoOf(k, inode), index, pfn: pageToPfn(k, page), how });
}

/**
 * writepage: moves a locked page to the swap cache, where it is dirty and will be written from.
 * @returns 0, the page unlocked; WRITEPAGE_ACTIVATE, the page still locked: the segment is locked or there is no slot.
 * @throws KernelBug for a page that is mapped, or whose entry is taken.
 */
export function shmemWritepage(k: Kernel, page: Addr): number {
  const pfn = pageToPfn(k, page);
  if (pageMapped(k, page)) throw new KernelBug("shmem-page-mapped", { pfn });
  const w = k.memory.u32;
  const index = pageIndex(k, page);
  const inode = w[(pageMapping(k, page) + addressSpace.offset.host) >>> 2]!;
  const info = infoOf(k, inode);
  if ((w[infoAt(info, "flags")]! & VM_LOCKED) !== 0) return keep(k, inode, page, "locked");
  const swap = getSwapPage(k);
  if (swap === 0) return keep(k, inode, page, "no-slot");
  shmemRecalcInode(k, inode);
  if (index >= w[infoAt(info, "next_index")]!) {
    swapFree(k, swap);
    return keep(k, inode, page, "truncated");
  }
  const entry = shmemSwpEntry(k, info, index);
  if (entry === 0 || w[entry >>> 2] !== 0) throw new KernelBug("shmem-entry-taken", { pfn, index });
  if (moveToSwapCache(k, page, swap) !== 0) {
    swapFree(k, swap);
    return keep(k, inode, page, "no-slot");
  }
  shmemSwpSet(k, info, entry, swap);
  const link = info + shmemInodeInfo.offset.swaplist;
  if (listEmpty(w, link)) listAddTail(w, link, k.data + kernelData.offset.shmem + shmemData.offset.swaplist);
  unlockPage(k, page);
  if (k.events !== null)
    k.events.push({
      kind: "shmem-swap-out",
      ino: inoOf(k, inode),
      index,
      pfn,
      type: swpType(swap),
      slot: swpOffset(swap),
    });
  return 0;
}

function keep(k: Kernel, inode: Addr, page: Addr, why: "locked" | "no-slot" | "truncated"): number {
  setPageDirty(k, page);
  if (k.events !== null) k.events.push({ kind: "shmem-keep", ino: inoOf(k, inode), index: pageIndex(k, page), why });
  return WRITEPAGE_ACTIVATE;
}

/** The page behind an address of a shared mapping: beyond the end of the file, or without room on the mount, it is a SIGBUS. */
export function shmemNopage(k: Kernel, vma: Addr, address: number): Got {
  const w = k.memory.u32;
  const inode = w[(getVma(w, vma, "vm_file") + fileStruct.offset.f_inode) >>> 2]!;
  const index = ((address - getVma(w, vma, "vm_start")) >>> PAGE_SHIFT) + getVma(w, vma, "vm_pgoff");
  const got = shmemGetpage(k, inode, index, "cache");
  if (typeof got === "number") return { page: got === -ENOMEM ? NOPAGE_OOM : NOPAGE_SIGBUS, major: false };
  markPageAccessed(k, got.page);
  return got;
}
