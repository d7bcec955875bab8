// Before an area gets its first anonymous page, it gets an anon_vma: a neighbour's if the two might merge one day.
// Theory:     areas with different anon_vmas never merge. mprotect splits areas and joins them again, so a part takes the anon_vma of
//             the other part where nothing but the access rights keeps them apart.
// Source:     Linux 2.6.11 mm/rmap.c (anon_vma_prepare)
// Simplified: no locks.
import { anonVmaAlloc, anonVmaAttach } from "../anon-vma";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findMergeableAnonVma } from "../mm/merge";
import { getVma } from "../mm/vma";

/** Makes sure that the area has an anon_vma. @returns false when there is no memory for one. */
export function anonVmaPrepare(k: Kernel, vma: Addr): boolean {
  if (getVma(k.memory.u32, vma, "anon_vma") !== 0) return true;
  const anonVma = findMergeableAnonVma(k, vma) || anonVmaAlloc(k);
  if (anonVma === 0) return false;
  anonVmaAttach(k, vma, anonVma);
  return true;
}
