// Pressure on caches of kernel objects, in proportion to the pressure on pages.
// Theory:     as large a part of a cache's objects is looked at as of the pages on the LRU lists; objects that cost more to bring back
//             (seeks) less. What is too little for a call is owed until the next time.
// Source:     Linux 2.6.11 mm/vmscan.c (shrink_slab, set_shrinker)
import type { Kernel } from "../kernel";
import { modPageState } from "../page-state";
import { reclaimVar } from "./reclaim-data";
import { SWAP_CLUSTER_MAX } from "./scan-control";
import { MAX_SHRINKERS } from "./structs";

/** Objects a call. */
export const SHRINK_BATCH = 128;
const LONG_MAX = 0x7fffffff;

/** Objects that a cache has to look at for `scanned` of `lruPages` pages. Divisions truncate. */
export function shrinkerDelta(scanned: number, seeks: number, objects: number, lruPages: number): number {
  return Math.trunc((Math.trunc((4 * scanned) / seeks) * objects) / (lruPages + 1));
}

/** @param scanned pages looked at, 0 counts as 32. @param lruPages pages on the LRU lists. */
export function shrinkSlab(k: Kernel, scanned: number, gfp: number, lruPages: number): void {
  for (const [index, shrinker] of k.shrinkers.slice(0, MAX_SHRINKERS).entries()) {
    const owed = (reclaimVar(k, "shrinker_nr") >>> 2) + index;
    const objects = shrinker.shrink(k, 0, gfp);
    const more = k.memory.u32[owed]! + shrinkerDelta(scanned || SWAP_CLUSTER_MAX, shrinker.seeks, objects, lruPages);
    let total = Math.min(more, LONG_MAX);
    k.memory.u32[owed] = 0;
    if (k.events !== null && objects > 0)
      k.events.push({ kind: "shrink-slab", name: shrinker.name, scan: total, objects });
    for (; total >= SHRINK_BATCH; total -= SHRINK_BATCH) {
      if (shrinker.shrink(k, SHRINK_BATCH, gfp) === -1) break;
      modPageState(k, "slabs_scanned", SHRINK_BATCH);
    }
    k.memory.u32[owed]! += total;
  }
}
