// How memory is divided before anybody allocates any: low and high, zones, and the tables that the first code maps itself with.
// Theory:     the kernel reaches low memory directly at PAGE_OFFSET; 1 GiB of addresses less the vmalloc area makes 896 MiB. What lies
//             above is HighMem. The very first page tables lie right behind the kernel image and map the image, themselves and 128 KiB
//             for the boot allocator's bitmap.
// Source:     Linux 2.6.11 arch/i386/kernel/setup.c (find_max_low_pfn, setup_memory, zone_sizes_init), arch/i386/kernel/head.S (pg0),
//             mm/page_alloc.c (wait_table_size); Gorman 2.1, 2.3, 3.6.1 (whose 2.4 has exactly two early tables)
// Simplified: nothing.
import { PAGE_SIZE } from "../constants";

const GIB_PAGES = 2 ** 18;
const MAX_NONPAE_PFN = 2 ** 20;
const MAX_DMA_PFN = 4096;
const MIN_LOW_PAGES = (64 * 2 ** 20) / PAGE_SIZE;
const INIT_MAP_BEYOND_END = 128 * 1024;

export interface SplitOptions {
  readonly highmem: boolean;
  readonly pae: boolean;
  /** `highmem=` in pages; null: all there is. */
  readonly highmemPages: number | null;
  readonly vmallocBytes: number;
}

export interface Split {
  readonly maxLowPfn: number;
  /** May be lowered by `highmem=`, by a kernel without HIGHMEM, or to 4 GiB without PAE. */
  readonly maxPfn: number;
}

/** Where low memory ends, and where the memory ends that the kernel will use. */
export function findMaxLowPfn(ramEnd: number, { highmem, pae, highmemPages, vmallocBytes }: SplitOptions): Split {
  const maxmem = GIB_PAGES - Math.floor(vmallocBytes / PAGE_SIZE);
  if (ramEnd <= maxmem) {
    const wanted = highmem ? (highmemPages ?? 0) : 0;
    const taken = wanted >= ramEnd || ramEnd - wanted < MIN_LOW_PAGES ? 0 : wanted;
    return { maxLowPfn: ramEnd - taken, maxPfn: ramEnd };
  }
  if (!highmem) return { maxLowPfn: maxmem, maxPfn: maxmem };
  const limited = highmemPages === null ? ramEnd : Math.min(ramEnd, maxmem + highmemPages);
  return { maxLowPfn: maxmem, maxPfn: pae ? limited : Math.min(limited, MAX_NONPAE_PFN) };
}

/** Pages of DMA, Normal and HighMem. Holes count as if they were there. */
export function zoneSizes(maxPfn: number, { highmem, vmallocMiB }: { highmem: boolean; vmallocMiB: number }): Zones {
  const options = { highmem, pae: false, highmemPages: null, vmallocBytes: vmallocMiB * 2 ** 20 };
  return zonesOf(findMaxLowPfn(maxPfn, options));
}

export type Zones = readonly [dma: number, normal: number, highmem: number];

export function zonesOf({ maxLowPfn, maxPfn }: Split): Zones {
  const high = maxPfn - maxLowPfn;
  return maxLowPfn < MAX_DMA_PFN ? [maxLowPfn, 0, high] : [MAX_DMA_PFN, maxLowPfn - MAX_DMA_PFN, high];
}

export interface EarlyTables {
  readonly tables: number;
  /** Physical addresses of the first table and of the end of the last one. */
  readonly pg0: number;
  readonly initPgTablesEnd: number;
  /** First frame that is free for the boot allocator. */
  readonly startPfn: number;
}

/** As many tables of 4 MiB each as map the image, all of them and 128 KiB more. `imageEnd`: physical address. */
export function earlyTables(imageEnd: number): EarlyTables {
  const pg0 = Math.ceil(imageEnd / PAGE_SIZE) * PAGE_SIZE;
  let tables = 1;
  while (tables * 2 ** 22 < pg0 + tables * PAGE_SIZE + INIT_MAP_BEYOND_END) tables++;
  const initPgTablesEnd = pg0 + tables * PAGE_SIZE;
  return { tables, pg0, initPgTablesEnd, startPfn: initPgTablesEnd / PAGE_SIZE };
}

/** Wait queues for the pages of a zone: a power of two, one for about 256 pages, 4 to 4096. */
export function waitTableSize(pages: number): number {
  const wanted = Math.floor(pages / 256);
  let size = 1;
  while (size < wanted) size *= 2;
  return Math.min(4096, Math.max(4, size));
}

/** Which of the zone's `queues` (a power of two) a page waits in, by the kernel virtual address of its struct page. */
export function pageWaitqueue(pageAddress: number, queues: number): number {
  const GOLDEN_RATIO_PRIME_32 = 0x9e370001;
  const bits = Math.log2(queues);
  return bits === 0 ? 0 : (Math.imul(pageAddress, GOLDEN_RATIO_PRIME_32) >>> 0) >>> (32 - bits);
}
