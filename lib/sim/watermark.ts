// May this zone serve the request, or would it fall below a mark?
// Theory:     a zone must keep `mark` pages after the request, plus a reserve against requests that could have used a higher zone.
//             For larger orders small blocks do not help: from order to order they are taken out of the count while the mark halves.
// Source:     Linux 2.6.11 mm/page_alloc.c (zone_watermark_ok); Gorman 2.2.1
// Simplified: nothing; the source mixes signed and unsigned numbers, all are signed here.
import type { Addr, Order } from "./machine";
import type { Memory } from "./memory";
import { freeArea, zone as zoneStruct } from "./structs";

export interface WatermarkRequest {
  readonly order: Order;
  /** pages_min, pages_low or pages_high: the caller chooses. */
  readonly mark: number;
  /** Index of the highest zone that the request could have used. */
  readonly classzoneIdx: number;
  /** A real-time task, or a request that cannot wait: a quarter less. */
  readonly canTryHarder: boolean;
  /** __GFP_HIGH: half of the mark will do. */
  readonly gfpHigh: boolean;
}

/** Reads free_pages, lowmem_reserve and nr_free of the zone. Exactly at the limit is not enough. */
export function zoneWatermarkOk(memory: Memory, zone: Addr, request: WatermarkRequest): boolean {
  let min = request.mark;
  if (request.gfpHigh) min -= Math.trunc(min / 2);
  if (request.canTryHarder) min -= Math.trunc(min / 4);
  return aboveMark(memory, zone, request.order, min, request.classzoneIdx);
}

/** The test itself, for a mark that is relaxed already: what the allocator runs for every zone it asks. */
export function aboveMark(
  memory: Memory,
  zone: Addr,
  requested: Order,
  relaxed: number,
  classzoneIdx: number,
): boolean {
  const w = memory.i32;
  let min = relaxed;
  let free = w[(zone + zoneStruct.offset.free_pages) >>> 2]! - (1 << requested) + 1;
  const reserve = w[(zone + zoneStruct.offset.lowmem_reserve + 4 * classzoneIdx) >>> 2]!;
  if (free <= min + reserve) return false;
  for (let order = 0; order < requested; order++) {
    const area = zone + zoneStruct.offset.free_area + order * freeArea.size;
    free -= w[(area + freeArea.offset.nr_free) >>> 2]! * (1 << order);
    min >>= 1;
    if (free <= min) return false;
  }
  return true;
}
