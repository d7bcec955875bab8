// Where the fields of a cache, a slab and an array lie, as word offsets, and the small readings everybody needs.
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { arrayCache, CACHE_NAMELEN, kmemCache, kmemList3, slabData, slab as slabStruct } from "./structs";

const LISTS = kmemCache.offset.lists;
export const CACHE_ARRAY = kmemCache.offset.array >>> 2;
export const CACHE_BATCHCOUNT = kmemCache.offset.batchcount >>> 2;
export const CACHE_LIMIT = kmemCache.offset.limit >>> 2;
/** Anchors, in bytes. */
export const SLABS_PARTIAL = LISTS + kmemList3.offset.slabs_partial;
export const SLABS_FULL = LISTS + kmemList3.offset.slabs_full;
export const SLABS_FREE = LISTS + kmemList3.offset.slabs_free;
export const FREE_OBJECTS = (LISTS + kmemList3.offset.free_objects) >>> 2;
export const FREE_TOUCHED = (LISTS + kmemList3.offset.free_touched) >>> 2;
export const NEXT_REAP = (LISTS + kmemList3.offset.next_reap) >>> 2;
export const SHARED = (LISTS + kmemList3.offset.shared) >>> 2;
export const OBJSIZE = kmemCache.offset.objsize >>> 2;
export const CACHE_FLAGS = kmemCache.offset.flags >>> 2;
export const NUM = kmemCache.offset.num >>> 2;
export const FREE_LIMIT = kmemCache.offset.free_limit >>> 2;
export const GFPORDER = kmemCache.offset.gfporder >>> 2;
export const GFPFLAGS = kmemCache.offset.gfpflags >>> 2;
export const COLOUR = kmemCache.offset.colour >>> 2;
export const COLOUR_OFF = kmemCache.offset.colour_off >>> 2;
export const COLOUR_NEXT = kmemCache.offset.colour_next >>> 2;
export const SLABP_CACHE = kmemCache.offset.slabp_cache >>> 2;
export const SLAB_SIZE = kmemCache.offset.slab_size >>> 2;
export const CTOR = kmemCache.offset.ctor >>> 2;
export const DTOR = kmemCache.offset.dtor >>> 2;
export const NUM_ACTIVE = kmemCache.offset.num_active >>> 2;
export const NUM_ALLOCATIONS = kmemCache.offset.num_allocations >>> 2;
export const HIGH_MARK = kmemCache.offset.high_mark >>> 2;
export const GROWN = kmemCache.offset.grown >>> 2;
export const REAPED = kmemCache.offset.reaped >>> 2;
export const ERRORS = kmemCache.offset.errors >>> 2;
export const MAX_FREEABLE = kmemCache.offset.max_freeable >>> 2;
export const ALLOCHIT = kmemCache.offset.allochit >>> 2;
export const ALLOCMISS = kmemCache.offset.allocmiss >>> 2;
export const FREEHIT = kmemCache.offset.freehit >>> 2;
export const FREEMISS = kmemCache.offset.freemiss >>> 2;
export const DBGHEAD = kmemCache.offset.dbghead >>> 2;
export const REALLEN = kmemCache.offset.reallen >>> 2;
export const CTOR_CALLS = kmemCache.offset.ctor_calls >>> 2;
export const DTOR_CALLS = kmemCache.offset.dtor_calls >>> 2;

export const COLOUROFF = slabStruct.offset.colouroff >>> 2;
export const S_MEM = slabStruct.offset.s_mem >>> 2;
export const INUSE = slabStruct.offset.inuse >>> 2;
export const FREE = slabStruct.offset.free >>> 2;

export const AVAIL = arrayCache.offset.avail >>> 2;
export const AC_LIMIT = arrayCache.offset.limit >>> 2;
export const AC_BATCHCOUNT = arrayCache.offset.batchcount >>> 2;
export const TOUCHED = arrayCache.offset.touched >>> 2;
/** The first object of an array. */
export const ENTRIES = arrayCache.size >>> 2;

/** Address of a global variable of the slab allocator. */
export function global(k: Kernel, field: keyof typeof slabData.offset): Addr {
  return k.data + kernelData.offset.slab + slabData.offset[field];
}

/** The CPU's array of a cache. */
export function acData(k: Kernel, cache: Addr): Addr {
  return k.memory.u32[(cache >>> 2) + CACHE_ARRAY]!;
}

/** `size-128(DMA)`. Ends at the first byte that is no printable ASCII. */
export function cacheName(k: Kernel, cache: Addr): string {
  const at = cache + kmemCache.offset.name;
  let name = "";
  for (let index = 0; index < CACHE_NAMELEN; index++) {
    const code = k.memory.u8[at + index] ?? 0;
    if (code < 32 || code > 126) break;
    name += String.fromCharCode(code);
  }
  return name;
}
