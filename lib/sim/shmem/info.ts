// The tmpfs side of an inode: its table of swap entries and its counters.
// Theory:     a page of the file is in the page cache, or its table entry says where in swap it is, or it does not exist yet. Entries and
//             index pages are made when a page is; index pages are ordinary frames (of HighMem, if there is one).
// Source:     Linux 2.6.11 mm/shmem.c (shmem_swp_entry, shmem_swp_alloc, shmem_swp_set, shmem_acct_size, shmem_acct_block,
//             shmem_unacct_blocks, shmem_free_blocks, shmem_recalc_inode, shmem_dir_alloc)
// Simplified: no locks, so nobody else can extend or truncate the table meanwhile.
import { PAGE_SIZE } from "../constants";
import { EINVAL, ENOMEM, ENOSPC } from "../errno";
import { addressToPage, frameAt, isContents, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { VM_ACCOUNT, VM_READ, VM_WRITE } from "../mm/flags";
import { page as pageStruct } from "../structs";
import { addressSpace, inode as inodeStruct } from "../structs-mm";
import type { SwapEntry } from "../swap/entry";
import { allocPages } from "../zones/alloc-pages";
import { __GFP_ZERO, GFP_HIGHUSER } from "../zones/gfp";
import { shmemIndexPath } from "./index-path";
import { shmemInodeInfo, shmemSbInfo } from "./structs";

/** Bits of `shmem_inode_info.flags` besides VM_ACCOUNT and VM_LOCKED: a page came into the cache; a truncation began. */
export const SHMEM_PAGEIN = VM_READ;
export const SHMEM_TRUNCATE = VM_WRITE;
export const BLOCKS_PER_PAGE = PAGE_SIZE / 512;
/** Of an index page: how many of its entries are in use. */
export const NR_SWAPPED = pageStruct.offset.private >>> 2;

export type InfoField = Exclude<keyof typeof shmemInodeInfo.fields, "i_direct" | "swaplist">;

/** Who asks for a page: a read (a hole stays one), a fault (up to the size), or a write (beyond it too). */
export type Sgp = "read" | "cache" | "write";

/** Word index of a field of a shmem_inode_info. */
export function infoAt(info: Addr, field: InfoField): number {
  return (info + shmemInodeInfo.offset[field]) >>> 2;
}

export function infoOf(k: Kernel, inode: Addr): Addr {
  return k.memory.u32[(inode + inodeStruct.offset.i_private) >>> 2]!;
}

export function mappingOf(inode: Addr): Addr {
  return inode + inodeStruct.offset.i_mapping;
}

export function sizeOfInode(k: Kernel, inode: Addr): number {
  return k.memory.u32[(inode + inodeStruct.offset.i_size) >>> 2]!;
}

export function inoOf(k: Kernel, inode: Addr): number {
  return k.memory.u32[(inode + inodeStruct.offset.i_ino) >>> 2]!;
}

/** Machine address of word `slot` of an index page. */
export function indexSlot(k: Kernel, page: Addr, slot: number): Addr {
  return frameAt(k, pageToPfn(k, page)) + slot * 4;
}

/** Where the entry of a page stands: its machine address, or `missing`: the link that should lead to the next index page. */
export function locate(
  k: Kernel,
  info: Addr,
  index: number,
): { readonly entry: Addr } | { readonly missing: Addr } | null {
  const path = shmemIndexPath(index);
  if (path === null) return null;
  if ("direct" in path) return { entry: info + shmemInodeInfo.offset.i_direct + path.direct * 4 };
  const slots = "l2" in path ? path.l2 : path.l3;
  let link = info + shmemInodeInfo.offset.i_indirect;
  for (const slot of slots) {
    const table = k.memory.u32[link >>> 2]!;
    if (table === 0) return { missing: link };
    link = indexSlot(k, table, slot);
  }
  return { entry: link };
}

/** shmem_swp_entry: machine address of the entry, 0 while an index page is missing. */
export function shmemSwpEntry(k: Kernel, info: Addr, index: number): Addr {
  const place = locate(k, info, index);
  return place !== null && "entry" in place ? place.entry : 0;
}

/**
 * shmem_swp_alloc: the entry's address, with the index pages that it needs.
 * @returns 0 for a hole that is only read; -EINVAL beyond the size, -ENOSPC, -ENOMEM.
 */
export function shmemSwpAlloc(k: Kernel, inode: Addr, index: number, sgp: Sgp): number {
  if (sgp !== "write" && index * PAGE_SIZE >= sizeOfInode(k, inode)) return -EINVAL;
  const info = infoOf(k, inode);
  for (;;) {
    const place = locate(k, info, index);
    if (place === null) return -EINVAL;
    if ("entry" in place) {
      reach(k, info, index);
      return place.entry;
    }
    if (sgp === "read") return 0;
    const error = addIndexPage(k, inode, index, place.missing);
    if (error !== 0) return error;
    reach(k, info, index);
  }
}

function reach(k: Kernel, info: Addr, index: number): void {
  const next = infoAt(info, "next_index");
  if (k.memory.u32[next]! <= index) k.memory.u32[next] = index + 1;
}

/** The last free block of a mount is kept for data: an index page alone would be of no use. */
function addIndexPage(k: Kernel, inode: Addr, index: number, link: Addr): number {
  const info = infoOf(k, inode);
  const sbinfo = k.memory.u32[infoAt(info, "sbinfo")]!;
  if (sbinfo !== 0 && freeBlocks(k, sbinfo) <= 1) return -ENOSPC;
  takeBlock(k, info);
  const page = allocPages(k, GFP_HIGHUSER | __GFP_ZERO, 0);
  if (page === 0) {
    giveBlocks(k, info, 1);
    return -ENOMEM;
  }
  k.memory.u32[(page >>> 2) + NR_SWAPPED] = 0;
  k.memory.u32[link >>> 2] = page;
  if (k.events !== null)
    k.events.push({ kind: "shmem-index-page", ino: inoOf(k, inode), index, pfn: pageToPfn(k, page) });
  return 0;
}

/** shmem_swp_set: the entry and the counts of swapped pages, of the file and of the index page. */
export function shmemSwpSet(k: Kernel, info: Addr, entry: Addr, value: SwapEntry): void {
  const w = k.memory.u32;
  const change = value !== 0 ? 1 : -1;
  w[entry >>> 2] = value;
  w[infoAt(info, "swapped")]! += change;
  // Entries in the inode itself lie in a slab, all others in an index page.
  const direct = info + shmemInodeInfo.offset.i_direct;
  if (entry >= direct && entry < direct + 64) return;
  if (isContents(k, entry)) w[(addressToPage(k, entry) >>> 2) + NR_SWAPPED]! += change;
}

export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE);
}

