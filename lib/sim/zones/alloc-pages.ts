// Pages for the whole kernel: which zones a request may use and in which order.
import { COLD, HOT } from "../constants";
import { dropContents, pageToPfn } from "../frames";
import { type Kernel, ZONE_DMA, ZONE_HIGHMEM, ZONE_NORMAL, type ZoneIndex } from "../kernel";
import type { Addr, BuddyMachine, Order } from "../machine";
import { allocPages as allocFromZone, freePages as freeToZone } from "../page-alloc";
import { page as pageStruct } from "../structs";

export const GFP_KERNEL = 0xd0;

const zonelists: readonly (readonly ZoneIndex[])[] = [
  [ZONE_NORMAL, ZONE_DMA],
  [ZONE_DMA],
  [ZONE_HIGHMEM, ZONE_NORMAL, ZONE_DMA],
  [],
];

/** A block of 2^order pages, its first page with one reference; 0 if there is none. */
export function allocPages(k: Kernel, gfp: number, order: Order): Addr {
  for (const index of zonelists[gfp & 3]!) {
    const zone = k.zones[index];
    const page = zone.pages === 0 ? 0 : allocFromZone(zone, (gfp & 0x100) !== 0 ? COLD : HOT, order);
    if (page !== 0) return page;
  }
  return 0;
}

/** Drops a reference; the last one frees the block and forgets its contents. */
export function freePages(k: Kernel, page: Addr, order: Order): void {
  const pfn = pageToPfn(k, page);
  const last = k.memory.i32[(page + pageStruct.offset.count) >>> 2] === 1;
  freeToZone(zoneOf(k, page), page, order);
  if (last) dropContents(k, pfn, order);
}

/** The zone a page belongs to, by its frame number. */
export function zoneOf(k: Kernel, page: Addr): BuddyMachine {
  const pfn = pageToPfn(k, page);
  const [dma, normal, highmem] = k.zones;
  if (pfn < dma.startPfn + dma.pages) return dma;
  return pfn < normal.startPfn + normal.pages ? normal : highmem;
}
