// Overcommit: how much memory the kernel promises.
// Theory:     a mapping costs nothing until it is touched, so more can be promised than there is. Three policies: guess whether it could
//             possibly work out (0), promise everything (1), or keep the sum of all promises below swap plus a share of RAM (2).
// Source:     Linux 2.6.11 mm/mmap.c (__vm_enough_memory), security/commoncap.c (cap_vm_enough_memory), linux/mman.h
//             (vm_acct_memory, vm_unacct_memory); Documentation/vm/overcommit-accounting; Gorman 13.1
// Simplified: one CPU, so the sum is exact at any time. No huge pages.
import { cacheData } from "../cache/structs";
import { CAP_SYS_ADMIN } from "../capabilities";
import { current } from "../current";
import { ENOMEM } from "../errno";
import { getTask } from "../fault/task";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { capable } from "../mm/limits";
import { getMm } from "../mm/vma";
import { slabData } from "../slab/structs";
import { zone as zoneStruct } from "../structs";
import { swapData } from "../swap/structs";
import { zonesData } from "../zones/structs";
import { outOfMemory } from "./oom-kill";
import { oomData } from "./structs";

export type OvercommitMode = 0 | 1 | 2;

/** What the decision looks at, in pages. */
export interface CommitState {
  readonly committed: number;
  readonly pageCache: number;
  readonly freeSwap: number;
  readonly totalSwap: number;
  readonly slabReclaimable: number;
  readonly freeRam: number;
  readonly totalRam: number;
  /** total_vm of the task that asks, 0 if it has no address space. */
  readonly totalVm: number;
  /** Percent of RAM that mode 2 may promise. */
  readonly ratio: number;
}

/**
 * Promises `pages` more.
 * @param who an "admin" may use the reserve of 1/32 as well.
 * @returns the new sum and 0, or the old one and -12. All arithmetic is that of unsigned 32-bit integers.
 */
export function enoughMemory(
  state: CommitState,
  pages: number,
  who: "admin" | "user",
  mode: OvercommitMode,
): { readonly committed: number; readonly rc: 0 | -12; readonly available: number } {
  const committed = (state.committed + pages) | 0;
  const yes = (available: number) => ({ committed, rc: 0, available }) as const;
  const no = (available: number) => ({ committed: state.committed, rc: -ENOMEM as -12, available }) as const;
  const spare = (count: number) => (who === "admin" ? count : count - Math.floor(count / 32));
  if (mode === 1) return yes(-1);
  if (mode === 0) {
    const easy = spare((state.pageCache + state.freeSwap + state.slabReclaimable) >>> 0);
    if (easy > pages) return yes(easy);
    const all = easy + spare(state.freeRam);
    return all > pages ? yes(all) : no(all);
  }
  const share = spare(Math.floor(((state.totalRam * state.ratio) >>> 0) / 100));
  const allowed = (share + state.totalSwap - Math.floor(state.totalVm / 32)) >>> 0;
  return committed >>> 0 < allowed ? yes(allowed) : no(allowed);
}

const COMMITTED = kernelData.offset.oom + oomData.offset.vm_committed_space;

/** Pages promised so far. */
export function committedPages(k: Kernel): number {
  return k.memory.i32[(k.data + COMMITTED) >>> 2]!;
}

export function commitState(k: Kernel): CommitState {
  const { i32, u32 } = k.memory;
  const at = (offset: number) => (k.data + offset) >>> 2;
  const { swap, zones, cache, slab } = kernelData.offset;
  const task = current(k);
  const mm = task === 0 ? 0 : getTask(u32, task, "mm");
  return {
    committed: committedPages(k),
    pageCache: u32[at(cache + cacheData.offset.nr_pagecache)]!,
    freeSwap: i32[at(swap + swapData.offset.nr_swap_pages)]!,
    totalSwap: i32[at(swap + swapData.offset.total_swap_pages)]!,
    slabReclaimable: u32[at(slab + slabData.offset.slab_reclaim_pages)]!,
    freeRam: k.zones.reduce((sum, { zone }) => sum + u32[(zone + zoneStruct.offset.free_pages) >>> 2]!, 0),
    totalRam: u32[at(zones + zonesData.offset.totalram_pages)]!,
    totalVm: mm === 0 ? 0 : getMm(u32, mm, "total_vm"),
    ratio: k.config.overcommit.ratio,
  };
}

/** __vm_enough_memory for the running task. @returns 0 and the pages are promised, or -12. */
export function vmEnoughMemory(k: Kernel, pages: number): number {
  const { mode } = k.config.overcommit;
  const answer = enoughMemory(commitState(k), pages, capable(k, CAP_SYS_ADMIN) ? "admin" : "user", mode);
  k.memory.i32[(k.data + COMMITTED) >>> 2] = answer.committed;
  if (k.events !== null) {
    const { available: free, committed, rc } = answer;
    k.events.push({ kind: "commit", pages, mode, free, committed, errno: rc === 0 ? 0 : -rc });
  }
  return answer.rc;
}

export function vmUnacctMemory(k: Kernel, pages: number): void {
  k.memory.i32[(k.data + COMMITTED) >>> 2]! -= pages;
  if (k.events !== null) k.events.push({ kind: "uncommit", pages, committed: committedPages(k) });
}

export function initOom(k: Kernel): void {
  k.ops.vmEnoughMemory = vmEnoughMemory;
  k.ops.vmUnacctMemory = vmUnacctMemory;
  k.ops.outOfMemory = outOfMemory;
}
