// Decodes the LRU lists and the counters of reclaim into their observable state.
import type { Finding } from "../finding";
import { isPage, pageToPfn } from "../frames";
import { type Kernel, zoneNames } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr, BuddyMachine } from "../machine";
import { pageAnon, pageCount, pageMapcount, pageMapping, testPageFlag } from "../page-fields";
import { readPageState } from "../page-state";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { walkList } from "../walk";
import { zonesData } from "../zones/structs";
import type { LruListName } from "./events";
import { lruListOf } from "./isolate";
import { type LruPage, type LruState, type LruZone, type ReclaimCounter, reclaimCounters } from "./observe";
import { reclaimVar } from "./reclaim-data";
import { PAGEVEC_SIZE, pagevec } from "./structs";

/** Never throws and always ends, whatever the bytes are; what was wrong stands in `findings`. */
export function observeLru(k: Kernel): LruState {
  const findings: Finding[] = [];
  const w = k.memory.u32;
  return {
    kind: "lru",
    zones: k.zones.flatMap((zone, index) =>
      zone.pages === 0 ? [] : [observeZone(k, zone, zoneNames[index]!, findings)],
    ),
    waiting: { active: waitingPages(k, "lru_add_active_pvecs"), inactive: waitingPages(k, "lru_add_pvecs") },
    kswapdAwake: w[(k.data + kernelData.offset.zones + zonesData.offset.kswapd_awake) >>> 2] === 1,
    nrMapped: readPageState(k, "nr_mapped"),
    totalMemory: w[reclaimVar(k, "total_memory") >>> 2]!,
    counters: Object.fromEntries(reclaimCounters.map((name) => [name, readPageState(k, name)])) as Record<
      ReclaimCounter,
      number
    >,
    findings,
  };
}

function observeZone(k: Kernel, m: BuddyMachine, zone: LruZone["zone"], findings: Finding[]): LruZone {
  const visited = new Uint8Array(m.pages);
  const field = (name: keyof typeof zoneStruct.offset) => k.memory.u32[(m.zone + zoneStruct.offset[name]) >>> 2]!;
  return {
    zone,
    startPfn: m.startPfn,
    active: listed(k, m, "active", visited, findings),
    inactive: listed(k, m, "inactive", visited, findings),
    nrActive: field("nr_active"),
    nrInactive: field("nr_inactive"),
    nrScanActive: field("nr_scan_active"),
    nrScanInactive: field("nr_scan_inactive"),
    freePages: field("free_pages"),
    pagesLow: field("pages_low"),
    pagesHigh: field("pages_high"),
    pagesScanned: field("pages_scanned"),
    allUnreclaimable: field("all_unreclaimable") !== 0,
    tempPriority: field("temp_priority"),
    prevPriority: field("prev_priority"),
  };
}

function listed(k: Kernel, m: BuddyMachine, list: LruListName, visited: Uint8Array, findings: Finding[]): LruPage[] {
  return walkList(m, lruListOf(m, list), list, 0, visited, findings).map((index) => {
    const page = m.memMap + index * pageStruct.size;
    const has = (flag: Parameters<typeof testPageFlag>[2]) => testPageFlag(k, page, flag);
    return {
      pfn: m.startPfn + index,
      kind: pageAnon(k, page) ? "anonymous" : pageMapping(k, page) === 0 ? "none" : "file",
      referenced: has("PG_referenced"),
      dirty: has("PG_dirty"),
      writeback: has("PG_writeback"),
      swapcache: has("PG_swapcache"),
      locked: has("PG_locked"),
      mapcount: pageMapcount(k, page),
      count: pageCount(k, page),
    };
  });
}

/** Frame numbers of the pages in a batch; what is no page is left out. */
function waitingPages(k: Kernel, name: "lru_add_pvecs" | "lru_add_active_pvecs"): number[] {
  const batch = reclaimVar(k, name);
  const nr = Math.min(k.memory.u32[batch >>> 2]!, PAGEVEC_SIZE);
  const first = (batch + pagevec.offset.pages) >>> 2;
  const pages: Addr[] = [...k.memory.u32.subarray(first, first + nr)];
  return pages.filter((page) => isPage(k, page)).map((page) => pageToPfn(k, page));
}
