// Writing the dirty pages of inodes, those that wait longest first.
// Source:     Linux 2.6.11 fs/fs-writeback.c (writeback_inodes, sync_sb_inodes, __sync_single_inode), fs/mpage.c (mpage_writepages),
//             linux/writeback.h (writeback_control)
// Simplified: one file system. Syncing waits for each inode before the next.
import { jiffies } from "../current";
import { type Kernel, WRITEPAGE_ACTIVATE } from "../kernel";
import type { Addr } from "../machine";
import { getPage, pageIndex, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { addressSpace, inode } from "../structs-mm";
import { finishWrites, writeCongested, writesUnderWay } from "./block-io";
import { cacheVar } from "./cache-data";
import { keepDirty, markInodeClean, queueDirty } from "./dirty-inodes";
import { aOpsOf, clearPageDirtyForIo, lockPage, setPageDirty, unlockPage } from "./page-cache";
import { radixTreeGangLookup, radixTreeTagged, TAG_DIRTY } from "./radix-tree";

const BATCH = 14;

export interface WritebackControl {
  /** Counts down. */
  nrToWrite: number;
  /** Jiffies: only inodes that were dirtied no later; null for all. */
  readonly olderThanThis: number | null;
  /** Give up a file, and then all, when the queue is congested. */
  readonly nonblocking: boolean;
  readonly forKupdate: boolean;
  encounteredCongestion: boolean;
}

/** Writes pages of dirty inodes until `nrToWrite` is used up or none is left. */
export function writebackInodes(k: Kernel, wbc: WritebackControl): void {
  const io = cacheVar(k, "s_io");
  const dirty = cacheVar(k, "s_dirty");
  if (!wbc.forKupdate || empty(k, io)) spliceBehind(k, dirty, io);
  const start = jiffies(k);
  while (!empty(k, io) && wbc.nrToWrite > 0) {
    const at = k.memory.u32[(io >>> 2) + 1]! - inode.offset.i_dirty;
    if (wbc.nonblocking && writeCongested(k)) {
      wbc.encounteredCongestion = true;
      return;
    }
    const since = k.memory.u32[(at + inode.offset.dirtied_when) >>> 2]!;
    if (since > start || (wbc.olderThanThis !== null && since > wbc.olderThanThis)) return;
    writebackSingleInode(k, at, wbc);
  }
}

/** Writes everything of one inode and waits until it is on the disk. @returns pages written. */
export function syncInode(k: Kernel, at: Addr): number {
  const most = 0xffffffff;
  const wbc = {
    nrToWrite: most,
    olderThanThis: null,
    nonblocking: false,
    forKupdate: false,
    encounteredCongestion: false,
  };
  k.memory.u32[(at + inode.offset.i_mapping + addressSpace.offset.writeback_index) >>> 2] = 0;
  writebackSingleInode(k, at, wbc);
  finishWrites(k, writesUnderWay(k));
  return most - wbc.nrToWrite;
}

function writebackSingleInode(k: Kernel, at: Addr, wbc: WritebackControl): void {
  const mapping = at + inode.offset.i_mapping;
  mpageWritepages(k, mapping, wbc);
  if (!radixTreeTagged(k, mapping, TAG_DIRTY)) markInodeClean(k, at);
  else if (wbc.forKupdate) keepDirty(k, at, cacheVar(k, "s_dirty"));
  else queueDirty(k, at, cacheVar(k, "s_dirty"));
}

/** mpage_writepages: the dirty pages of a file from where the last call stopped, then from the start. */
function mpageWritepages(k: Kernel, mapping: Addr, wbc: WritebackControl): void {
  const saved = (mapping + addressSpace.offset.writeback_index) >>> 2;
  let index = k.memory.u32[saved]!;
  let fromStart = index === 0;
  for (;;) {
    const pages = radixTreeGangLookup(k, mapping, index, BATCH, TAG_DIRTY);
    if (pages.length === 0) {
      if (fromStart) break;
      fromStart = true;
      index = 0;
      continue;
    }
    for (const page of pages) getPage(k, page);
    const done = writePages(k, mapping, pages, wbc);
    index = pageIndex(k, pages.at(-1)!) + 1;
    for (const page of pages) putPage(k, page);
    if (done) break;
  }
  k.memory.u32[saved] = index;
}

function writePages(k: Kernel, mapping: Addr, pages: readonly Addr[], wbc: WritebackControl): boolean {
  let done = false;
  for (const page of pages) {
    if (done) break;
    if (testPageFlag(k, page, "PG_locked") || testPageFlag(k, page, "PG_writeback")) continue;
    lockPage(k, page);
    if (!clearPageDirtyForIo(k, page)) {
      unlockPage(k, page);
      continue;
    }
    if (k.aOps[aOpsOf(k, mapping)]!.writepage!(k, page) === WRITEPAGE_ACTIVATE) {
      setPageDirty(k, page);
      unlockPage(k, page);
    }
    wbc.nrToWrite -= 1;
    done = wbc.nrToWrite <= 0;
    if (wbc.nonblocking && writeCongested(k)) {
      wbc.encounteredCongestion = true;
      done = true;
    }
  }
  return done;
}

/** list_splice_init: what is on `from` goes to the head of `to`. */
function spliceBehind(k: Kernel, from: Addr, to: Addr): void {
  const w = k.memory.u32;
  if (empty(k, from)) return;
  const first = w[from >>> 2]!;
  const last = w[(from >>> 2) + 1]!;
  const next = w[to >>> 2]!;
  w[to >>> 2] = first;
  w[(first >>> 2) + 1] = to;
  w[last >>> 2] = next;
  w[(next >>> 2) + 1] = last;
  w[from >>> 2] = from;
  w[(from >>> 2) + 1] = from;
}

function empty(k: Kernel, list: Addr): boolean {
  return k.memory.u32[list >>> 2] === list;
}
