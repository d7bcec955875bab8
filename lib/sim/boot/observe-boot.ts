// Decodes what boot left in a machine's memory. Counts are clipped to what the structs hold, so nothing here throws or loops.
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { zonesData } from "../zones/structs";
import { type Bootmem, bootmemBit, readBootmem } from "./bootmem";
import { checkBoot } from "./check-boot";
import type { BootmemState, BootState } from "./observe";
import { readBoot, readLog, readMap } from "./read-boot";
import { bootData } from "./structs";

const BOOT = kernelData.offset.boot;

export function observeBoot(k: Kernel): BootState {
  const zones = (field: keyof typeof zonesData.offset) =>
    k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset[field]) >>> 2] ?? 0;
  return {
    kind: "boot",
    map: readMap(k),
    startPfn: readBoot(k, "min_low_pfn"),
    maxLowPfn: readBoot(k, "max_low_pfn"),
    maxPfn: readBoot(k, "max_pfn"),
    bootmem: observeBootmem({ memory: k.memory, data: k.data + BOOT + bootData.offset.bdata }),
    log: readLog(k),
    released: readBoot(k, "released"),
    totalram: zones("totalram_pages"),
    totalhigh: zones("totalhigh_pages"),
    reserved: zones("reserved_pages"),
    findings: checkBoot(k),
  };
}

/** The boot allocator of a machine, or one on its own; null when it has ended. */
export function observeBootmem(b: Bootmem): BootmemState | null {
  const map = readBootmem(b, "node_bootmem_map");
  const lowPages = Math.min(readBootmem(b, "node_low_pfn"), 2 ** 20);
  if (map === 0 || map + lowPages / 8 > b.memory.byteLength) return null;
  const taken: [number, number][] = [];
  for (let pfn = 0; pfn < lowPages; pfn++) {
    if (!bootmemBit(b, pfn)) continue;
    const last = taken.at(-1);
    if (last?.[1] === pfn) last[1] = pfn + 1;
    else taken.push([pfn, pfn + 1]);
  }
  return {
    lowPages,
    taken,
    lastPos: readBootmem(b, "last_pos"),
    lastOffset: readBootmem(b, "last_offset"),
    lastSuccess: readBootmem(b, "last_success"),
  };
}
