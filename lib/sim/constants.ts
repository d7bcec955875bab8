// Numbers of the fixed profile: 2.6.11 on i386.
// Source: Linux 2.6.11 asm-i386/page.h, asm-i386/param.h (HZ), linux/page-flags.h, linux/gfp.h, linux/mm.h (PAGE_MAPPING_ANON)

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;

/** Jiffies a second. */
export const HZ = 1000;

/** Bit numbers of `page.flags`. */
export const pageFlags = {
  PG_locked: 0,
  PG_error: 1,
  PG_referenced: 2,
  PG_uptodate: 3,
  PG_dirty: 4,
  PG_lru: 5,
  PG_active: 6,
  PG_slab: 7,
  PG_highmem: 8,
  PG_checked: 9,
  PG_arch_1: 10,
  PG_reserved: 11,
  PG_private: 12,
  PG_writeback: 13,
  PG_nosave: 14,
  PG_compound: 15,
  PG_swapcache: 16,
  PG_mappedtodisk: 17,
  PG_reclaim: 18,
  PG_nosave_free: 19,
} as const;
export type PageFlag = keyof typeof pageFlags;

export const PG_private = pageFlags.PG_private;
export const PG_reserved = pageFlags.PG_reserved;

/** The bits of several flags as one mask. */
export function flagMask(...flags: readonly PageFlag[]): number {
  return flags.reduce((mask, flag) => (mask | (1 << pageFlags[flag])) >>> 0, 0);
}

/** Lowest bit of `page.mapping`: the page is anonymous, the rest points to its anon_vma. */
export const PAGE_MAPPING_ANON = 1;

/** Which of the two per-CPU lists; the kernel passes it as an int named `cold`. */
export const HOT = 0;
export const COLD = 1;
export type Cold = typeof HOT | typeof COLD;
