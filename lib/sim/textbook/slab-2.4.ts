// The slab allocator as Gorman's book describes it: where Linux 2.4 differs from 2.6.11.
// Theory:     a bufctl is a whole word, so fewer small objects fit; only SMP kernels have arrays, and longer ones.
// Source:     Gorman 8.1, 8.2, 8.5 (Linux 2.4.22 mm/slab.c: kmem_cache_estimate, enable_cpucache)
// Simplified: geometry and array sizes only; kmem_cache_reap, which freed half of the free slabs of one of ten caches, is not modelled.
import type { Descriptor } from "../slab/geometry";

export const descriptor24: Descriptor = { header: 24, bufctl: 4 };

/** Entries of a CPU's array and of a batch by object size in bytes; null: no array. */
export function cpucache24(objsize: number): { readonly limit: number; readonly batchcount: number } | null {
  if (objsize > 4096) return null;
  const limit = objsize > 1024 ? 60 : objsize > 256 ? 124 : 252;
  return { limit, batchcount: limit / 2 };
}