/** shmem_acct_size: charges a file that is paid in advance. @returns 0 or -ENOMEM. */
export function acctSize(k: Kernel, flags: number, bytes: number): number {
  return (flags & VM_ACCOUNT) !== 0 ? k.ops.vmEnoughMemory(k, pagesOf(bytes)) : 0;
}

export function unacctSize(k: Kernel, flags: number, bytes: number): void {
  if ((flags & VM_ACCOUNT) !== 0) k.ops.vmUnacctMemory(k, pagesOf(bytes));
}

/** shmem_acct_block: charges one page of a file that is paid page by page. @returns 0 or -ENOMEM. */
export function acctBlock(k: Kernel, flags: number): number {
  return (flags & VM_ACCOUNT) !== 0 ? 0 : k.ops.vmEnoughMemory(k, 1);
}

export function unacctBlocks(k: Kernel, flags: number, pages: number): void {
  if ((flags & VM_ACCOUNT) === 0) k.ops.vmUnacctMemory(k, pages);
}

export function freeBlocks(k: Kernel, sbinfo: Addr): number {
  return k.memory.u32[(sbinfo + shmemSbInfo.offset.free_blocks) >>> 2]!;
}

/** One page (8 blocks of 512 bytes) of the mount goes to the file. The internal mount does not count. */
export function takeBlock(k: Kernel, info: Addr): void {
  changeBlocks(k, info, 1);
}

/** shmem_free_blocks. */
export function giveBlocks(k: Kernel, info: Addr, pages: number): void {
  changeBlocks(k, info, -pages);
}

function changeBlocks(k: Kernel, info: Addr, pages: number): void {
  const w = k.memory.u32;
  const sbinfo = w[infoAt(info, "sbinfo")]!;
  if (sbinfo === 0) return;
  w[(sbinfo + shmemSbInfo.offset.free_blocks) >>> 2]! -= pages;
  w[infoAt(info, "i_blocks")]! += pages * BLOCKS_PER_PAGE;
}

/** shmem_recalc_inode: reclaim drops clean pages of a file (holes that were only read) without telling; gives them back now. */
export function shmemRecalcInode(k: Kernel, inode: Addr): void {
  const w = k.memory.u32;
  const info = infoOf(k, inode);
  const nrpages = w[(mappingOf(inode) + addressSpace.offset.nrpages) >>> 2]!;
  const freed = w[infoAt(info, "alloced")]! - w[infoAt(info, "swapped")]! - nrpages;
  if (freed <= 0) return;
  w[infoAt(info, "alloced")]! -= freed;
  if (k.events !== null) k.events.push({ kind: "shmem-recalc", ino: inoOf(k, inode), freed });
  unacctBlocks(k, w[infoAt(info, "flags")]!, freed);
  giveBlocks(k, info, freed);
}
