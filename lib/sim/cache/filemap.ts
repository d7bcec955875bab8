// Pages of files: for a fault on a mapping, and for read().
// Theory:     both look into the page cache first. A miss of a fault reads around the place, because programs do not touch their code
//             in order; a miss of read() goes to read-ahead, because programs read files in order.
// Source:     Linux 2.6.11 mm/filemap.c (filemap_nopage, page_cache_read, do_generic_mapping_read), fs/mpage.c (mpage_readpage);
//             Gorman 10.2, 12.7
// Simplified: reads are done when they return and never fail. No ptrace of pages beyond the end of a file.
import { PAGE_SIZE } from "../constants";
import { EBADF, EEXIST, ENOMEM } from "../errno";
import { pageToPfn, peekFrame } from "../frames";
import { type Kernel, NOPAGE_OOM, NOPAGE_SIGBUS, type VmOps } from "../kernel";
import type { Addr } from "../machine";
import { pageIndex, pageMapping, setPageFlag } from "../page-fields";
import { modPageState } from "../page-state";
import { markPageAccessed, putPage } from "../reclaim/lru";
import { addressSpace, FMODE_READ, file as fileStruct, inode, vmAreaStruct } from "../structs-mm";
import { allocPages } from "../zones/alloc-pages";
import { __GFP_COLD, GFP_HIGHUSER } from "../zones/gfp";
import { submitRead } from "./block-io";
import { readBlock } from "./disk";
import { addToPageCacheLru, aOpsOf, findGetPage, unlockPage } from "./page-cache";
import { doPageCacheReadahead, handleRaMiss, maxSaneReadahead, pageCacheReadahead } from "./readahead";

/** So many more misses than hits, and reading around stops. */
const MMAP_LOTSAMISS = 100;
const VM_SEQ_READ = 0x8000;
const VM_RAND_READ = 0x10000;

export const fileVmOps: VmOps = { name: "file", open: null, close: null, nopage: filemapNopage };

/** The page for a fault at `address`, with one reference. Counts pgmajfault if it had to be read. */
export function filemapNopage(k: Kernel, vma: Addr, address: number): { page: Addr; major: boolean } {
  const w = k.memory.u32;
  const area = (name: keyof typeof vmAreaStruct.offset) => w[(vma + vmAreaStruct.offset[name]) >>> 2]!;
  const file = area("vm_file");
  const host = w[(file + fileStruct.offset.f_inode) >>> 2]!;
  const index = ((address - area("vm_start")) >>> 12) + area("vm_pgoff");
  if (index >= Math.ceil(w[(host + inode.offset.i_size) >>> 2]! / PAGE_SIZE))
    return { page: NOPAGE_SIGBUS, major: false };
  const flags = area("vm_flags");
  if ((flags & VM_SEQ_READ) !== 0) pageCacheReadahead(k, file, index, 1);
  const mapping = host + inode.offset.i_mapping;
  let major = false;
  let page = (flags & VM_RAND_READ) !== 0 ? 0 : findGetPage(k, mapping, index);
  if (page === 0 && (flags & VM_RAND_READ) === 0) {
    if ((flags & VM_SEQ_READ) !== 0) handleRaMiss(k, file);
    else major = readAround(k, file, index);
    if (major) page = findGetPage(k, mapping, index);
  }
  if (page === 0) {
    // What page_cache_read starts is not up to date yet when it is looked up again: a major fault, and a hit.
    const read = pageCacheRead(k, host, index);
    if (read === -ENOMEM) return { page: NOPAGE_OOM, major };
    if (!major) bump(k, file, "ra_mmap_hit");
    if (!major && read === 0) countMajor(k);
    major ||= read === 0;
    page = findGetPage(k, mapping, index);
  } else if (!major) bump(k, file, "ra_mmap_hit");
  if (page === 0) return { page: NOPAGE_OOM, major };
  markPageAccessed(k, page);
  if (k.events !== null)
    k.events.push({ kind: "file-nopage", pfn: pageToPfn(k, page), ino: inoOf(k, host), index, major });
  return { page, major };
}

