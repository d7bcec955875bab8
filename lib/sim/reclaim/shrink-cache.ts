// Freeing pages from the tail of a zone's inactive list, in portions of 32.
// Source:     Linux 2.6.11 mm/vmscan.c (shrink_cache)
// Simplified: nothing: a portion is 32 pages whatever was asked for, and counts as one more than it took.
import type { Kernel } from "../kernel";
import type { Addr, BuddyMachine } from "../machine";
import { testPageFlag } from "../page-fields";
import { modPageState } from "../page-state";
import { zone as zoneStruct } from "../structs";
import { isolate, putBack, releaseLater } from "./isolate";
import { lruAddDrain, pagevecRelease } from "./lru";
import { currentIsKswapd } from "./reclaim-data";
import { type ScanControl, SWAP_CLUSTER_MAX } from "./scan-control";
import { shrinkList } from "./shrink-list";

const PAGES_SCANNED = zoneStruct.offset.pages_scanned;

/** Looks at `sc.nrToScan` pages or more; counts in `sc`, the zone and page_state. @throws KernelBug as `isolate`. */
export function shrinkCache(k: Kernel, zone: BuddyMachine, sc: ScanControl): void {
  lruAddDrain(k);
  const batch: Addr[] = [];
  for (let left = sc.nrToScan; left > 0; ) {
    const { pages, scanned } = isolate(k, zone, "inactive", SWAP_CLUSTER_MAX);
    k.memory.u32[(zone.zone + PAGES_SCANNED) >>> 2]! += scanned + 1;
    if (pages.length === 0) break;
    left -= scanned + 1;
    const kswapd = currentIsKswapd(k);
    modPageState(k, kswapd ? "pgscan_kswapd" : "pgscan_direct", scanned + 1);
    if (k.events !== null) k.events.push({ kind: "shrink-cache", startPfn: zone.startPfn, pages: pages.length });
    const { kept, reclaimed } = shrinkList(k, pages, sc);
    if (kswapd) modPageState(k, "kswapd_steal", reclaimed);
    modPageState(k, "pgsteal", reclaimed);
    sc.nrToReclaim -= reclaimed;
    for (const page of kept) {
      putBack(k, zone, testPageFlag(k, page, "PG_active") ? "active" : "inactive", page);
      releaseLater(k, batch, page);
    }
  }
  if (batch.length > 0) pagevecRelease(k, batch);
}
