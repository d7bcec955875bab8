// kmem_cache_create and kmem_cache_destroy: a cache for one kind of object.
// Source:     Linux 2.6.11 mm/slab.c (kmem_cache_create, kmem_cache_destroy, kmem_cache_shrink, drain_cpu_caches); Gorman 8.1
// Simplified: who calls from an interrupt is not known. The name is copied into the cache.
import { PAGE_SIZE } from "../constants";
import { jiffies } from "../current";
import { virtOf } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listAdd, listDel, listEmpty, listInit } from "../list";
import type { Addr } from "../machine";
import { __GFP_DMA, GFP_KERNEL } from "../zones/gfp";
import { kmemCacheAlloc } from "./alloc";
import { findCache } from "./chain";
import { slabError } from "./debug";
import * as at from "./fields";
import { cacheName, global } from "./fields";
import {
  BOOT_CPUCACHE_ENTRIES,
  BYTES_PER_WORD,
  CFLGS_OFF_SLAB,
  CREATE_MASK,
  MAX_OBJ_ORDER,
  REAPTIMEOUT_LIST3,
  SLAB_CACHE_DMA,
  SLAB_DEBUG_INITIAL,
  SLAB_DEBUG_MASK,
  SLAB_DESTROY_BY_RCU,
  SLAB_PANIC,
  SLAB_POISON,
  SLAB_RED_ZONE,
  SLAB_STORE_USER,
} from "./flags";
import { kmemCacheFree, slabDestroy } from "./free";
import { cacheAlign, cacheGeometry, type Geometry, type GeometryEnv } from "./geometry";
import { kfree, kmalloc, kmemFindGeneralCachep } from "./kmalloc";
import { drainArray, synchronizeKernel } from "./reap";
import { HEADER } from "./slab";
import { arraycacheInit, CACHE_NAMELEN, kmemCache } from "./structs";
import { enableCpucache, ONLINE_CPUS } from "./tune";

/** Values of `slab_data.g_cpucache_up`. */
const NONE = 0;
const PARTIAL = 1;
export const FULL = 2;

export interface CacheSpec {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes, a power of two; absent or 0 for the usual alignment. */
  readonly align?: number;
  /** SLAB_*. */
  readonly flags?: number;
  /** From `registerCtor`; 0 for none. */
  readonly ctor?: number;
  readonly dtor?: number;
}

/** What geometry depends on in this machine now. */
function geometryEnv(k: Kernel): GeometryEnv {
  const w = k.memory.u32;
  return {
    header: HEADER,
    bufctl: k.config.bufctl,
    l1: k.config.l1,
    breakOrder: w[global(k, "slab_break_gfp_order") >>> 2]!,
    offslabLimit: w[global(k, "offslab_limit") >>> 2]!,
  };
}

/**
 * A new cache without any slab; 0 without memory or if no object fits.
 * @throws KernelBug `cache-name`, `cache-size`, `cache-flags`, `cache-destructor`; `cache-panic` instead of 0 with SLAB_PANIC.
 */
export function kmemCacheCreate(k: Kernel, spec: CacheSpec): Addr {
  const { name, size, ctor = 0, dtor = 0 } = spec;
  let flags = checkedFlags(k, spec);
  if (name === "" || name.length >= CACHE_NAMELEN || findCache(k, name) !== 0)
    throw new KernelBug("cache-name", { length: name.length });
  const cacheCache = global(k, "cache_cache");
  const cache = kmemCacheAlloc(k, cacheCache, GFP_KERNEL);
  if (cache === 0) return failed(flags, size);
  const aligned = cacheAlign(size, spec.align ?? 0, flags, k.config.l1);
  const geometry = cacheGeometry(aligned, geometryEnv(k));
  if (geometry === null) {
    kmemCacheFree(k, cacheCache, cache);
    return failed(flags, size);
  }
  flags = aligned.flags;
  const w = k.memory.u32;
  w.fill(0, cache >>> 2, (cache + kmemCache.size) >>> 2);
  fillCache(k, cache, name, flags, geometry);
  const c = cache >>> 2;
  if (geometry.offSlab) w[c + at.SLABP_CACHE] = kmemFindGeneralCachep(k, geometry.slabSize, 0);
  w[c + at.CTOR] = ctor;
  w[c + at.DTOR] = dtor;
  w[c + at.REALLEN] = Math.ceil(size / BYTES_PER_WORD) * BYTES_PER_WORD;
  if ((flags & SLAB_RED_ZONE) !== 0) w[c + at.DBGHEAD] = BYTES_PER_WORD;
  setArrays(k, cache);
  const now = jiffies(k);
  w[c + at.NEXT_REAP] = now + REAPTIMEOUT_LIST3 + (virtOf(k, cache) % REAPTIMEOUT_LIST3);
  listAdd(k.memory.u32, cache + kmemCache.offset.next, global(k, "cache_chain"));
  if (k.events !== null)
    k.events.push({
      kind: "slab-create",
      cache: name,
      objsize: geometry.size,
      num: geometry.num,
      order: geometry.order,
      offSlab: geometry.offSlab,
    });
  return cache;
}

function failed(flags: number, size: number): 0 {
  if ((flags & SLAB_PANIC) !== 0) throw new KernelBug("cache-panic", { size });
  return 0;
}

