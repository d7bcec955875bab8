// A machine without a past: every page of its zones is free in the largest possible blocks.
// Simplified: no firmware, no boot allocator, nothing reserved; boot/ tells how it really happens.
import { freePagesBulk } from "../buddy";
import { pageFlags } from "../constants";
import { type Kernel, type ZoneIndex, zoneIndices } from "../kernel";
import { kernelData } from "../kernel-data";
import type { BuddyMachine } from "../machine";
import { MAX_ORDER, page as pageStruct } from "../structs";
import { ZONE_SHIFT } from "./init-zones";
import { zonesData } from "./structs";

const PAGE_WORDS = pageStruct.size >>> 2;
const FLAGS = pageStruct.offset.flags >>> 2;

export function freeWholeZones(k: Kernel): void {
  for (const index of zoneIndices) {
    clearReserved(k.zones[index], index);
    freeLargestBlocks(k.zones[index]);
  }
  const set = (field: "totalram_pages" | "totalhigh_pages" | "num_physpages", pages: number) => {
    k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset[field]) >>> 2] = pages;
  };
  set("totalram_pages", k.pages);
  set("num_physpages", k.pages);
  set("totalhigh_pages", k.zones[2].pages);
}

function clearReserved(m: BuddyMachine, index: ZoneIndex): void {
  const flags = ((index << ZONE_SHIFT) | (index === 2 ? 1 << pageFlags.PG_highmem : 0)) >>> 0;
  const end = (m.memMap >>> 2) + m.pages * PAGE_WORDS;
  for (let at = (m.memMap >>> 2) + FLAGS; at < end; at += PAGE_WORDS) m.memory.u32[at] = flags;
}

/** Ascending. */
function freeLargestBlocks(m: BuddyMachine): void {
  for (let index = 0; index < m.pages; ) {
    let order = 0;
    while (order < MAX_ORDER - 1 && index % 2 ** (order + 1) === 0 && index + 2 ** (order + 1) <= m.pages) order++;
    freePagesBulk(m, m.zone, m.memMap + index * pageStruct.size, order);
    index += 2 ** order;
  }
}