/** A miss: reads the pages around, unless misses prevail. @returns whether it did. */
function readAround(k: Kernel, file: Addr, index: number): boolean {
  bump(k, file, "ra_mmap_miss");
  const w = k.memory.u32;
  const ra = (name: "ra_mmap_miss" | "ra_mmap_hit" | "ra_pages") => w[(file + fileStruct.offset[name]) >>> 2]!;
  if (ra("ra_mmap_miss") > ra("ra_mmap_hit") + MMAP_LOTSAMISS) return false;
  countMajor(k);
  const pages = maxSaneReadahead(k, ra("ra_pages"));
  const half = pages >>> 1;
  const host = w[(file + fileStruct.offset.f_inode) >>> 2]!;
  if (pages > 0) doPageCacheReadahead(k, host, index > half ? index - half : 0, pages);
  return true;
}

/** Reads one page into the cache. @returns 0; -EEXIST if it is there already; -ENOMEM. */
function pageCacheRead(k: Kernel, host: Addr, index: number): number {
  const mapping = host + inode.offset.i_mapping;
  const page = allocPages(k, GFP_HIGHUSER | __GFP_COLD, 0);
  if (page === 0) return -ENOMEM;
  const error = addToPageCacheLru(k, page, mapping, index);
  if (error === 0) k.aOps[aOpsOf(k, mapping)]!.readpage!(k, page);
  putPage(k, page);
  return error;
}

/**
 * Reads from byte `pos` on into `into`. A page is marked as accessed once, however many reads in a row it serves.
 * @returns bytes read, 0 at the end of the file; -EBADF if it is not open for reading; -ENOMEM before the first byte.
 */
export function fileRead(k: Kernel, file: Addr, pos: number, into: Uint8Array): number {
  const w = k.memory.u32;
  if ((w[(file + fileStruct.offset.f_mode) >>> 2]! & FMODE_READ) === 0) return -EBADF;
  const host = w[(file + fileStruct.offset.f_inode) >>> 2]!;
  const size = w[(host + inode.offset.i_size) >>> 2]!;
  const last = Math.ceil((pos + into.length) / PAGE_SIZE);
  let index = Math.floor(pos / PAGE_SIZE);
  let previous = w[(file + fileStruct.offset.ra_prev_page) >>> 2]!;
  let wanted = index;
  let done = 0;
  while (done < into.length && pos + done < size) {
    const offset = (pos + done) % PAGE_SIZE;
    if (index === wanted) wanted = pageCacheReadahead(k, file, index, last - index);
    const page = readPage(k, file, host, index);
    if (page === 0) return done || -ENOMEM;
    if (previous !== index) markPageAccessed(k, page);
    previous = index;
    const bytes = Math.min(PAGE_SIZE - offset, size - pos - done, into.length - done);
    const frame = peekFrame(k, pageToPfn(k, page));
    if (frame === 0) into.fill(0, done, done + bytes);
    else into.set(k.memory.u8.subarray(frame + offset, frame + offset + bytes), done);
    putPage(k, page);
    done += bytes;
    index = Math.floor((pos + done) / PAGE_SIZE);
  }
  return done;
}

/** The page with a reference, read by itself if read-ahead did not bring it; 0 without memory. */
function readPage(k: Kernel, file: Addr, host: Addr, index: number): Addr {
  const mapping = host + inode.offset.i_mapping;
  const page = findGetPage(k, mapping, index);
  if (page !== 0) return page;
  handleRaMiss(k, file);
  const error = pageCacheRead(k, host, index);
  return error === 0 || error === -EEXIST ? findGetPage(k, mapping, index) : 0;
}

/** readpage of regular files: fills a locked page and unlocks it. */
export function fileReadpage(k: Kernel, page: Addr): void {
  const host = k.memory.u32[(pageMapping(k, page) + addressSpace.offset.host) >>> 2]!;
  readBlock(k, inoOf(k, host), pageIndex(k, page), pageToPfn(k, page));
  submitRead(k, page);
  setPageFlag(k, page, "PG_uptodate");
  unlockPage(k, page);
}

function inoOf(k: Kernel, host: Addr): number {
  return k.memory.u32[(host + inode.offset.i_ino) >>> 2]!;
}

function countMajor(k: Kernel): void {
  modPageState(k, "pgmajfault", 1);
}

function bump(k: Kernel, file: Addr, field: "ra_mmap_hit" | "ra_mmap_miss"): void {
  k.memory.u32[(file + fileStruct.offset[field]) >>> 2]! += 1;
}
