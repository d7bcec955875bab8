// What happens by the clock: arrays that nobody uses are drained, free slabs that nobody needs go back, grace periods end.
// Theory:     an array or a list of free slabs that was used since the last look is spared once. A fifth of an idle array's limit goes
//             back each time, oldest first; of the free slabs about a fifth of `free_limit`.
// Source:     Linux 2.6.11 mm/slab.c (cache_reap, drain_array_locked, start_cpu_timer), kernel/rcupdate.c (call_rcu); Gorman 8.1.6
// Simplified: time is `jiffies`, moved by the driver of the machine, which calls `slabTimer`. A grace period ends with the first tick
//             after the slab was given up.
import { jiffies } from "../current";
import type { Kernel } from "../kernel";
import { listDel } from "../list";
import type { Addr } from "../machine";
import { caches } from "./chain";
import type { ArrayName } from "./events";
import {
  AC_LIMIT,
  AVAIL,
  acData,
  CACHE_FLAGS,
  cacheName,
  ENTRIES,
  FREE_LIMIT,
  FREE_OBJECTS,
  FREE_TOUCHED,
  global,
  NEXT_REAP,
  NUM,
  REAPED,
  SHARED,
  SLABS_FREE,
  TOUCHED,
} from "./fields";
import { REAPTIMEOUT_CPUC, REAPTIMEOUT_LIST3, SLAB_NO_REAP } from "./flags";
import { freeBlock, freeSlab, slabDestroy } from "./free";
import { slabRcu } from "./structs";

/** Gives the oldest objects of an array back: all by `force`, else some, unless it was used since the last look. */
export function drainArray(k: Kernel, cache: Addr, array: Addr, name: ArrayName, why: "idle" | "force"): void {
  const w = k.memory.u32;
  const a = array >>> 2;
  const avail = w[a + AVAIL]!;
  if (w[a + TOUCHED] !== 0 && why === "idle") {
    w[a + TOUCHED] = 0;
    if (k.events !== null) k.events.push({ kind: "slab-touched", cache: cacheName(k, cache), array: name });
    return;
  }
  if (avail === 0) return;
  let objects = why === "force" ? avail : Math.floor((w[a + AC_LIMIT]! + 4) / 5);
  if (objects > avail) objects = (avail + 1) >> 1;
  if (k.events !== null) k.events.push({ kind: "slab-drain", cache: cacheName(k, cache), array: name, objects, why });
  freeBlock(k, cache, (a + ENTRIES) * 4, objects);
  const now = k.memory.u32;
  now[a + AVAIL] = avail - objects;
  now.copyWithin(a + ENTRIES, a + ENTRIES + objects, a + ENTRIES + avail);
}

/** One round over all caches. */
export function cacheReap(k: Kernel): void {
  for (const cache of caches(k)) reapCache(k, cache);
}

/** What one round does to one cache. */
function reapCache(k: Kernel, cache: Addr): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  if ((w[c + CACHE_FLAGS]! & SLAB_NO_REAP) !== 0) return;
  drainArray(k, cache, acData(k, cache), "cpu", "idle");
  if (timeAfter(k.memory.u32[c + NEXT_REAP]!, jiffies(k))) return;
  k.memory.u32[c + NEXT_REAP] = jiffies(k) + REAPTIMEOUT_LIST3;
  const shared = k.memory.u32[c + SHARED]!;
  if (shared !== 0) drainArray(k, cache, shared, "shared", "idle");
  const now = k.memory.u32;
  if (now[c + FREE_TOUCHED] !== 0) {
    now[c + FREE_TOUCHED] = 0;
    if (k.events !== null) k.events.push({ kind: "slab-spare", cache: cacheName(k, cache) });
    return;
  }
  const most = Math.max(1, Math.floor((now[c + FREE_LIMIT]! + 5 * now[c + NUM]! - 1) / (5 * now[c + NUM]!)));
  const slabs = destroyFree(k, cache, Math.min(most, k.pages));
  if (k.events !== null) k.events.push({ kind: "slab-reap", cache: cacheName(k, cache), slabs, most });
}

/** Destroys up to `most` slabs from the head of the free list. */
function destroyFree(k: Kernel, cache: Addr, most: number): number {
  const c = cache >>> 2;
  const head = cache + SLABS_FREE;
  let slabs = 0;
  for (; slabs < most; slabs++) {
    const w = k.memory.u32;
    const slab = w[head >>> 2]!;
    if (slab === head) break;
    listDel(w, slab);
    w[c + REAPED]!++;
    w[c + FREE_OBJECTS]! -= w[c + NUM]!;
    slabDestroy(k, cache, slab);
  }
  return slabs;
}

/** The work of a tick: ends grace periods, and every 2 seconds a round of cache_reap. */
export function slabTimer(k: Kernel): void {
  endGracePeriod(k);
  const expires = global(k, "reap_expires") >>> 2;
  if (timeAfter(k.memory.u32[expires]!, jiffies(k))) return;
  cacheReap(k);
  k.memory.u32[expires] = jiffies(k) + REAPTIMEOUT_CPUC;
}

/** Frees the slabs that were given up before this jiffy. */
export function endGracePeriod(k: Kernel): void {
  const now = jiffies(k);
  freeQueued(k, (queued) => queued !== now);
}

/** Waits until every slab given up so far is free (synchronize_kernel). */
export function synchronizeKernel(k: Kernel): void {
  freeQueued(k, () => true);
}

function freeQueued(k: Kernel, over: (queued: number) => boolean): void {
  const head = global(k, "rcu_head") >>> 2;
  let slabs = 0;
  for (; slabs < k.pages; slabs++) {
    const w = k.memory.u32;
    const slab = w[head]!;
    if (slab === 0 || !over(w[(slab + slabRcu.offset.queued) >>> 2]!)) break;
    w[head] = w[(slab + slabRcu.offset.next) >>> 2]!;
    if (w[head] === 0) w[global(k, "rcu_tail") >>> 2] = 0;
    freeSlab(k, w[(slab + slabRcu.offset.cachep) >>> 2]!, slab, w[(slab + slabRcu.offset.addr) >>> 2]!);
  }
  if (slabs > 0 && k.events !== null) k.events.push({ kind: "slab-rcu", slabs });
}

/** Slab pages freed since the last call: what a reclaimer adds to its own count (reclaim_state). */
export function takeReclaimedSlab(k: Kernel): number {
  const at = global(k, "reclaimed_slab") >>> 2;
  const pages = k.memory.u32[at]!;
  k.memory.u32[at] = 0;
  return pages;
}

/** Is `a` later than `b`? Right across the wrap of the counter. */
function timeAfter(a: number, b: number): boolean {
  return ((b - a) | 0) < 0;
}
