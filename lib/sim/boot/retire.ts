// The end of the boot allocator: every page that is not reserved goes to the page allocator.
// Theory:     the bitmap is read in words of 32 pages. A word without a reserved page becomes one block of order 5; of a mixed word each
//             free page goes by itself, through the hot per-CPU list. Last come the pages of the bitmap itself.
// Source:     Linux 2.6.11 mm/bootmem.c (free_all_bootmem_core), arch/i386/mm/init.c (mem_init, set_highmem_pages_init,
//             one_highpage_init, free_initmem); Gorman 5.4
// Simplified: nothing.
import { pageFlags } from "../constants";
import { ownerOf, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Pfn } from "../machine";
import { page as pageStruct } from "../structs";
import { freePages } from "../zones/alloc-pages";
import { type Bootmem, endBootmem, readBootmem } from "./bootmem";
import { type E820Range, ramPages } from "./e820";

const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const PAGE_WORDS = pageStruct.size >>> 2;
const RESERVED_BIT = 1 << pageFlags.PG_reserved;
const HIGHMEM_BIT = 1 << pageFlags.PG_highmem;
const WORD_PAGES = 32;
const WORD_ORDER = 5;

export interface Release {
  readonly pfn: Pfn;
  readonly order: number;
}

/** What `free_all_bootmem` frees, in its order; the map is only read. `mapPfn`: the page where the bitmap starts. */
export function* releases(b: Bootmem, mapPfn: Pfn): Iterable<Release> {
  const end = readBootmem(b, "node_low_pfn");
  for (let pfn = 0; pfn < end; pfn += WORD_PAGES) {
    const free = freeBits(b, pfn);
    if (free === 0xffffffff) {
      yield { pfn, order: WORD_ORDER };
      continue;
    }
    for (let bit = 0; bit < WORD_PAGES && pfn + bit < end; bit++)
      if (((free >>> bit) & 1) !== 0) yield { pfn: pfn + bit, order: 0 };
  }
  const mapPages = Math.floor((Math.floor(end / 8) + 4095) / 4096);
  for (let page = 0; page < mapPages; page++) yield { pfn: mapPfn + page, order: 0 };
}

/** Bit set: the page is free. */
function freeBits(b: Bootmem, pfn: Pfn): number {
  const at = readBootmem(b, "node_bootmem_map") + (pfn >>> 3);
  const { u8 } = b.memory;
  return ~(u8[at]! | (u8[at + 1]! << 8) | (u8[at + 2]! << 16) | (u8[at + 3]! << 24)) >>> 0;
}

/** Hands low memory over. @returns pages released. */
export function freeAllBootmem(k: Kernel, b: Bootmem): number {
  let released = 0;
  for (const { pfn, order } of releases(b, ownerOf(k, readBootmem(b, "node_bootmem_map")))) {
    releaseReserved(k, pfn, order);
    released += 2 ** order;
  }
  endBootmem(b);
  return released;
}

/** Gives the RAM above low memory to the page allocator, page by page. @returns pages released. */
export function freeHighmem(k: Kernel, map: readonly E820Range[]): number {
  let released = 0;
  // Ascending by pfn, whatever the order of the map.
  const ranges = [...ramPages(map, k.pages)].sort(([a], [b]) => a - b);
  let next = k.lowPages;
  for (const [start, end] of ranges) {
    for (let pfn = Math.max(start, next); pfn < end; pfn++) {
      k.memory.u32[(k.memMap >>> 2) + pfn * PAGE_WORDS + FLAGS]! |= HIGHMEM_BIT;
      releaseReserved(k, pfn, 0);
      released++;
    }
    next = Math.max(next, end);
  }
  return released;
}

/** Reserved pages of low memory that are RAM. */
export function countReservedRam(k: Kernel, map: readonly E820Range[]): number {
  let count = 0;
  let next = 0;
  for (const [start, end] of [...ramPages(map, k.lowPages)].sort(([a], [b]) => a - b)) {
    for (let pfn = Math.max(start, next); pfn < end; pfn++)
      if ((k.memory.u32[(k.memMap >>> 2) + pfn * PAGE_WORDS + FLAGS]! & RESERVED_BIT) !== 0) count++;
    next = Math.max(next, end);
  }
  return count;
}

/** Makes a reserved block an allocated one with a single reference, and drops that. */
export function releaseReserved(k: Kernel, pfn: Pfn, order: number): void {
  const { u32 } = k.memory;
  const first = pfnToPage(k, pfn);
  const at = first >>> 2;
  for (let page = 0; page < 1 << order; page++) u32[at + page * PAGE_WORDS + FLAGS]! &= ~RESERVED_BIT;
  u32[at + COUNT] = 1;
  freePages(k, first, order);
}
