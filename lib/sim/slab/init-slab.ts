// kmem_cache_init: how the allocator that allocates everything allocates itself.
// Theory:     descriptors of caches come from a cache, so that one is static; arrays come from kmalloc, so the first two have one static
//             entry. Sizes are made in increasing order because a larger one may need a smaller one for its descriptors. At the end
//             every cache gets its usual arrays.
// Source:     Linux 2.6.11 mm/slab.c (kmem_cache_init, cpucache_init, start_cpu_timer); Gorman 8.4, 8.6
// Simplified: -
import { PAGE_SHIFT } from "../constants";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listAdd, listInit } from "../list";
import type { Addr } from "../machine";
import { GFP_KERNEL } from "../zones/gfp";
import { caches } from "./chain";
import { bootArray, FULL, fillCache, kmemCacheCreate } from "./create";
import { acData, CACHE_ARRAY, CACHE_FLAGS, global, NEXT_REAP } from "./fields";
import { REAPTIMEOUT_LIST3, SLAB_CACHE_DMA, SLAB_HWCACHE_ALIGN, SLAB_NO_REAP, SLAB_PANIC } from "./flags";
import { cacheEstimate, isOffSlab } from "./geometry";
import { kmalloc, kmallocSizes } from "./kmalloc";
import { HEADER } from "./slab";
import { arraycacheInit, cacheSizes, kmemCache } from "./structs";
import { enableCpucache } from "./tune";

/** A machine of more memory than this uses slabs of more than one page more readily. */
const LARGE_MACHINE_PAGES = (32 << 20) >>> PAGE_SHIFT;
/** Jiffies until the first round of cache_reap. */
const FIRST_REAP = 1000;

/** Starts the slab allocator on a machine whose page allocator works. @throws KernelBug `cache-panic` on a machine too small for it. */
export function initSlab(k: Kernel): void {
  const w = k.memory.u32;
  w[global(k, "slab_break_gfp_order") >>> 2] = k.pages > LARGE_MACHINE_PAGES ? 1 : 0;
  listInit(w, global(k, "cache_chain"));
  makeCacheCache(k);
  makeGeneralCaches(k);
  replaceArray(k, global(k, "cache_cache"));
  replaceArray(k, w[(global(k, "malloc_sizes") + cacheSizes.offset.cs_cachep) >>> 2]!);
  for (const cache of caches(k)) enableCpucache(k, cache);
  w[global(k, "g_cpucache_up") >>> 2] = FULL;
  w[global(k, "reap_expires") >>> 2] = FIRST_REAP;
}

/** The cache of cache descriptors, itself in static memory. */
function makeCacheCache(k: Kernel): void {
  const { l1, bufctl } = k.config;
  const cache = global(k, "cache_cache");
  const size = Math.ceil(kmemCache.size / l1) * l1;
  const { num, left } = cacheEstimate(0, size, l1, "on-slab", { header: HEADER, bufctl });
  const slabSize = Math.ceil((HEADER + num * bufctl) / l1) * l1;
  const colour = Math.floor(left / l1);
  const geometry = { size, align: l1, order: 0, num, offSlab: false, slabSize, left, colour, colourOff: l1 };
  fillCache(k, cache, "kmem_cache", SLAB_NO_REAP, geometry);
  bootArray(k, cache, global(k, "initarray_cache"));
  k.memory.u32[(cache >>> 2) + NEXT_REAP] = REAPTIMEOUT_LIST3 + (cache % REAPTIMEOUT_LIST3);
  listAdd(k.memory.u32, cache + kmemCache.offset.next, global(k, "cache_chain"));
}

/** size-32 and so on, each with its twin in ZONE_DMA. A descriptor must fit the largest on-slab size so far. */
function makeGeneralCaches(k: Kernel): void {
  const flags = SLAB_HWCACHE_ALIGN | SLAB_PANIC;
  let at = global(k, "malloc_sizes");
  for (const size of kmallocSizes(k.config.l1)) {
    const cache = kmemCacheCreate(k, { name: `size-${size}`, size, flags });
    const w = k.memory.u32;
    w[(at + cacheSizes.offset.cs_size) >>> 2] = size;
    w[(at + cacheSizes.offset.cs_cachep) >>> 2] = cache;
    if (!isOffSlab(w[(cache >>> 2) + CACHE_FLAGS]!))
      w[global(k, "offslab_limit") >>> 2] = Math.floor((size - HEADER) / k.config.bufctl);
    const twin = kmemCacheCreate(k, { name: `size-${size}(DMA)`, size, flags: flags | SLAB_CACHE_DMA });
    k.memory.u32[(at + cacheSizes.offset.cs_dmacachep) >>> 2] = twin;
    at += cacheSizes.size;
  }
}

/** A copy of a static array in memory that can be freed. */
function replaceArray(k: Kernel, cache: Addr): void {
  const array = kmalloc(k, arraycacheInit.size, GFP_KERNEL);
  if (array === 0) throw new KernelBug("cache-panic", { size: arraycacheInit.size });
  const old = acData(k, cache);
  const w = k.memory.u32;
  w.copyWithin(array >>> 2, old >>> 2, (old + arraycacheInit.size) >>> 2);
  w[(cache >>> 2) + CACHE_ARRAY] = array;
}
