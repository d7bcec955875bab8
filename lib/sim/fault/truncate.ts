// Taking the pages of a file out of everybody's page tables.
// Theory:     when a file gets shorter, nobody may go on seeing its old pages. The file's list of areas leads to all who might. Whoever is
//             just about to map such a page notices by the truncation counter and asks the file again.
// Source:     Linux 2.6.11 mm/memory.c (unmap_mapping_range, vmtruncate)
// Simplified: non-linear mappings are not searched.
import { PAGE_SHIFT } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { getVma, vmaPages } from "../mm/vma";
import { addressSpace, vmAreaStruct } from "../structs-mm";
import { zapMappedPages, zapPageRange } from "./zap";

const SHARED = vmAreaStruct.offset.shared;

/**
 * Takes out the mappings of the pages [first, first + pages) of a file in every area of it, and counts a truncation.
 * @param mapping the file's address_space. @param evenCows "even cows": private copies go as well, as a truncation wants it.
 */
export function unmapMappingRange(
  k: Kernel,
  mapping: Addr,
  first: number,
  pages: number,
  evenCows: "even cows" | "file pages",
): void {
  const head = mapping + addressSpace.offset.i_mmap;
  k.memory.u32[(mapping + addressSpace.offset.truncate_count) >>> 2]! += 1;
  for (let at = k.memory.u32[head >>> 2]!; at !== head && at !== 0; at = k.memory.u32[at >>> 2]!) {
    const vma = at - SHARED;
    const w = k.memory.u32;
    const pgoff = getVma(w, vma, "vm_pgoff");
    const from = Math.max(first, pgoff);
    const to = Math.min(first + pages, pgoff + vmaPages(w, vma));
    if (from >= to) continue;
    const start = getVma(w, vma, "vm_start") + (from - pgoff) * 2 ** PAGE_SHIFT;
    const bytes = (to - from) * 2 ** PAGE_SHIFT;
    if (evenCows === "even cows") zapPageRange(k, vma, start, bytes);
    else zapMappedPages(k, vma, start, start + bytes, mapping);
  }
}
