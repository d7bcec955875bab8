// Writing to files: into the page cache first, to the disk later.
// Source:     Linux 2.6.11 mm/filemap.c (generic_file_buffered_write, __grab_cache_page), fs/buffer.c (block_prepare_write,
//             generic_commit_write, block_write_full_page), fs/mpage.c (mpage_writepage)
// Simplified: a block is a page, so a page needs reading only when it is written in part and lies within the file.
import { PAGE_SIZE } from "../constants";
import { EBADF, EFBIG, ENOMEM } from "../errno";
import { frameAt, pageToPfn, peekFrame, zeroFrame } from "../frames";
import type { AddressSpaceOps, Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pageIndex, pageMapping, setPageFlag, testPageFlag } from "../page-fields";
import { markPageAccessed, pagevecLruAdd, putPage } from "../reclaim/lru";
import { PAGEVEC_SIZE } from "../reclaim/structs";
import { addressSpace, FMODE_WRITE, file as fileStruct, inode } from "../structs-mm";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { submitRead, submitWrite } from "./block-io";
import { createEmptyBuffers } from "./buffers";
import { MAX_FILE_BYTES, readBlock, writeBlock } from "./disk";
import { fileReadpage } from "./filemap";
import { I_BUFFERS, setInodeSize } from "./inode";
import { addToPageCache, findGetPage, lockPage, setPageDirty, setPageWriteback, unlockPage } from "./page-cache";
import { balanceDirtyPagesRatelimited } from "./page-writeback";

export const fileAOps: AddressSpaceOps = {
  name: "file",
  readpage: fileReadpage,
  writepage: fileWritepage,
  setPageDirty: null,
};

/**
 * Writes bytes at `pos`; the file grows if they reach beyond its end. May write back dirty pages on the way.
 * @returns bytes written; -EBADF if the file is not open for writing; -EFBIG; -ENOMEM before the first byte.
 */
export function fileWrite(k: Kernel, file: Addr, pos: number, bytes: Uint8Array): number {
  const w = k.memory.u32;
  if ((w[(file + fileStruct.offset.f_mode) >>> 2]! & FMODE_WRITE) === 0) return -EBADF;
  if (pos + bytes.length > MAX_FILE_BYTES) return -EFBIG;
  const host = w[(file + fileStruct.offset.f_inode) >>> 2]!;
  let added: Addr[] = [];
  let done = 0;
  while (done < bytes.length) {
    const index = Math.floor((pos + done) / PAGE_SIZE);
    const offset = (pos + done) % PAGE_SIZE;
    const part = bytes.subarray(done, done + Math.min(PAGE_SIZE - offset, bytes.length - done));
    const page = grabCachePage(k, host + inode.offset.i_mapping, index, added);
    if (page === 0) break;
    if (added.length === PAGEVEC_SIZE) {
      pagevecLruAdd(k, added);
      added = [];
    }
    prepareWrite(k, page, host, index, part.length);
    k.memory.u8.set(part, frameAt(k, pageToPfn(k, page)) + offset);
    done += part.length;
    commitWrite(k, page, host, pos + done);
    unlockPage(k, page);
    markPageAccessed(k, page);
    putPage(k, page);
    balanceDirtyPagesRatelimited(k);
  }
  pagevecLruAdd(k, added);
  return done === 0 && bytes.length > 0 ? -ENOMEM : done;
}

/** The page, locked and with a reference; a new one is also noted in `added` with another, not yet on the LRU. */
function grabCachePage(k: Kernel, mapping: Addr, index: number, added: Addr[]): Addr {
  const cached = findGetPage(k, mapping, index);
  if (cached !== 0) {
    lockPage(k, cached);
    return cached;
  }
  const page = allocPages(k, GFP_HIGHUSER, 0);
  if (page === 0) return 0;
  if (addToPageCache(k, page, mapping, index) !== 0) {
    putPage(k, page);
    return 0;
  }
  added.push(page);
  return findGetPage(k, mapping, index);
}

function prepareWrite(k: Kernel, page: Addr, host: Addr, index: number, bytes: number): void {
  if (testPageFlag(k, page, "PG_uptodate") || bytes === PAGE_SIZE) return;
  if (index * PAGE_SIZE >= sizeOf(k, host)) zeroFrame(k, pageToPfn(k, page));
  else {
    readBlock(k, inoOf(k, host), index, pageToPfn(k, page));
    submitRead(k, page);
  }
}

function commitWrite(k: Kernel, page: Addr, host: Addr, end: number): void {
  setPageFlag(k, page, "PG_uptodate");
  if ((k.memory.u32[(host + inode.offset.i_flags) >>> 2]! & I_BUFFERS) !== 0) createEmptyBuffers(k, page);
  setPageDirty(k, page);
  if (end > sizeOf(k, host)) setInodeSize(k, host, end);
}

/** writepage of regular files. A page beyond the end is not written; what a page holds beyond the end is cleared first. */
function fileWritepage(k: Kernel, page: Addr): number {
  const host = k.memory.u32[(pageMapping(k, page) + addressSpace.offset.host) >>> 2]!;
  const index = pageIndex(k, page);
  const inside = sizeOf(k, host) - index * PAGE_SIZE;
  if (inside <= 0) {
    unlockPage(k, page);
    return 0;
  }
  const pfn = pageToPfn(k, page);
  const frame = peekFrame(k, pfn);
  if (inside < PAGE_SIZE && frame !== 0) k.memory.u8.fill(0, frame + inside, frame + PAGE_SIZE);
  setPageWriteback(k, page);
  unlockPage(k, page);
  writeBlock(k, inoOf(k, host), index, pfn);
  submitWrite(k, page);
  return 0;
}

function sizeOf(k: Kernel, host: Addr): number {
  return k.memory.u32[(host + inode.offset.i_size) >>> 2]!;
}

function inoOf(k: Kernel, host: Addr): number {
  return k.memory.u32[(host + inode.offset.i_ino) >>> 2]!;
}
