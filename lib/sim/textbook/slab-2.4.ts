// The slab allocator as Gorman's book describes it: where Linux 2.4 differs from 2.6.11.
// Theory:     a bufctl is a whole word, so fewer small objects fit; only SMP kernels have arrays, and longer ones. Under memory pressure
//             one cache is chosen from the next ten and loses half of its free slabs; there is no clock.
// Source:     Gorman 8.1, 8.1.7, 8.2, 8.5 (Linux 2.4.22 mm/slab.c: kmem_cache_estimate, enable_cpucache, kmem_cache_reap)
// Simplified: plain values; a cache that is growing just now is not passed over.
import type { Descriptor } from "../slab/geometry";

export const descriptor24: Descriptor = { header: 24, bufctl: 4 };

/** Entries of a CPU's array and of a batch by object size in bytes; null: no array. */
export function cpucache24(objsize: number): { readonly limit: number; readonly batchcount: number } | null {
  if (objsize > 4096) return null;
  const limit = objsize > 1024 ? 60 : objsize > 256 ? 124 : 252;
  return { limit, batchcount: limit / 2 };
}

/** Caches that one call of kmem_cache_reap looks at, and pages with which it looks no further. */
export const REAP_SCANLEN = 10;
const REAP_PERFECT = 10;

export interface ReapCandidate {
  /** SLAB_NO_REAP. */
  readonly noReap: boolean;
  /** It was grown since the last look, so it is passed over once. */
  readonly grown: boolean;
  readonly order: number;
  readonly constructed: boolean;
  readonly freeSlabs: number;
}

export interface Reaped {
  /** Index of the cache that loses slabs, null if no cache has free ones. */
  readonly cache: number | null;
  readonly slabs: number;
  /** Where the next call starts. */
  readonly next: number;
}

/** Which cache kmem_cache_reap picks, starting at `start` on the chain, and how many slabs it frees. */
export function kmemCacheReap24(caches: readonly ReapCandidate[], start: number): Reaped {
  let cache: number | null = null;
  let most = 0;
  let at = caches.length === 0 ? 0 : start % caches.length;
  for (let looked = 0; looked < Math.min(REAP_SCANLEN, caches.length); looked++) {
    const pages = worth(caches[at]!);
    const here = at;
    at = (at + 1) % caches.length;
    if (pages <= most) continue;
    most = pages;
    cache = here;
    if (pages >= REAP_PERFECT) break;
  }
  return { cache, slabs: cache === null ? 0 : (caches[cache]!.freeSlabs + 1) >> 1, next: at };
}

/** Pages of its free slabs; less if their objects were constructed or the slabs have several pages, which are harder to get. */
function worth({ noReap, grown, order, constructed, freeSlabs }: ReapCandidate): number {
  if (noReap || grown) return 0;
  let pages = freeSlabs << order;
  if (constructed) pages = Math.floor((pages * 4 + 1) / 5);
  if (order > 0) pages = Math.floor((pages * 4 + 1) / 5);
  return pages;
}
