// Zones before the first page is free: empty lists, per-CPU marks, and every page reserved.
// Source:     Linux 2.6.11 mm/page_alloc.c (free_area_init_core, memmap_init_zone, zone_init_free_lists), arch/i386/mm/init.c
//             (one_highpage_init, for PG_highmem); Gorman 2.2, 2.4
// Simplified: the pages of a zone that does not exist are no pages at all; nothing is said about wait queues but where they lie.
import { pageFlags } from "../constants";
import { type Kernel, type ZoneIndex, zoneIndices } from "../kernel";
import { listInit } from "../list";
import type { BuddyMachine } from "../machine";
import { pcpMarksFor, pcpOf } from "../pcp";
import { DEF_PRIORITY } from "../reclaim/scan-control";
import { freeArea, MAX_ORDER, page as pageStruct, perCpuPages, zone as zoneStruct } from "../structs";

/** The number of a page's zone stands in its flags from this bit on. */
export const ZONE_SHIFT = 24;
const PAGE_WORDS = pageStruct.size >>> 2;
const FLAGS = pageStruct.offset.flags >>> 2;

export function initZones(k: Kernel): void {
  for (const index of zoneIndices) {
    initZone(k.zones[index], k.config.profile);
    initPages(k.zones[index], index);
  }
}

/** The zone number in the upper flag bits of a page. */
export function pageZoneNumber(k: Kernel, page: number): number {
  return k.memory.u32[(page >>> 2) + FLAGS]! >>> ZONE_SHIFT;
}

function initZone(m: BuddyMachine, profile: Kernel["config"]["profile"]): void {
  const w = m.memory.u32;
  const at = (field: keyof typeof zoneStruct.offset) => (m.zone + zoneStruct.offset[field]) >>> 2;
  for (let order = 0; order < MAX_ORDER; order++)
    listInit(w, m.zone + zoneStruct.offset.free_area + order * freeArea.size);
  listInit(w, m.zone + zoneStruct.offset.active_list);
  listInit(w, m.zone + zoneStruct.offset.inactive_list);
  w[at("zone_mem_map")] = m.memMap;
  w[at("zone_start_pfn")] = m.startPfn;
  w[at("spanned_pages")] = m.pages;
  w[at("present_pages")] = m.pages;
  w[at("temp_priority")] = DEF_PRIORITY;
  w[at("prev_priority")] = DEF_PRIORITY;
  const marks = pcpMarksFor(m.pages, profile);
  for (const cold of [0, 1] as const) {
    const { low, high, batch } = cold === 0 ? marks.hot : marks.cold;
    const pcp = pcpOf(m.zone, cold);
    w[(pcp + perCpuPages.offset.low) >>> 2] = low;
    w[(pcp + perCpuPages.offset.high) >>> 2] = high;
    w[(pcp + perCpuPages.offset.batch) >>> 2] = batch;
    listInit(w, pcp + perCpuPages.offset.list);
  }
}

function initPages(m: BuddyMachine, index: ZoneIndex): void {
  const w = m.memory.u32;
  const flags = ((index << ZONE_SHIFT) | (1 << pageFlags.PG_reserved)) >>> 0;
  const end = (m.memMap >>> 2) + m.pages * PAGE_WORDS;
  for (let at = (m.memMap >>> 2) + FLAGS; at < end; at += PAGE_WORDS) w[at] = flags;
}
