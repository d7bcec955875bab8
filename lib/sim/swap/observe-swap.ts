// Decodes swap areas and the swap cache from memory. Bounded, never throws.
// Source: domain 10.9
import type { Finding } from "../finding";
import { canHold, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { pageCount, pageMapcount, pagePrivate, testPageFlag } from "../page-fields";
import { readPageState } from "../page-state";
import { swapDevice } from "./device";
import { swpOffset, swpType } from "./entry";
import type { SwapAreaState, SwapCachePage, SwapState } from "./observe";
import { cachedPages } from "./references";
import { vmSwapFull } from "./slots";
import { SWP_WRITEOK, swapCacheInfo, swapData, swapInfo, swapList } from "./structs";
import { swapVar } from "./swap-data";
import { type AreaView, areaList, usedAreas } from "./walk-areas";

export function observeSwap(k: Kernel): SwapState {
  const { i32, u32 } = k.memory;
  const findings: Finding[] = [];
  const { types, sound } = areaList(k);
  if (!sound) findings.push({ rule: "swap-list-broken", args: { steps: types.length } });
  const areas = usedAreas(k);
  for (const { type, map } of areas) if (map === null) findings.push({ rule: "swap-map-lost", args: { type } });
  const info = (name: keyof typeof swapCacheInfo.offset) =>
    u32[(k.data + kernelData.offset.swap + swapData.offset.swap_cache_info + swapCacheInfo.offset[name]) >>> 2]!;
  return {
    kind: "swap",
    areas: areas.map((area) => observeArea(k, area)),
    list: types,
    next: i32[(swapVar(k, "swap_list") + swapList.offset.next) >>> 2]!,
    free: i32[swapVar(k, "nr_swap_pages") >>> 2]!,
    total: i32[swapVar(k, "total_swap_pages") >>> 2]!,
    cluster: u32[swapVar(k, "cluster") >>> 2]!,
    window: 2 ** Math.min(u32[swapVar(k, "page_cluster") >>> 2]!, 31),
    full: vmSwapFull(k),
    cache: cachedPages(k).pages.map((page) => observePage(k, page)),
    pswpin: readPageState(k, "pswpin"),
    pswpout: readPageState(k, "pswpout"),
    addTotal: info("add_total"),
    delTotal: info("del_total"),
    findSuccess: info("find_success"),
    findTotal: info("find_total"),
    findings,
  };
}

function observeArea(k: Kernel, { type, si, flags, map }: AreaView): SwapAreaState {
  const field = (name: keyof typeof swapInfo.fields) => k.memory.u32[(si + swapInfo.offset[name]) >>> 2]!;
  const device = field("swap_file");
  const transfers = (name: "reads" | "writes") =>
    canHold(k, device, swapDevice.size) ? k.memory.u32[(device + swapDevice.offset[name]) >>> 2]! : 0;
  return {
    type,
    prio: field("prio") | 0,
    writable: (flags & SWP_WRITEOK) !== 0,
    pages: field("pages"),
    inuse: field("inuse_pages"),
    lowest: field("lowest_bit"),
    highest: field("highest_bit"),
    clusterNext: field("cluster_next"),
    clusterNr: field("cluster_nr"),
    counters: map === null ? [] : Array.from(map),
    reads: transfers("reads"),
    writes: transfers("writes"),
  };
}

function observePage(k: Kernel, page: Addr): SwapCachePage {
  const entry = pagePrivate(k, page);
  return {
    pfn: pageToPfn(k, page),
    type: swpType(entry),
    slot: swpOffset(entry),
    count: pageCount(k, page),
    mapcount: pageMapcount(k, page),
    dirty: testPageFlag(k, page, "PG_dirty"),
    writeback: testPageFlag(k, page, "PG_writeback"),
    locked: testPageFlag(k, page, "PG_locked"),
  };
}
