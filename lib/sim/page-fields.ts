// The fields of `struct page` by name: counts, flags, and what the page belongs to.
// Theory:     `mapping` says whose page it is: 0 nobody's, an even address the address_space of a file, with the lowest bit set the
//             anon_vma of the areas that may map it.
// Source:     Linux 2.6.11 linux/mm.h (page_count, page_mapcount, page_mapped, PageAnon, get_page), linux/page-flags.h
// Simplified: no atomic operations.
import { PAGE_MAPPING_ANON, type PageFlag, pageFlags } from "./constants";
import type { Kernel } from "./kernel";
import type { Addr } from "./machine";
import { page as pageStruct } from "./structs";

const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const MAPCOUNT = pageStruct.offset.mapcount >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;
const MAPPING = pageStruct.offset.mapping >>> 2;
const INDEX = pageStruct.offset.index >>> 2;

export function pageCount(k: Kernel, page: Addr): number {
  return k.memory.i32[(page >>> 2) + COUNT]!;
}

/** get_page: one more reference. */
export function getPage(k: Kernel, page: Addr): void {
  k.memory.i32[(page >>> 2) + COUNT]! += 1;
}

/** How many page table entries map the page. */
export function pageMapcount(k: Kernel, page: Addr): number {
  return k.memory.i32[(page >>> 2) + MAPCOUNT]!;
}

export function pageMapped(k: Kernel, page: Addr): boolean {
  return k.memory.i32[(page >>> 2) + MAPCOUNT]! > 0;
}

export function testPageFlag(k: Kernel, page: Addr, flag: PageFlag): boolean {
  return (k.memory.u32[(page >>> 2) + FLAGS]! & (1 << pageFlags[flag])) !== 0;
}

export function setPageFlag(k: Kernel, page: Addr, flag: PageFlag): void {
  k.memory.u32[(page >>> 2) + FLAGS]! |= 1 << pageFlags[flag];
}

export function clearPageFlag(k: Kernel, page: Addr, flag: PageFlag): void {
  k.memory.u32[(page >>> 2) + FLAGS]! &= ~(1 << pageFlags[flag]);
}

/** TestSetPage...: sets the flag. @returns what it was. */
export function testSetPageFlag(k: Kernel, page: Addr, flag: PageFlag): boolean {
  const was = testPageFlag(k, page, flag);
  setPageFlag(k, page, flag);
  return was;
}

/** TestClearPage...: clears the flag. @returns what it was. */
export function testClearPageFlag(k: Kernel, page: Addr, flag: PageFlag): boolean {
  const was = testPageFlag(k, page, flag);
  clearPageFlag(k, page, flag);
  return was;
}

/** PageAnon: the page belongs to address spaces only, not to a file. */
export function pageAnon(k: Kernel, page: Addr): boolean {
  return (k.memory.u32[(page >>> 2) + MAPPING]! & PAGE_MAPPING_ANON) !== 0;
}

/** The `mapping` word as it is stored. */
export function pageMapping(k: Kernel, page: Addr): Addr {
  return k.memory.u32[(page >>> 2) + MAPPING]!;
}

/** Page number in the file or, for an anonymous page, linear page number of its area. */
export function pageIndex(k: Kernel, page: Addr): number {
  return k.memory.u32[(page >>> 2) + INDEX]!;
}

/** The swap entry of a page in the swap cache, the order of a free block. */
export function pagePrivate(k: Kernel, page: Addr): number {
  return k.memory.u32[(page >>> 2) + PRIVATE]!;
}
