// Which inodes have dirty pages, and since when.
// Theory:     an inode goes to the head of the list with its first dirty page and stays in place while more follow, so the tail is
//             the one that waits longest.
// Source:     Linux 2.6.11 fs/fs-writeback.c (__mark_inode_dirty), linux/fs.h (I_DIRTY_PAGES)
// Simplified: one file system; an inode's own fields (size, times) are on the disk as soon as they change.
import { jiffies } from "../current";
import type { Kernel } from "../kernel";
import { listAdd, listAddTail, listDel } from "../list";
import type { Addr } from "../machine";
import { inode } from "../structs-mm";
import { cacheVar } from "./cache-data";

const I_DIRTY_PAGES = 4;

const STATE = inode.offset.i_state >>> 2;

export function inodeDirty(k: Kernel, host: Addr): boolean {
  return (k.memory.u32[(host >>> 2) + STATE]! & I_DIRTY_PAGES) !== 0;
}

/** The inode has a dirty page: from now on it waits to be written. */
export function markInodeDirty(k: Kernel, host: Addr): void {
  if (inodeDirty(k, host)) return;
  const w = k.memory.u32;
  w[(host >>> 2) + STATE]! |= I_DIRTY_PAGES;
  queueDirty(k, host, cacheVar(k, "s_dirty"));
}

/** To the head of a list of dirty inodes, as dirty since now. */
export function queueDirty(k: Kernel, host: Addr, list: Addr): void {
  const w = k.memory.u32;
  takeOff(k, host);
  w[(host + inode.offset.dirtied_when) >>> 2] = jiffies(k);
  listAdd(w, host + inode.offset.i_dirty, list);
}

/** To the tail of a list of dirty inodes, as dirty as long as before: the periodic writer did not get through with it. */
export function keepDirty(k: Kernel, host: Addr, list: Addr): void {
  takeOff(k, host);
  listAddTail(k.memory.u32, host + inode.offset.i_dirty, list);
}

/** The inode has no dirty pages any more. */
export function markInodeClean(k: Kernel, host: Addr): void {
  k.memory.u32[(host >>> 2) + STATE]! &= ~I_DIRTY_PAGES;
  takeOff(k, host);
}

function takeOff(k: Kernel, host: Addr): void {
  const link = host + inode.offset.i_dirty;
  if (k.memory.u32[link >>> 2] !== 0) listDel(k.memory.u32, link);
}
