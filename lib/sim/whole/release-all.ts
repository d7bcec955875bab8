// Gives everything back that can be given back, so that a machine can be compared with one that has just booted.
// Theory:     programs end, swap is switched off, files are written and leave the page cache, unused inodes go, slab caches shrink, per-CPU
//             lists are drained. What is left is what the kernel took at boot; anything more is a leak.
// Source:     Linux 2.6.11 kernel/exit.c (do_exit), mm/swapfile.c (sys_swapoff), fs/inode.c (prune_icache), mm/slab.c
//             (kmem_cache_shrink), mm/page_alloc.c (drain_local_pages)
// Simplified: requests of the kernel itself (kmalloc, vmalloc, alloc) are given back by whoever made them.
import { readCache } from "../cache/cache-data";
import { syncInode } from "../cache/fs-writeback";
import { pruneIcache } from "../cache/inode";
import { invalidateInodePages } from "../cache/truncate";
import { walkInodes } from "../cache/walk-inodes";
import { doExit } from "../fault/exit";
import { getTask, releaseTask, switchTo, taskList } from "../fault/task";
import type { Kernel } from "../kernel";
import { drainPcp } from "../pcp";
import { lruAddDrain } from "../reclaim/lru";
import { caches } from "../slab/chain";
import { kmemCacheShrink } from "../slab/create";
import { synchronizeKernel } from "../slab/reap";
import { inode } from "../structs-mm";
import { swapoff } from "../swap/area";
import { swapVar } from "../swap/swap-data";

export function releaseAll(k: Kernel): void {
  switchTo(k, 0);
  // Youngest first, so that nobody is handed to a parent that ends next.
  for (const task of taskList(k).toReversed()) doExit(k, task, 0);
  for (const task of taskList(k)) if (getTask(k.memory.u32, task, "mm") === 0) releaseTask(k, task);
  const areas = k.memory.u32[swapVar(k, "nr_swapfiles") >>> 2]!;
  for (let area = 0; area < areas; area++) swapoff(k, area);
  dropPageCache(k);
  lruAddDrain(k);
  synchronizeKernel(k);
  // Descriptors of one cache's slabs are objects of another, so one round may free work for the next.
  for (let round = 0; round < 3; round++) for (const cache of caches(k)) kmemCacheShrink(k, cache);
  for (const zone of k.zones) if (zone.pages > 0) drainPcp(zone);
}

/** Writes every file and forgets its pages, then the inodes that nobody uses. */
export function dropPageCache(k: Kernel): void {
  for (const at of walkInodes(k, "inodes", [])) {
    syncInode(k, at);
    invalidateInodePages(k, at + inode.offset.i_mapping);
  }
  pruneIcache(k, 2 * readCache(k, "nr_unused"));
}
