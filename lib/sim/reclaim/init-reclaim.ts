// Gives the page allocator its way into reclaim.
import type { Kernel } from "../kernel";
import { listInit } from "../list";
import { zone as zoneStruct } from "../structs";
import { reclaimVar } from "./reclaim-data";
import { DEF_PRIORITY } from "./scan-control";
import { tryToFreePages } from "./vmscan";

/** After the zones; `total_memory` is set with the limits of dirty pages. */
export function initReclaim(k: Kernel): void {
  k.ops.tryToFreePages = tryToFreePages;
  for (const list of ["l_hold", "l_active", "l_inactive"] as const) listInit(k.memory.u32, reclaimVar(k, list));
  for (const { zone } of k.zones) {
    k.memory.u32[(zone + zoneStruct.offset.temp_priority) >>> 2] = DEF_PRIORITY;
    k.memory.u32[(zone + zoneStruct.offset.prev_priority) >>> 2] = DEF_PRIORITY;
  }
}
