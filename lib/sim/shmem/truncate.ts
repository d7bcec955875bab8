// Making a tmpfs file shorter, and its end.
// Theory:     pages in the cache go as with any file. Entries of swapped pages beyond the new end give their slots back, and index pages
//             that no page is left to use are freed.
// Source:     Linux 2.6.11 mm/shmem.c (shmem_truncate, shmem_free_swp, shmem_free_pages, shmem_notify_change, shmem_delete_inode)
// Simplified: nobody brings pages back meanwhile, so the cache is emptied once.
import { truncateInodePages } from "../cache/truncate";
import { PAGE_SIZE } from "../constants";
import { unmapMappingRange } from "../fault/truncate";
import type { Kernel } from "../kernel";
import { listDel, listEmpty, listInit } from "../list";
import type { Addr } from "../machine";
import { freeObject } from "../objects";
import { putPage } from "../reclaim/lru";
import { inode as inodeStruct } from "../structs-mm";
import { freeSwapAndCache } from "../swap/swap-state";
import { freePages } from "../zones/alloc-pages";
import { shmemGetpage } from "./getpage";
import { ENTRIES_PER_PAGE, HALF } from "./index-path";
import {
  giveBlocks,
  indexSlot,
  infoAt,
  infoOf,
  inoOf,
  mappingOf,
  NR_SWAPPED,
  SHMEM_TRUNCATE,
  shmemRecalcInode,
  sizeOfInode,
  unacctSize,
} from "./info";
import { SHMEM_NR_DIRECT, shmemInodeInfo, shmemSbInfo } from "./structs";

const ALL_PAGES = 0x100000;

/** shmem_truncate: gives back the slots and index pages behind the file's size. */
function shmemTruncate(k: Kernel, inode: Addr): void {
  const w = k.memory.u32;
  const info = infoOf(k, inode);
  const first = Math.ceil(sizeOfInode(k, inode) / PAGE_SIZE);
  const limit = w[infoAt(info, "next_index")]!;
  if (first >= limit) return;
  w[infoAt(info, "flags")]! |= SHMEM_TRUNCATE;
  w[infoAt(info, "next_index")] = first;
  const done = { swaps: 0, tables: 0 };
  const direct = info + shmemInodeInfo.offset.i_direct;
  for (let index = first; index < Math.min(limit, SHMEM_NR_DIRECT); index++) freeEntry(k, direct + index * 4, done);
  const top = infoAt(info, "i_indirect");
  if (w[top] !== 0) {
    freeTop(k, w[top]!, first, limit, done);
    if (first <= SHMEM_NR_DIRECT) {
      freeTable(k, w[top]!, done);
      w[top] = 0;
    }
  }
  w[infoAt(info, "swapped")]! -= done.swaps;
  giveBlocks(k, info, done.tables);
  if (k.events !== null)
    k.events.push({ kind: "shmem-truncate", ino: inoOf(k, inode), bytes: sizeOfInode(k, inode), ...done });
  shmemRecalcInode(k, inode);
}

interface Done {
  /** Slots and index pages given back. */
  swaps: number;
  tables: number;
}

function freeEntry(k: Kernel, entry: Addr, done: Done): void {
  const swap = k.memory.u32[entry >>> 2]!;
  if (swap === 0) return;
  freeSwapAndCache(k, swap);
  k.memory.u32[entry >>> 2] = 0;
  done.swaps++;
}

function freeTable(k: Kernel, page: Addr, done: Done): void {
  freePages(k, page, 0);
  done.tables++;
}

/** The tables of entries below the indirect page, in order of the pages they stand for. */
function freeTop(k: Kernel, top: Addr, first: number, limit: number, done: Done): void {
  for (let slot = 0; slot < ENTRIES_PER_PAGE; slot++) {
    const span = slot < HALF ? ENTRIES_PER_PAGE : ENTRIES_PER_PAGE * ENTRIES_PER_PAGE;
    const start = SHMEM_NR_DIRECT + (slot < HALF ? slot * span : HALF * ENTRIES_PER_PAGE + (slot - HALF) * span);
    if (start >= limit) return;
    const link = indexSlot(k, top, slot) >>> 2;
    const page = k.memory.u32[link]!;
    if (page === 0 || start + span <= first) continue;
    if (slot < HALF) freeEntries(k, page, start, first, limit, done);
    else freeMiddle(k, page, start, first, limit, done);
    if (start < first) continue;
    freeTable(k, page, done);
    k.memory.u32[link] = 0;
  }
}

function freeMiddle(k: Kernel, middle: Addr, start: number, first: number, limit: number, done: Done): void {
  for (let slot = 0; slot < ENTRIES_PER_PAGE; slot++) {
    const at = start + slot * ENTRIES_PER_PAGE;
    if (at >= limit) return;
    const link = indexSlot(k, middle, slot) >>> 2;
    const page = k.memory.u32[link]!;
    if (page === 0 || at + ENTRIES_PER_PAGE <= first) continue;
    freeEntries(k, page, at, first, limit, done);
    if (at < first) continue;
    freeTable(k, page, done);
    k.memory.u32[link] = 0;
  }
}

function freeEntries(k: Kernel, table: Addr, start: number, first: number, limit: number, done: Done): void {
  const from = Math.max(0, first - start);
  const to = Math.min(ENTRIES_PER_PAGE, limit - start);
  const before = done.swaps;
  for (let slot = from; slot < to; slot++) freeEntry(k, indexSlot(k, table, slot), done);
  k.memory.u32[(table >>> 2) + NR_SWAPPED]! -= done.swaps - before;
}

/** A new size for the file: pages beyond it go, wherever they are. Who has one mapped gets SIGBUS from now on. */
export function shmemSetSize(k: Kernel, inode: Addr, bytes: number): void {
  const old = sizeOfInode(k, inode);
  // The page across the new end must be in memory, so that the part behind it can be cleared.
  const partial = bytes < old && bytes % PAGE_SIZE !== 0;
  const held = partial ? shmemGetpage(k, inode, Math.floor(bytes / PAGE_SIZE), "read") : 0;
  k.memory.u32[(inode + inodeStruct.offset.i_size) >>> 2] = bytes;
  if (bytes < old) {
    unmapMappingRange(k, mappingOf(inode), Math.ceil(bytes / PAGE_SIZE), ALL_PAGES, "even cows");
    truncateInodePages(k, mappingOf(inode), bytes);
    shmemTruncate(k, inode);
  }
  if (typeof held !== "number") putPage(k, held.page);
}

/** shmem_delete_inode: everything of the file goes. */
export function shmemDeleteInode(k: Kernel, inode: Addr): void {
  const w = k.memory.u32;
  const info = infoOf(k, inode);
  truncateInodePages(k, mappingOf(inode), 0);
  unacctSize(k, w[infoAt(info, "flags")]!, sizeOfInode(k, inode));
  w[(inode + inodeStruct.offset.i_size) >>> 2] = 0;
  shmemTruncate(k, inode);
  const link = info + shmemInodeInfo.offset.swaplist;
  if (!listEmpty(w, link)) {
    listDel(w, link);
    listInit(w, link);
  }
  const sbinfo = w[infoAt(info, "sbinfo")]!;
  if (sbinfo !== 0) w[(sbinfo + shmemSbInfo.offset.free_inodes) >>> 2]! += 1;
  freeObject(k, "shmem_inode_cache", info);
}
