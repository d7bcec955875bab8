// The invariants of the zones together, beside those of each (check-zone.ts): marks and reserves, the zone number in each page, and who
// owns the contents of frames.
// Source: derived from Linux 2.6.11 mm/page_alloc.c (setup_per_zone_pages_min, setup_per_zone_lowmem_reserve, memmap_init_zone) and from
//         frames.ts
import { checkZone } from "../check-zone";
import { flagMask, PAGE_SHIFT, PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import { type Kernel, ZONE_HIGHMEM } from "../kernel";
import { contentsData, kernelData } from "../kernel-data";
import { MAX_ORDER, page as pageStruct, zone as zoneStruct } from "../structs";
import { ZONE_SHIFT } from "./init-zones";
import { zonesData } from "./structs";
import { lowmemReserve, watermarks } from "./watermarks";

const ZONES = kernelData.offset.zones;
const CONTENTS = kernelData.offset.contents;
const SLAB_BIT = flagMask("PG_slab");

/** Rules of the zones together; `args` name zone, page or address. */
const zonesRules = {
  mark: "zone-mark",
  reserve: "zone-reserve",
  pageZone: "page-zone",
  negativeCount: "negative-count",
  /** A slab in high memory, where the kernel has no address for it: somebody was served above his class zone. */
  slabHigh: "slab-in-highmem",
  kswapd: "kswapd-word",
  contentsOwner: "contents-owner",
  contentsList: "contents-list",
  contentsCount: "contents-count",
} as const;

/** What does not hold, the first page of each kind; empty for a sound machine. Never throws, never loops; one pass over mem_map. */
export function checkZones(k: Kernel): Finding[] {
  return [
    ...k.zones.flatMap((zone) => (zone.pages === 0 ? [] : checkZone(zone))),
    ...checkMarks(k),
    ...checkPages(k),
    ...checkKswapd(k),
    ...checkContents(k),
  ];
}

function checkMarks(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const data = (offset: number) => k.memory.u32[(k.data + ZONES + offset) >>> 2] ?? 0;
  const present = k.zones.map(({ pages }) => pages);
  const ratioAt = zonesData.offset.lowmem_reserve_ratio;
  const reserves = lowmemReserve(present, [data(ratioAt), data(ratioAt + 4)]);
  const marks = watermarks(present, data(zonesData.offset.min_free_kbytes), k.config.profile);
  for (const [zone, { zone: at }] of k.zones.entries()) {
    const { min, low, high } = marks[zone]!;
    for (const [mark, expected] of Object.entries({ pages_min: min, pages_low: low, pages_high: high })) {
      const stored = k.memory.u32[(at + zoneStruct.offset[mark as "pages_min"]) >>> 2] ?? 0;
      if (stored !== expected) findings.push({ rule: zonesRules.mark, args: { zone, mark, expected, stored } });
    }
    for (const [upper, expected] of reserves[zone]!.entries()) {
      const stored = k.memory.u32[(at + zoneStruct.offset.lowmem_reserve + 4 * upper) >>> 2] ?? 0;
      if (stored !== expected) findings.push({ rule: zonesRules.reserve, args: { zone, upper, expected, stored } });
    }
  }
  return findings;
}

function checkPages(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const words = pageStruct.size >>> 2;
  for (const [zone, m] of k.zones.entries()) {
    let wrongZone = -1;
    let negative = -1;
    let slab = -1;
    for (let index = m.pages - 1, at = (m.memMap >>> 2) + index * words; index >= 0; index--, at -= words) {
      const flags = k.memory.u32[at + (pageStruct.offset.flags >>> 2)]!;
      if (flags >>> ZONE_SHIFT !== zone) wrongZone = m.startPfn + index;
      if (zone === ZONE_HIGHMEM && (flags & SLAB_BIT) !== 0) slab = m.startPfn + index;
      if (k.memory.i32[at + (pageStruct.offset.count >>> 2)]! < 0) negative = m.startPfn + index;
    }
    if (wrongZone >= 0) findings.push({ rule: zonesRules.pageZone, args: { pfn: wrongZone, zone } });
    if (negative >= 0) findings.push({ rule: zonesRules.negativeCount, args: { pfn: negative } });
    if (slab >= 0) findings.push({ rule: zonesRules.slabHigh, args: { pfn: slab } });
  }
  return findings;
}

function checkKswapd(k: Kernel): Finding[] {
  const data = (field: "kswapd_awake" | "kswapd_max_order") =>
    k.memory.u32[(k.data + ZONES + zonesData.offset[field]) >>> 2] ?? 0;
  const [awake, order] = [data("kswapd_awake"), data("kswapd_max_order")];
  return awake > 1 || order >= MAX_ORDER ? [{ rule: zonesRules.kswapd, args: { awake, order } }] : [];
}

/** Contents in use lie below the pointer, each with the frame that owns it; the free ones are on a list; together they are all. */
function checkContents(k: Kernel): Finding[] {
  const w = k.memory.u32;
  const field = (offset: number) => w[(k.data + CONTENTS + offset) >>> 2] ?? 0;
  const used = Math.min(field(contentsData.offset.used), k.config.contents);
  const inUse = (address: number) =>
    address >= k.contents && address < k.contents + used * PAGE_SIZE && address % PAGE_SIZE === 0;
  for (let pfn = 0; pfn < k.pages; pfn++) {
    const address = w[(k.frameTable >>> 2) + pfn]!;
    if (address === 0) continue;
    const owner = inUse(address) ? w[(k.contentsOwner >>> 2) + ((address - k.contents) >>> PAGE_SHIFT)]! : -1;
    if (owner !== pfn) return [{ rule: zonesRules.contentsOwner, args: { pfn, address, owner } }];
  }
  let free = 0;
  for (let order = 0; order < MAX_ORDER; order++)
    for (let address = field(contentsData.offset.free + 4 * order); address !== 0; address = w[address >>> 2]!) {
      if (!inUse(address) || free >= used) return [{ rule: zonesRules.contentsList, args: { address } }];
      free += 2 ** order;
    }
  const held = field(contentsData.offset.held);
  return held + free === used ? [] : [{ rule: zonesRules.contentsCount, args: { held, free, used } }];
}
