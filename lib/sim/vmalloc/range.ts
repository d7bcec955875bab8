// Where vmalloc addresses lie: between low memory and the permanent kmaps.
// Theory:     a hole of 8 to 16 MiB behind low memory catches accesses that run over its end; two pages of hole come before what
//             follows.
// Source:     Linux 2.6.11 asm-i386/pgtable.h (VMALLOC_START, VMALLOC_END), asm-i386/highmem.h; domain 5.2; Gorman 7.1
import { PAGE_SIZE } from "../constants";
import { PAGE_OFFSET } from "../frames";
import type { Kernel } from "../kernel";
import { pkmapBase } from "../mmu/init-tables";
import { FIXADDR_TOP, fixedAddresses } from "./fixmap";

const VMALLOC_OFFSET = 8 * 2 ** 20;

export interface AddressRange {
  readonly start: number;
  /** First byte behind. */
  readonly end: number;
}

/**
 * @param lowPages pages of low memory, possibly a fraction for one that ends inside a page.
 * @param fixmapPages permanent slots of the fixmap; matter only without high memory.
 */
export function vmallocRange(
  lowPages: number,
  options: { readonly highmem: boolean; readonly pae: boolean; readonly fixmapPages?: number },
): AddressRange {
  const highMemory = PAGE_OFFSET + lowPages * PAGE_SIZE;
  const start = Math.floor((highMemory + 2 * VMALLOC_OFFSET - 1) / VMALLOC_OFFSET) * VMALLOC_OFFSET;
  const fixmap = FIXADDR_TOP - (options.fixmapPages ?? fixedAddresses.end_of_permanent) * PAGE_SIZE;
  return { start, end: (options.highmem ? pkmapBase(options) : fixmap) - 2 * PAGE_SIZE };
}

export function vmallocRangeOf(k: Kernel): AddressRange {
  return vmallocRange(k.lowPages, { highmem: k.config.highmem, pae: k.config.pae });
}
