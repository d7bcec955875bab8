// Where the swap entry of a page of a tmpfs file stands.
// Theory:     16 entries lie in the inode itself. For more, the inode points to one index page of 1024 pointers: each of the first 512
//             leads to a page of 1024 entries, each of the other 512 to a page of 1024 pointers to such pages. Small files need no
//             table at all, and a file of 2 TiB still has one.
// Source:     Linux 2.6.11 mm/shmem.c (shmem_swp_entry, SHMEM_NR_DIRECT, SHMEM_MAX_INDEX); Gorman 12.4
//
//     i_direct[0..15]      entries of pages 0..15
//     i_indirect --> [   0 ] --> page of entries: 16 .. 1039
//                    [ ... ]
//                    [ 511 ] --> page of entries: 523280 .. 524303
//                    [ 512 ] --> [ 0 ] --> page of entries: 524304 .. 525327
//                    [ ... ]     [ ...]
import { SHMEM_NR_DIRECT } from "./structs";

export const ENTRIES_PER_PAGE = 1024;
/** So many slots of the indirect page lead to entries, the rest to pages of pointers. */
export const HALF = ENTRIES_PER_PAGE / 2;
export const SHMEM_MAX_INDEX = SHMEM_NR_DIRECT + ((ENTRIES_PER_PAGE * ENTRIES_PER_PAGE) / 2) * (ENTRIES_PER_PAGE + 1);

/** `l2`: slot of the indirect page, entry; `l3`: slot of the indirect page, slot of the page there, entry. */
export type ShmemIndexPath =
  | { readonly direct: number }
  | { readonly l2: readonly [slot: number, entry: number] }
  | { readonly l3: readonly [slot: number, sub: number, entry: number] };

/** @returns null for an index that no tmpfs file can have. */
export function shmemIndexPath(index: number): ShmemIndexPath | null {
  if (!Number.isInteger(index) || index < 0 || index >= SHMEM_MAX_INDEX) return null;
  if (index < SHMEM_NR_DIRECT) return { direct: index };
  const rest = index - SHMEM_NR_DIRECT;
  const entry = rest % ENTRIES_PER_PAGE;
  const table = Math.floor(rest / ENTRIES_PER_PAGE);
  if (table < HALF) return { l2: [table, entry] };
  const upper = table - HALF;
  return { l3: [HALF + Math.floor(upper / ENTRIES_PER_PAGE), upper % ENTRIES_PER_PAGE, entry] };
}
