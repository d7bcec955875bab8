// kmalloc: memory by size instead of by kind of object, from general caches.
// Theory:     one cache for each of a few sizes; a request gets an object of the first size that is large enough. Whose object an
//             address is, kfree learns from its page.
// Source:     Linux 2.6.11 mm/slab.c (__kmalloc, kcalloc, kfree, ksize, kmem_find_general_cachep), linux/kmalloc_sizes.h; Gorman 8.4
// Simplified: -
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { __GFP_DMA } from "../zones/gfp";
import { kmemCacheAlloc } from "./alloc";
import { cacheName, global, OBJSIZE, REALLEN } from "./fields";
import { kmemCacheFree } from "./free";
import { pageCache, slabPage } from "./slab";
import { cacheSizes, MAX_CLASSES } from "./structs";

const INT_MAX = 0x7fffffff;

/** Sizes of the general caches in bytes for a cache line of `l1` bytes. */
export function kmallocSizes(l1: number): number[] {
  const sizes = [32, 64];
  if (l1 < 64) sizes.push(96);
  sizes.push(128);
  if (l1 < 128) sizes.push(192);
  for (let size = 256; size <= 131072; size *= 2) sizes.push(size);
  return sizes;
}

/** The size of the general cache that serves a request of `size` bytes, null if it is too large. */
export function kmallocClass(size: number, l1: number): number | null {
  return kmallocSizes(l1).find((each) => size <= each) ?? null;
}

/** The general cache for that size, 0 if it is too large or not made yet. */
export function kmemFindGeneralCachep(k: Kernel, size: number, gfp: number): Addr {
  const w = k.memory.u32;
  const field = (gfp & __GFP_DMA) !== 0 ? cacheSizes.offset.cs_dmacachep : cacheSizes.offset.cs_cachep;
  let at = global(k, "malloc_sizes");
  for (let index = 0; index < MAX_CLASSES && w[at >>> 2] !== 0; index++, at += cacheSizes.size)
    if (size <= w[at >>> 2]!) return w[(at + field) >>> 2]!;
  return 0;
}

/** Contiguous memory; 0 if there is none or the size is above 128 KiB. */
export function kmalloc(k: Kernel, size: number, gfp: number): Addr {
  const cache = kmemFindGeneralCachep(k, size, gfp);
  if (k.events !== null)
    k.events.push({ kind: "kmalloc", bytes: size, cache: cache === 0 ? null : cacheName(k, cache) });
  return cache === 0 ? 0 : kmemCacheAlloc(k, cache, gfp);
}

/** Zeroed memory for n times `size` bytes; 0 also when the product does not fit an int. */
export function kcalloc(k: Kernel, n: number, size: number, gfp: number): Addr {
  if (n !== 0 && size > Math.floor(INT_MAX / n)) return 0;
  const at = kmalloc(k, n * size, gfp);
  if (at !== 0) k.memory.u8.fill(0, at, at + n * size);
  return at;
}

/** Gives kmalloc's memory back; NULL is allowed. @throws KernelBug `not-slab-page` for an address in no slab. */
export function kfree(k: Kernel, at: Addr): void {
  if (at === 0) return;
  kmemCacheFree(k, pageCache(k, slabPage(k, at)), at);
}

/** Bytes that may be used at this address; 0 for NULL. */
export function ksize(k: Kernel, at: Addr): number {
  if (at === 0) return 0;
  const c = pageCache(k, slabPage(k, at)) >>> 2;
  const w = k.memory.u32;
  return k.config.debugSlab ? w[c + REALLEN]! : w[c + OBJSIZE]!;
}
