// Which zones may serve a request, and in which order.
// Theory:     the low bits of the flags name the highest zone that is good enough; lower ones follow as a fallback, since whoever can use
//             high memory can use low memory too. The first zone of the list is the class zone of the request.
// Source:     Linux 2.6.11 mm/page_alloc.c (build_zonelists, build_zonelists_node); Gorman 6.1
// Simplified: one node.
import { ZONE_DMA, ZONE_HIGHMEM, ZONE_NORMAL, type ZoneIndex } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { __GFP_DMA, __GFP_HIGHMEM, GFP_ZONEMASK } from "./gfp";

/** Index: flags AND GFP_ZONEMASK. Zones without pages are left out. */
export type Zonelists = readonly (readonly ZoneIndex[])[];

/** @param present present pages of DMA, Normal, HighMem. The list of the invalid combination 3 is empty. */
export function buildZonelists(present: readonly number[]): Zonelists {
  const only = (...zones: readonly ZoneIndex[]) => zones.filter((zone) => (present[zone] ?? 0) > 0);
  return [only(ZONE_NORMAL, ZONE_DMA), only(ZONE_DMA), only(ZONE_HIGHMEM, ZONE_NORMAL, ZONE_DMA), []];
}

/** The list for these flags. @throws KernelBug `bad-gfp` for DMA and HIGHMEM together. */
export function zonelistOf(zonelists: Zonelists, gfp: number): readonly ZoneIndex[] {
  const list = gfp & GFP_ZONEMASK;
  if (list === (__GFP_DMA | __GFP_HIGHMEM)) throw new KernelBug("bad-gfp", { gfp });
  return zonelists[list]!;
}