/** The flags that count, with those that a kernel with slab debugging adds. */
function checkedFlags(k: Kernel, { size, flags: asked = 0, ctor = 0, dtor = 0 }: CacheSpec): number {
  let flags = asked;
  if (!(size >= BYTES_PER_WORD && size <= PAGE_SIZE << MAX_OBJ_ORDER)) throw new KernelBug("cache-size", { size });
  if (dtor !== 0 && ctor === 0) throw new KernelBug("cache-destructor", { size });
  if (k.config.debugSlab) {
    if (ctor === 0) flags &= ~SLAB_DEBUG_INITIAL;
    if (size < PAGE_SIZE || 32 - Math.clz32(size - 1) === 32 - Math.clz32(size - 1 + 3 * BYTES_PER_WORD))
      flags |= SLAB_RED_ZONE | SLAB_STORE_USER;
    if ((flags & SLAB_DESTROY_BY_RCU) === 0) flags |= SLAB_POISON;
    else if ((flags & SLAB_POISON) !== 0) throw new KernelBug("cache-flags", { flags: asked });
  }
  const known = k.config.debugSlab ? CREATE_MASK | SLAB_DEBUG_MASK : CREATE_MASK;
  if ((flags & ~known) !== 0 || ((flags & SLAB_DESTROY_BY_RCU) !== 0 && dtor !== 0))
    throw new KernelBug("cache-flags", { flags: asked });
  return flags;
}

/** Everything that does not depend on how far the start is. */
export function fillCache(k: Kernel, cache: Addr, name: string, flags: number, geometry: Geometry): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  w[c + at.CACHE_FLAGS] = (flags | (geometry.offSlab ? CFLGS_OFF_SLAB : 0)) >>> 0;
  w[c + at.OBJSIZE] = geometry.size;
  w[c + at.NUM] = geometry.num;
  w[c + at.GFPORDER] = geometry.order;
  w[c + at.GFPFLAGS] = (flags & SLAB_CACHE_DMA) !== 0 ? __GFP_DMA : 0;
  w[c + at.COLOUR] = geometry.colour;
  w[c + at.COLOUR_OFF] = geometry.colourOff;
  w[c + at.SLAB_SIZE] = geometry.slabSize;
  for (const list of [at.SLABS_PARTIAL, at.SLABS_FULL, at.SLABS_FREE]) listInit(w, cache + list);
  for (let index = 0; index < name.length; index++)
    k.memory.u8[cache + kmemCache.offset.name + index] = name.charCodeAt(index);
}

/** The usual arrays, or while the allocator starts one entry: in static memory for the first cache, kmalloc'ed for the next ones. */
function setArrays(k: Kernel, cache: Addr): void {
  const up = global(k, "g_cpucache_up") >>> 2;
  if (k.memory.u32[up] === FULL) {
    enableCpucache(k, cache);
    return;
  }
  let array = global(k, "initarray_generic");
  if (k.memory.u32[up] === NONE) k.memory.u32[up] = PARTIAL;
  else array = kmalloc(k, arraycacheInit.size, GFP_KERNEL);
  bootArray(k, cache, array);
}

export function bootArray(k: Kernel, cache: Addr, array: Addr): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  w[(array >>> 2) + at.AVAIL] = 0;
  w[(array >>> 2) + at.AC_LIMIT] = BOOT_CPUCACHE_ENTRIES;
  w[(array >>> 2) + at.AC_BATCHCOUNT] = 1;
  w[(array >>> 2) + at.TOUCHED] = 0;
  w[c + at.CACHE_ARRAY] = array;
  w[c + at.CACHE_BATCHCOUNT] = 1;
  w[c + at.CACHE_LIMIT] = BOOT_CPUCACHE_ENTRIES;
  w[c + at.FREE_LIMIT] = (1 + ONLINE_CPUS) * 1 + w[c + at.NUM]!;
}

/** Empties the arrays and gives every free slab back, last first. @returns 1 if slabs remain, else 0. */
export function kmemCacheShrink(k: Kernel, cache: Addr): 0 | 1 {
  const c = cache >>> 2;
  drainArray(k, cache, at.acData(k, cache), "cpu", "force");
  const shared = k.memory.u32[c + at.SHARED]!;
  if (shared !== 0) drainArray(k, cache, shared, "shared", "force");
  const head = cache + at.SLABS_FREE;
  let slabs = 0;
  for (; slabs < k.pages && !listEmpty(k.memory.u32, head); slabs++) {
    const w = k.memory.u32;
    const slab = w[(head + 4) >>> 2]!;
    listDel(w, slab);
    w[c + at.FREE_OBJECTS]! -= w[c + at.NUM]!;
    slabDestroy(k, cache, slab);
  }
  const w = k.memory.u32;
  const busy = !listEmpty(w, cache + at.SLABS_FULL) || !listEmpty(w, cache + at.SLABS_PARTIAL);
  if (k.events !== null) k.events.push({ kind: "slab-shrink", cache: cacheName(k, cache), slabs, busy });
  return busy ? 1 : 0;
}

/** Removes a cache. @returns 1 if objects are still in use: then it stays, first on the chain. */
export function kmemCacheDestroy(k: Kernel, cache: Addr): 0 | 1 {
  const c = cache >>> 2;
  const next = cache + kmemCache.offset.next;
  listDel(k.memory.u32, next);
  if (kmemCacheShrink(k, cache) === 1) {
    slabError(k, cache, 0, "objects-remain");
    listAdd(k.memory.u32, next, global(k, "cache_chain"));
    return 1;
  }
  if ((k.memory.u32[c + at.CACHE_FLAGS]! & SLAB_DESTROY_BY_RCU) !== 0) synchronizeKernel(k);
  if (k.events !== null) k.events.push({ kind: "slab-cache-destroy", cache: cacheName(k, cache) });
  kfree(k, at.acData(k, cache));
  kfree(k, k.memory.u32[c + at.SHARED]!);
  k.memory.u32[c + at.SHARED] = 0;
  kmemCacheFree(k, global(k, "cache_cache"), cache);
  return 0;
}
