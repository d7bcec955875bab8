// Moving pages from the active to the inactive list, so that shrinking finds something.
// Theory:     the oldest active pages lose their place. Unmapped ones always: their second chance comes on the inactive list. Mapped
//             ones only when the swap tendency says that processes shall give as well, and then only if nobody used them lately.
// Source:     Linux 2.6.11 mm/vmscan.c (refill_inactive_zone); Gorman 10.3 (whose 2.4 rule is another)
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import type { Addr, BuddyMachine } from "../machine";
import { pageAnon, pageMapped, testClearPageFlag, testPageFlag } from "../page-fields";
import { modPageState } from "../page-state";
import { zone as zoneStruct } from "../structs";
import { swapData } from "../swap/structs";
import type { RefillReason } from "./events";
import { isolate, putBack, releaseLater, settle } from "./isolate";
import { lruAddDrain, pagevecRelease } from "./lru";
import { reclaimVar } from "./reclaim-data";
import type { ScanControl } from "./scan-control";
import { type SwapTendency, swapTendency } from "./swap-tendency";

const PREV_PRIORITY = zoneStruct.offset.prev_priority;
const PAGES_SCANNED = zoneStruct.offset.pages_scanned;

/** Looks at up to `sc.nrToScan` pages at the tail of the active list. @throws KernelBug as `isolate`, or for a page's wrong flags. */
export function refillInactiveZone(k: Kernel, zone: BuddyMachine, sc: ScanControl): void {
  lruAddDrain(k);
  const { pages, scanned } = isolate(k, zone, "active", sc.nrToScan);
  k.memory.u32[(zone.zone + PAGES_SCANNED) >>> 2]! += scanned;
  const total = k.memory.u32[reclaimVar(k, "total_memory") >>> 2]!;
  const prevPriority = k.memory.u32[(zone.zone + PREV_PRIORITY) >>> 2]!;
  const tendency = swapTendency(sc.nrMapped, total, prevPriority, k.config.swappiness);
  if (k.events !== null)
    k.events.push({ kind: "refill-inactive", startPfn: zone.startPfn, pages: pages.length, ...tendency });
  const inactive: Addr[] = [];
  const active: Addr[] = [];
  for (const page of pages) {
    const why = judge(k, page, tendency);
    const stays = why !== "unmapped" && why !== "unused";
    (stays ? active : inactive).push(page);
    settle(k, page, stays ? "active" : "inactive");
    if (k.events !== null)
      k.events.push({ kind: "refill-page", pfn: pageToPfn(k, page), to: stays ? "active" : "inactive", why });
  }
  const batch: Addr[] = [];
  for (const page of inactive) {
    if (!testClearPageFlag(k, page, "PG_active")) throw new KernelBug("lru-flag", { pfn: pageToPfn(k, page) });
    putBack(k, zone, "inactive", page);
    releaseLater(k, batch, page);
  }
  for (const page of active) {
    if (!testPageFlag(k, page, "PG_active")) throw new KernelBug("lru-flag", { pfn: pageToPfn(k, page) });
    putBack(k, zone, "active", page);
    releaseLater(k, batch, page);
  }
  if (batch.length > 0) pagevecRelease(k, batch);
  modPageState(k, "pgrefill", scanned);
  modPageState(k, "pgdeactivate", inactive.length);
}

/** Why a page stays active (`calm`, `no-swap`, `used`) or not (`unmapped`, `unused`). Asking whether it was used clears the traces. */
function judge(k: Kernel, page: Addr, { reclaimMapped }: SwapTendency): RefillReason {
  if (!pageMapped(k, page)) return "unmapped";
  if (!reclaimMapped) return "calm";
  const totalSwapPages = k.memory.i32[(k.data + kernelData.offset.swap + swapData.offset.total_swap_pages) >>> 2]!;
  if (totalSwapPages === 0 && pageAnon(k, page)) return "no-swap";
  return k.ops.pageReferenced(k, page, "unlocked") > 0 ? "used" : "unused";
}
