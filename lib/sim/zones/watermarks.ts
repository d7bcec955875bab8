// How many pages a zone keeps back: its three marks, and the reserve against requests that could have used a higher zone.
// Theory:     the machine keeps about the square root of its memory free, shared out over the zones below HighMem by size. Below
//             pages_low kswapd wakes, below pages_min ordinary requests stop, at pages_high kswapd sleeps. The reserve keeps users of
//             high memory from filling low memory, which others cannot do without.
// Source:     Linux 2.6.11 mm/page_alloc.c (init_per_zone_pages_min, setup_per_zone_pages_min, setup_per_zone_lowmem_reserve,
//             nr_free_buffer_pages); 2.6.18 for its gaps between the marks; Gorman 2.2.1 (the 2.4 rule)
// Simplified: nothing; products wrap at 32 bits as the kernel's unsigned longs.
import { PAGE_SHIFT } from "../constants";
import { intSqrt } from "../int-sqrt";
import { type Kernel, type KernelConfig, ZONE_HIGHMEM, zoneIndices } from "../kernel";
import { kernelData } from "../kernel-data";
import { SWAP_CLUSTER_MAX } from "../reclaim/scan-control";
import { MAX_NR_ZONES, zone as zoneStruct } from "../structs";
import { zonesData } from "./structs";

const MIN_FREE_KBYTES = kernelData.offset.zones + zonesData.offset.min_free_kbytes;
const MAX_ROUNDS = kernelData.offset.zones + zonesData.offset.max_rounds;
const RATIO = kernelData.offset.zones + zonesData.offset.lowmem_reserve_ratio;

/** Kilobytes to keep free on a machine with that many pages below HighMem: isqrt(16 * lowmem), 128 to 65536. */
export function defaultMinFreeKbytes(lowPages: number): number {
  const lowmemKbytes = lowPages * (1 << (PAGE_SHIFT - 10));
  // From here on the root is 65536 and more; the kernel's product would wrap, but no machine has so much low memory.
  if (lowmemKbytes * 16 >= 2 ** 32) return 65536;
  return Math.max(128, intSqrt(lowmemKbytes * 16));
}

export interface Marks {
  readonly min: number;
  readonly low: number;
  readonly high: number;
}

/** The marks of DMA, Normal and HighMem, in pages. Without low memory there is nothing to share out: DMA and Normal get 0. */
export function watermarks(
  present: readonly number[],
  minFreeKbytes: number,
  profile: KernelConfig["profile"] = "2.6.11",
): Marks[] {
  const lowmemPages = present.slice(0, ZONE_HIGHMEM).reduce((sum, pages) => sum + pages, 0);
  const pagesMin = minFreeKbytes >>> (PAGE_SHIFT - 10);
  return present.map((pages, zone) => {
    const share = lowmemPages === 0 ? 0 : Math.floor((Math.imul(pagesMin, pages) >>> 0) / lowmemPages);
    const min = zone === ZONE_HIGHMEM ? Math.min(128, Math.max(SWAP_CLUSTER_MAX, Math.floor(pages / 1024))) : share;
    if (profile === "2.6.18") return { min, low: min + (share >>> 2), high: min + (share >>> 1) };
    return { min, low: (Math.imul(min, 5) >>> 0) >>> 2, high: (Math.imul(min, 6) >>> 0) >>> 2 };
  });
}

/**
 * `[zone][class zone]`: pages a zone keeps from requests whose class zone is higher, the pages of the zones between them divided by
 * the zone's ratio. A ratio below 1 counts as 1.
 */
export function lowmemReserve(present: readonly number[], ratio: readonly number[] = [256, 32]): number[][] {
  const reserve = present.map(() => present.map(() => 0));
  for (let upper = 0; upper < present.length; upper++) {
    let pages = present[upper]!;
    for (let zone = upper - 1; zone >= 0; zone--) {
      reserve[zone]![upper] = Math.floor(pages / Math.max(1, ratio[zone]!));
      pages += present[zone]!;
    }
  }
  return reserve;
}

