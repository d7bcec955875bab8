// Decodes what boot left in a machine's memory. Counts are clipped to what the structs hold, so nothing here throws or loops.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { zonesData } from "../zones/structs";
import { type Bootmem, bootmemBit, readBootmem } from "./bootmem";
import { checkBoot } from "./check-boot";
import { E820_RAM, E820_RESERVED, ramPages } from "./e820";
import type { BootmemState, BootState, PageUse } from "./observe";
import { readBoot, readLog, readMap } from "./read-boot";
import { bootData, bootOwners } from "./structs";

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
    strip: pageStrip(k),
    released: readBoot(k, "released"),
    totalram: zones("totalram_pages"),
    totalhigh: zones("totalhigh_pages"),
    reserved: zones("reserved_pages"),
    findings: checkBoot(k),
  };
}

/** Paints every page with the map first, then with who got it at boot; a page that is partly RAM is not memory. */
function pageStrip(k: Kernel): BootState["strip"] {
  if (readBoot(k, "max_pfn") === 0) return [];
  const uses = ["no memory", "memory", "reserved", "ACPI", ...bootOwners] as const;
  const paint = new Uint8Array(k.pages);
  const map = readMap(k);
  for (const [start, end] of ramPages(map, k.pages)) paint.fill(uses.indexOf("memory"), start, end);
  for (const { addr, size, type } of map) {
    if (type === E820_RAM) continue;
    const use = type === E820_RESERVED ? "reserved" : "ACPI";
    paint.fill(uses.indexOf(use), Math.floor(addr / PAGE_SIZE), Math.ceil((addr + size) / PAGE_SIZE));
  }
  for (const { owner, start, bytes } of readLog(k))
    paint.fill(uses.indexOf(owner), Math.floor(start / PAGE_SIZE), Math.ceil((start + bytes) / PAGE_SIZE));
  const strip: { use: PageUse; start: number; end: number }[] = [];
  for (let pfn = 0; pfn < k.pages; pfn++) {
    const use = uses[paint[pfn]!]!;
    const last = strip.at(-1);
    if (last?.use === use) last.end = pfn + 1;
    else strip.push({ use, start: pfn, end: pfn + 1 });
  }
  return strip;
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
