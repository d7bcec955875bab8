// The memory map that the BIOS reports, made usable: sorted, without overlaps, with the hole below 1 MiB cut out.
// Theory:     the start and the end of every entry are change points. Going through them in order, the type in force is the largest
//             one of the entries that are open: reserved beats RAM, ACPI beats both. Whenever it changes, an entry ends and one starts.
//
//     RAM       |=======================|
//     reserved            |=======|
//     result    |== RAM ==|= res =|= RAM |
//
// Source:     Linux 2.6.11 arch/i386/kernel/setup.c (sanitize_e820_map, copy_e820_map, add_memory_region, limit_regions,
//             find_max_pfn), asm-i386/mach-default/setup_arch_post.h (machine_specific_memory_setup)
// Simplified: addresses are numbers, or bigints where a number is not exact (from 2^53 on).
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { E820MAX } from "./structs";

export const E820_RAM = 1;
export const E820_RESERVED = 2;
export const E820_ACPI = 3;
export const E820_NVS = 4;

/** Bytes; `type` 1 RAM, 2 reserved, 3 ACPI data, 4 ACPI NVS. */
export interface E820Range<Bytes extends number | bigint = number> {
  readonly addr: Bytes;
  readonly size: Bytes;
  readonly type: number;
}

const HOLE_START = 0xa0000;
const HIGH_MEMORY = 0x100000;
/** The part below 640 KiB that every PC has. */
const LOWMEMSIZE = 0x9f000;
const ADDRESSES = 1n << 64n;

/**
 * Sorted, disjoint entries without gaps between equal types; at most 32. A map of fewer than two entries, or with an entry that
 * passes 2^64, comes back as it is (the kernel's failure code).
 */
export function sanitizeE820(map: readonly E820Range[]): readonly E820Range[];
export function sanitizeE820(map: readonly E820Range<number | bigint>[]): readonly E820Range<number | bigint>[];
export function sanitizeE820(map: readonly E820Range<number | bigint>[]): readonly E820Range<number | bigint>[] {
  if (map.length < 2 || map.some(({ addr, size }) => BigInt(addr) + BigInt(size) >= ADDRESSES)) return map;
  const result: E820Range<number | bigint>[] = [];
  const open = new Set<number>();
  let type = 0;
  let start = 0n;
  for (const { at, entry, starts } of changePoints(map)) {
    if (starts) open.add(entry);
    else open.delete(entry);
    const next = Math.max(0, ...[...open].map((index) => map[index]!.type));
    if (next === type) continue;
    if (type !== 0 && at > start) result.push({ addr: exact(start), size: exact(at - start), type });
    if (result.length === E820MAX) break;
    start = at;
    type = next;
  }
  return result;
}

interface ChangePoint {
  readonly at: bigint;
  readonly entry: number;
  readonly starts: boolean;
}

/** In order of address; at equal addresses a start comes before an end. Entries of size 0 have none. */
function changePoints(map: readonly E820Range<number | bigint>[]): ChangePoint[] {
  const points = map.flatMap(({ addr, size }, entry) =>
    BigInt(size) === 0n
      ? []
      : [
          { at: BigInt(addr), entry, starts: true },
          { at: BigInt(addr) + BigInt(size), entry, starts: false },
        ],
  );
  return points.sort((a, b) => (a.at === b.at ? Number(b.starts) - Number(a.starts) : a.at < b.at ? -1 : 1));
}

function exact(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Appends a region; a map with 32 entries is full and stays as it is. */
export function addMemoryRegion(map: E820Range[], region: E820Range): void {
  if (map.length < E820MAX) map.push(region);
}

/** The map the kernel goes on with, RAM between 640 KiB and 1 MiB cut out; null for fewer than two entries. */
export function copyE820Map(bios: readonly E820Range[]): E820Range[] | null {
  if (bios.length < 2) return null;
  const map: E820Range[] = [];
  for (const { addr, size, type } of bios) {
    const end = addr + size;
    if (type !== E820_RAM || addr >= HIGH_MEMORY || end <= HOLE_START) {
      addMemoryRegion(map, { addr, size, type });
      continue;
    }
    if (addr < HOLE_START) addMemoryRegion(map, { addr, size: HOLE_START - addr, type });
    if (end > HIGH_MEMORY) addMemoryRegion(map, { addr: HIGH_MEMORY, size: end - HIGH_MEMORY, type });
  }
  return map;
}

/** What the BIOS map becomes; without a usable one two ranges of RAM, the upper one of `extMemKbytes` from 1 MiB on. */
export function memorySetup(bios: readonly E820Range[], extMemKbytes: number): E820Range[] {
  return (
    copyE820Map(sanitizeE820(bios)) ?? [
      { addr: 0, size: LOWMEMSIZE, type: E820_RAM },
      { addr: HIGH_MEMORY, size: extMemKbytes * 1024, type: E820_RAM },
    ]
  );
}

/**
 * `mem=`: the first RAM entry that reaches `limit` ends there, and all later entries are dropped. A RAM entry that starts beyond gets
 * a negative size, which nobody takes for RAM.
 */
export function limitRegions(map: readonly E820Range[], limit: number): E820Range[] {
  const last = map.findIndex(({ addr, size, type }) => type === E820_RAM && addr + size >= limit);
  if (last < 0) return [...map];
  const { addr, type } = map[last]!;
  return [...map.slice(0, last), { addr, size: limit - addr, type }];
}

/** Whole pages of RAM of each entry, clipped to `limit`: first pfn and the one behind the last. */
export function* ramPages(map: readonly E820Range[], limit = Number.POSITIVE_INFINITY): Iterable<[number, number]> {
  for (const { addr, size, type } of map) {
    const start = Math.ceil(addr / PAGE_SIZE);
    const end = Math.min(limit, Math.floor((addr + size) / 2 ** PAGE_SHIFT));
    if (type === E820_RAM && start < end) yield [start, end];
  }
}

/** The page behind the last whole page of RAM. */
export function findMaxPfn(map: readonly E820Range[]): number {
  let max = 0;
  for (const [, end] of ramPages(map)) max = Math.max(max, end);
  return max;
}
