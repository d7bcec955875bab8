// Decodes the zones of a machine into their observable state. Reads a fixed number of words: nothing in memory can make it throw or loop.
import { COLD, type Cold, HOT } from "../constants";
import { type Kernel, type ZoneIndex, zoneIndices, zoneNames } from "../kernel";
import { kernelData } from "../kernel-data";
import { getFullPageState } from "../page-state";
import { pcpOf } from "../pcp";
import { freeArea, MAX_NR_ZONES, MAX_ORDER, perCpuPages, zone as zoneStruct } from "../structs";
import { checkZones } from "./check-zones";
import type { PcpNumbers, ZoneState, ZonesState } from "./observe";
import { zonesData } from "./structs";

export function observeZones(k: Kernel): ZonesState {
  const data = (field: keyof typeof zonesData.offset) =>
    k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset[field]) >>> 2] ?? 0;
  return {
    kind: "zones",
    minFreeKbytes: data("min_free_kbytes"),
    kswapd: { awake: data("kswapd_awake") !== 0, maxOrder: data("kswapd_max_order") },
    totalram: data("totalram_pages"),
    totalhigh: data("totalhigh_pages"),
    zones: zoneIndices.map((index) => zoneState(k, index)),
    pageState: getFullPageState(k),
    findings: checkZones(k),
  };
}

/** The numbers of one zone. */
export function zoneState(k: Kernel, index: ZoneIndex): ZoneState {
  const m = k.zones[index];
  const word = (offset: number) => k.memory.u32[(m.zone + offset) >>> 2] ?? 0;
  const read = (field: keyof typeof zoneStruct.offset) => word(zoneStruct.offset[field]);
  return {
    name: zoneNames[index],
    startPfn: read("zone_start_pfn"),
    spanned: read("spanned_pages"),
    present: read("present_pages"),
    free: read("free_pages"),
    min: read("pages_min"),
    low: read("pages_low"),
    high: read("pages_high"),
    lowmemReserve: Array.from({ length: MAX_NR_ZONES }, (_, upper) =>
      word(zoneStruct.offset.lowmem_reserve + 4 * upper),
    ),
    nrFree: Array.from({ length: MAX_ORDER }, (_, order) =>
      word(zoneStruct.offset.free_area + order * freeArea.size + freeArea.offset.nr_free),
    ),
    hot: pcpNumbers(k, m.zone, HOT),
    cold: pcpNumbers(k, m.zone, COLD),
    active: read("nr_active"),
    inactive: read("nr_inactive"),
    scanActive: read("nr_scan_active"),
    scanInactive: read("nr_scan_inactive"),
    pagesScanned: read("pages_scanned"),
    allUnreclaimable: read("all_unreclaimable") !== 0,
    prevPriority: read("prev_priority"),
    tempPriority: read("temp_priority"),
    tainted: m.tainted,
  };
}

function pcpNumbers(k: Kernel, zone: number, cold: Cold): PcpNumbers {
  const read = (field: keyof PcpNumbers) => k.memory.i32[(pcpOf(zone, cold) + perCpuPages.offset[field]) >>> 2] ?? 0;
  return { count: read("count"), low: read("low"), high: read("high"), batch: read("batch") };
}
