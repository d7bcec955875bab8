// The global variables of files, the page cache and writeback.
// Source: Linux 2.6.11 fs/inode.c (inode_unused, inodes_stat), linux/fs.h (super_block: s_dirty, s_io), mm/filemap.c (nr_pagecache),
//         mm/page-writeback.c (total_pages, vm_dirty_ratio, dirty_background_ratio, ratelimit_pages, dirty_exceeded, laptop_mode),
//         lib/radix-tree.c (radix_tree_preload), linux/blkdev.h (nr_requests)
import { arrayOf, struct } from "../layout";
import { listHead } from "../structs";

/** The longest way through a tree of 32-bit indices at 6 bits a level. */
export const RADIX_TREE_MAX_PATH = 6;

/**
 * Nodes taken beforehand, so that an insertion never has to stop halfway for memory. An insertion that makes a low tree high needs
 * levels above the old root and a path of their own below the new one.
 */
const radixTreePreload = struct("radix_tree_preload", {
  nr: "u32",
  nodes: arrayOf("addr", 2 * RADIX_TREE_MAX_PATH - 1),
});

/** Writes under way, oldest first: a ring of page addresses that lies in a run of its own (`pages`, 0 before the first). */
export const requestQueue = struct("request_queue", { pages: "addr", first: "u32", nr: "u32", nr_requests: "u32" });

/**
 * A file as it lies on the disk. `i_initial`: bytes that read as their initial contents until they are written or cut off;
 * `i_block`: the run that names its blocks; `i_incore`: its inode while it has one in memory (the kernel's inode hash).
 */
export const diskInode = struct("disk_inode", {
  i_size: "u32",
  i_nlink: "u32",
  i_flags: "u32",
  i_initial: "u32",
  i_block: "addr",
  i_incore: "addr",
});

export const cacheData = struct("cache_data", {
  /** All inodes in memory, and those nobody holds, the youngest first. */
  inodes: listHead,
  inode_unused: listHead,
  nr_inodes: "u32",
  nr_unused: "u32",
  /** Inodes with dirty pages, the youngest first; those being written. */
  s_dirty: listHead,
  s_io: listHead,
  /** Run of addresses of runs of `disk_inode`; the number of files ever created. */
  disk: "addr",
  nr_files: "u32",
  preload: radixTreePreload,
  /** Pages in page caches and in the swap cache. */
  nr_pagecache: "u32",
  queue: requestQueue,
  /** Pages that can be cached, fixed at start-up. */
  total_pages: "u32",
  dirty_background_ratio: "u32",
  vm_dirty_ratio: "u32",
  ratelimit_pages: "u32",
  /** Pages dirtied since the limits were looked at last. */
  ratelimits: "u32",
  dirty_exceeded: "u32",
  laptop_mode: "u32",
  /** pdflush has been asked to run, and for how many pages at least. */
  pdflush_wanted: "u32",
  pdflush_pages: "i32",
  /** When the periodic writer runs next, jiffies. */
  wb_expires: "u32",
});
