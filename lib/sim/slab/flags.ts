// Flags of a slab cache and of its constructor calls.
// Source: Linux 2.6.11 linux/slab.h, mm/slab.c (CFLGS_OFF_SLAB, CREATE_MASK)

/** Call the constructor to verify a freed object. Debug kernels only, as the next two and SLAB_STORE_USER. */
export const SLAB_DEBUG_INITIAL = 0x200;
export const SLAB_RED_ZONE = 0x400;
export const SLAB_POISON = 0x800;
/** cache_reap leaves it alone. */
export const SLAB_NO_REAP = 0x1000;
export const SLAB_HWCACHE_ALIGN = 0x2000;
/** Pages from ZONE_DMA. */
export const SLAB_CACHE_DMA = 0x4000;
/** Accepted; has no effect of its own in 2.6.11. */
const SLAB_MUST_HWCACHE_ALIGN = 0x8000;
export const SLAB_STORE_USER = 0x10000;
/** Its pages count as reclaimable; slabs of one page even if that wastes memory. */
export const SLAB_RECLAIM_ACCOUNT = 0x20000;
/** Creating it must not fail. */
export const SLAB_PANIC = 0x40000;
/** Pages are freed only after a grace period. */
export const SLAB_DESTROY_BY_RCU = 0x80000;
/** Internal: descriptors do not lie in the slabs. */
export const CFLGS_OFF_SLAB = 0x80000000;

/** Needs a kernel with slab debugging. */
export const SLAB_DEBUG_MASK = SLAB_DEBUG_INITIAL | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER;
export const CREATE_MASK =
  SLAB_NO_REAP |
  SLAB_HWCACHE_ALIGN |
  SLAB_CACHE_DMA |
  SLAB_MUST_HWCACHE_ALIGN |
  SLAB_RECLAIM_ACCOUNT |
  SLAB_PANIC |
  SLAB_DESTROY_BY_RCU;

export const SLAB_CTOR_CONSTRUCTOR = 1;
/** The constructor must not sleep. */
export const SLAB_CTOR_ATOMIC = 2;
/** The object was freed: is it in constructed state? */
export const SLAB_CTOR_VERIFY = 4;

export const BYTES_PER_WORD = 4;
/** Objects of up to 2^5 pages. */
export const MAX_OBJ_ORDER = 5;
export const MAX_GFP_ORDER = 5;
export const BOOT_CPUCACHE_ENTRIES = 1;
/** A refill takes no more than this if the array was not used lately. */
export const BATCHREFILL_LIMIT = 16;
/** Jiffies between two runs of cache_reap, and between two looks at the free slabs of a cache. */
export const REAPTIMEOUT_CPUC = 2000;
export const REAPTIMEOUT_LIST3 = 4000;