/** Configuration of the page allocator that is not zero, then the marks. */
export function initPageAlloc(k: Kernel): void {
  const w = k.memory.u32;
  const ratioAt = (k.data + RATIO) >>> 2;
  w[ratioAt] = 256;
  w[ratioAt + 1] = 32;
  w[(k.data + MAX_ROUNDS) >>> 2] = 32;
  initPerZonePagesMin(k);
}

/** Computes min_free_kbytes, then marks and reserves of all zones; the kernel does so when boot is over. */
function initPerZonePagesMin(k: Kernel): void {
  k.memory.u32[(k.data + MIN_FREE_KBYTES) >>> 2] = defaultMinFreeKbytes(freeBufferPages(k));
  setupPerZonePagesMin(k);
  setupPerZoneLowmemReserve(k);
}

export function minFreeKbytes(k: Kernel): number {
  return k.memory.u32[(k.data + MIN_FREE_KBYTES) >>> 2]!;
}

/** Writes /proc/sys/vm/min_free_kbytes: the marks follow, the reserves stay. */
export function setMinFreeKbytes(k: Kernel, kbytes: number): void {
  k.memory.u32[(k.data + MIN_FREE_KBYTES) >>> 2] = kbytes;
  setupPerZonePagesMin(k);
  if (k.events !== null) k.events.push({ kind: "marks-set", minFreeKbytes: kbytes });
}

/** Writes /proc/sys/vm/lowmem_reserve_ratio: the reserves follow, the marks stay. */
export function setLowmemReserveRatio(k: Kernel, ratio: readonly [dma: number, normal: number]): void {
  for (const [zone, value] of ratio.entries()) k.memory.u32[((k.data + RATIO) >>> 2) + zone] = value;
  setupPerZoneLowmemReserve(k);
  if (k.events !== null) k.events.push({ kind: "reserves-set", dma: ratio[0], normal: ratio[1] });
}

/** Sets the marks from min_free_kbytes. */
function setupPerZonePagesMin(k: Kernel): void {
  const w = k.memory.u32;
  const marks = watermarks(presentPages(k), minFreeKbytes(k), k.config.profile);
  for (const index of zoneIndices) {
    const { min, low, high } = marks[index]!;
    const { zone } = k.zones[index];
    w[(zone + zoneStruct.offset.pages_min) >>> 2] = min;
    w[(zone + zoneStruct.offset.pages_low) >>> 2] = low;
    w[(zone + zoneStruct.offset.pages_high) >>> 2] = high;
  }
}

function setupPerZoneLowmemReserve(k: Kernel): void {
  const w = k.memory.u32;
  const ratioAt = (k.data + RATIO) >>> 2;
  for (const zone of [0, 1]) if (w[ratioAt + zone]! < 1) w[ratioAt + zone] = 1;
  const reserve = lowmemReserve(presentPages(k), [w[ratioAt]!, w[ratioAt + 1]!]);
  for (const index of zoneIndices)
    for (let upper = 0; upper < MAX_NR_ZONES; upper++)
      w[(k.zones[index].zone + zoneStruct.offset.lowmem_reserve + 4 * upper) >>> 2] = reserve[index]![upper]!;
}

/** nr_free_buffer_pages: pages above pages_high in the zones of the default zonelist. The marks are still 0 at boot. */
function freeBufferPages(k: Kernel): number {
  let sum = 0;
  for (const index of k.zonelists[0]!) {
    const { zone } = k.zones[index];
    const present = k.memory.u32[(zone + zoneStruct.offset.present_pages) >>> 2]!;
    const high = k.memory.u32[(zone + zoneStruct.offset.pages_high) >>> 2]!;
    if (present > high) sum += present - high;
  }
  return sum;
}

function presentPages(k: Kernel): number[] {
  return k.zones.map(({ zone }) => k.memory.u32[(zone + zoneStruct.offset.present_pages) >>> 2]!);
}
