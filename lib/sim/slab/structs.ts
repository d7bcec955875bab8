// The structures of the slab allocator and its global variables. Field names are the kernel's.
// Source:     Linux 2.6.11 mm/slab.c (kmem_cache_s, kmem_list3, array_cache, struct slab, cache_sizes, initarray_cache)
// Simplified: one CPU; no locks. The name of a cache lies inside it. Statistics are always counted (the kernel has them with
//             CONFIG_DEBUG_SLAB only); ctor_calls and dtor_calls are ours.
import { arrayOf, struct } from "../layout";
import { listHead } from "../structs";

/** Followed by `limit` object addresses; the last of the first `avail` is handed out next. */
export const arrayCache = struct("array_cache", { avail: "u32", limit: "u32", batchcount: "u32", touched: "u32" });

/** One entry: the array of a cache that is made before kmalloc works. */
export const arraycacheInit = struct("arraycache_init", { cache: arrayCache, entries: arrayOf("addr", 1) });

export const kmemList3 = struct("kmem_list3", {
  slabs_partial: listHead,
  slabs_full: listHead,
  slabs_free: listHead,
  /** Objects in the slabs; those in arrays do not count. */
  free_objects: "u32",
  free_touched: "u32",
  /** Jiffies. */
  next_reap: "u32",
  /** An array_cache. */
  shared: "addr",
});

export const CACHE_NAMELEN = 32;

export const kmemCache = struct("kmem_cache", {
  array: arrayOf("addr", 1),
  batchcount: "u32",
  limit: "u32",
  lists: kmemList3,
  /** Bytes of an object with alignment and debug words. */
  objsize: "u32",
  flags: "u32",
  /** Objects a slab. */
  num: "u32",
  free_limit: "u32",
  gfporder: "u32",
  gfpflags: "u32",
  /** How many colours there are, the step between them in bytes, the next one. */
  colour: "u32",
  colour_off: "u32",
  colour_next: "u32",
  /** The general cache of the descriptors, 0 when they lie in the slab. */
  slabp_cache: "addr",
  /** Bytes of descriptor and bufctl array. */
  slab_size: "u32",
  /** Index + 1 of `Kernel.ctors`, 0 for none. */
  ctor: "u32",
  dtor: "u32",
  name: arrayOf("u8", CACHE_NAMELEN),
  /** On `slab_data.cache_chain`. */
  next: listHead,
  num_active: "u32",
  num_allocations: "u32",
  high_mark: "u32",
  grown: "u32",
  reaped: "u32",
  errors: "u32",
  max_freeable: "u32",
  allochit: "u32",
  allocmiss: "u32",
  freehit: "u32",
  freemiss: "u32",
  /** Debug: bytes before the object as its user sees it, and its size without padding and debug words. */
  dbghead: "u32",
  reallen: "u32",
  ctor_calls: "u32",
  dtor_calls: "u32",
});

/**
 * 24 bytes, then one bufctl (2 or 4 bytes) an object. `free` is a kmem_bufctl_t: with 2 bytes its upper half is padding that stays 0,
 * so a word holds it in both widths.
 */
export const slab = struct("slab", {
  list: listHead,
  /** From the first page to object 0, in bytes. */
  colouroff: "u32",
  s_mem: "addr",
  inuse: "u32",
  free: "u32",
});

/** What a descriptor becomes while its slab waits for the end of a grace period. */
export const slabRcu = struct("slab_rcu", { next: "addr", queued: "u32", cachep: "addr", addr: "addr" });

export const cacheSizes = struct("cache_sizes", { cs_size: "u32", cs_cachep: "addr", cs_dmacachep: "addr" });

/** 32 to 131072, with 96 and 192 at most 15 classes, and the end. */
export const MAX_CLASSES = 16;

export const slabData = struct("slab_data", {
  cache_chain: listHead,
  cache_cache: kmemCache,
  initarray_cache: arraycacheInit,
  initarray_generic: arraycacheInit,
  malloc_sizes: arrayOf(cacheSizes, MAX_CLASSES),
  /** 0 none: kmalloc does not work; 1 partial: arrays have one entry; 2 full. */
  g_cpucache_up: "u32",
  /** Most objects an off-slab slab may have: its descriptor must fit an on-slab general cache. */
  offslab_limit: "u32",
  slab_break_gfp_order: "u32",
  /** Pages of caches with SLAB_RECLAIM_ACCOUNT. */
  slab_reclaim_pages: "u32",
  /** Slab pages freed since somebody last asked: the credit of a running reclaimer (current->reclaim_state). */
  reclaimed_slab: "u32",
  /** When cache_reap runs next, jiffies. */
  reap_expires: "u32",
  /** Slabs whose pages wait for a grace period, oldest first. */
  rcu_head: "addr",
  rcu_tail: "addr",
  /** Debug: the return address that SLAB_STORE_USER notes; set by the driver of the machine. */
  caller: "u32",
});
