// Slots of swap areas: finding a free one, counting who refers to it.
// Theory:     slots are handed out in clusters, so that pages that leave together lie together on the disk and come back in one read.
//             The counter of a slot is the number of page table entries (and tmpfs tables) that store it, plus one while the swap
//             cache holds a page for it; at 0 the slot is free. Areas are used in order of priority, equal ones in turn.
// Source:     Linux 2.6.11 mm/swapfile.c (scan_swap_map, get_swap_page, swap_info_get, swap_entry_free, swap_free, swap_duplicate),
//             linux/swap.h (vm_swap_full); Gorman 11.1, 11.3
// Simplified: no locks. With no area left in the list (swap_list.next is -1) a freed slot does not look for a better area; the
//             kernel reads in front of its array there.
//
//     swap_map  [bad][1][2][0][1][1][0][0] ...         lowest_bit 3 ^        ^ cluster_next, cluster_nr slots to go
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { type SwapEntry, swpEntry, swpOffset, swpType } from "./entry";
import type { ScanHow } from "./events";
import { MAX_SWAPFILES, SWAP_MAP_MAX, SWP_ACTIVE, SWP_USED, swapInfo, swapList } from "./structs";
import { readSlot, seekSlot, swapInfoAt, swapVar, writeSlot } from "./swap-data";

const FLAGS = swapInfo.offset.flags;
const PRIO = swapInfo.offset.prio;
const LOWEST = swapInfo.offset.lowest_bit;
const HIGHEST = swapInfo.offset.highest_bit;
const CLUSTER_NEXT = swapInfo.offset.cluster_next;
const CLUSTER_NR = swapInfo.offset.cluster_nr;
const MAX = swapInfo.offset.max;
const INUSE = swapInfo.offset.inuse_pages;
const NEXT = swapInfo.offset.next;

/**
 * Takes a free slot of the area.
 * @param si address of the swap_info_struct. @returns the slot, counter 1; 0 if the area is full.
 */
export function scanSwapMap(k: Kernel, si: Addr): number {
  const w = k.memory.u32;
  const highest = w[(si + HIGHEST) >>> 2]!;
  if (w[(si + CLUSTER_NR) >>> 2]! > 0) {
    const next = w[(si + CLUSTER_NEXT) >>> 2]!;
    const offset = next <= highest ? seekSlot(k, si, next, highest, "free") : next;
    // Even in vain the search leaves its mark: the next one begins behind highest_bit.
    w[(si + CLUSTER_NEXT) >>> 2] = offset;
    if (offset <= highest) {
      w[(si + CLUSTER_NR) >>> 2]! -= 1;
      return takeSlot(k, si, offset, "cluster");
    }
  }
  const cluster = w[swapVar(k, "cluster") >>> 2]!;
  w[(si + CLUSTER_NR) >>> 2] = cluster;
  const empty = emptyCluster(k, si, cluster);
  if (empty !== 0) return takeSlot(k, si, empty, "new-cluster");
  const offset = seekSlot(k, si, w[(si + LOWEST) >>> 2]!, highest, "free");
  if (offset <= highest) {
    w[(si + LOWEST) >>> 2] = offset + 1;
    return takeSlot(k, si, offset, "first-free");
  }
  setFull(k, si);
  tellScan(k, si, 0, "full");
  return 0;
}

/** The first slot of `cluster` free ones in a row, 0 if there is no such run. */
function emptyCluster(k: Kernel, si: Addr, cluster: number): number {
  const w = k.memory.u32;
  const highest = w[(si + HIGHEST) >>> 2]!;
  for (let start = w[(si + LOWEST) >>> 2]!; start + cluster - 1 <= highest; ) {
    const used = seekSlot(k, si, start, start + cluster - 1, "used");
    if (used === start + cluster) return start;
    start = used + 1;
  }
  return 0;
}

function takeSlot(k: Kernel, si: Addr, offset: number, how: ScanHow): number {
  const w = k.memory.u32;
  if (offset === w[(si + LOWEST) >>> 2]) w[(si + LOWEST) >>> 2] = offset + 1;
  if (offset === w[(si + HIGHEST) >>> 2]) w[(si + HIGHEST) >>> 2] = offset - 1;
  if (w[(si + LOWEST) >>> 2]! > w[(si + HIGHEST) >>> 2]!) setFull(k, si);
  writeSlot(k, si, offset, 1);
  w[(si + INUSE) >>> 2]! += 1;
  k.memory.i32[swapVar(k, "nr_swap_pages") >>> 2]! -= 1;
  w[(si + CLUSTER_NEXT) >>> 2] = offset + 1;
  tellScan(k, si, offset, how);
  return offset;
}

function setFull(k: Kernel, si: Addr): void {
  const w = k.memory.u32;
  w[(si + LOWEST) >>> 2] = w[(si + MAX) >>> 2]!;
  w[(si + HIGHEST) >>> 2] = 0;
}

function tellScan(k: Kernel, si: Addr, slot: number, how: ScanHow): void {
  if (k.events === null) return;
  const w = k.memory.u32;
  k.events.push({
    kind: "slot-scan",
    type: (si - swapInfoAt(k, 0)) / swapInfo.size,
    how,
    slot,
    clusterNr: w[(si + CLUSTER_NR) >>> 2]!,
    lowest: w[(si + LOWEST) >>> 2]!,
    highest: w[(si + HIGHEST) >>> 2]!,
  });
}

/** A slot of the best area that has one, counter 1. @returns its entry, 0 if all areas are full. */
export function getSwapPage(k: Kernel): SwapEntry {
  const { i32, u32 } = k.memory;
  const list = swapVar(k, "swap_list");
  const head = (list + swapList.offset.head) >>> 2;
  const listNext = (list + swapList.offset.next) >>> 2;
  let type = i32[listNext]!;
  let wrapped = false;
  if (type >= 0 && i32[swapVar(k, "nr_swap_pages") >>> 2]! > 0) {
    // Damaged links may lead in a circle; sound ones take less than two rounds.
    for (let tries = 2 * MAX_SWAPFILES; type >= 0 && tries > 0; tries--) {
      const si = swapInfoAt(k, type);
      const following = i32[(si + NEXT) >>> 2]!;
      const sameNext = following >= 0 && i32[(si + PRIO) >>> 2] === i32[(swapInfoAt(k, following) + PRIO) >>> 2];
      if ((u32[(si + FLAGS) >>> 2]! & SWP_ACTIVE) === SWP_ACTIVE) {
        const slot = scanSwapMap(k, si);
        if (slot !== 0) {
          i32[listNext] = sameNext ? following : i32[head]!;
          if (k.events !== null) k.events.push({ kind: "slot-get", type, slot, next: i32[listNext]! });
          return swpEntry(type, slot);
        }
      }
      type = following;
      if (!wrapped && !sameNext) {
        type = i32[head]!;
        wrapped = true;
      }
    }
  }
  if (k.events !== null) k.events.push({ kind: "slot-none", free: i32[swapVar(k, "nr_swap_pages") >>> 2]! });
  return 0;
}

/** swap_info_get: the area of an entry in use, 0 (and a complaint) if there is none. */
export function areaOf(k: Kernel, entry: SwapEntry): Addr {
  if (entry === 0) return 0;
  const { i32, u32 } = k.memory;
  const type = swpType(entry);
  if (type >= u32[swapVar(k, "nr_swapfiles") >>> 2]!) return bad(k, entry, "no-area");
  const si = swapInfoAt(k, type);
  if ((u32[(si + FLAGS) >>> 2]! & SWP_USED) === 0) return bad(k, entry, "off");
  if (swpOffset(entry) >= u32[(si + MAX) >>> 2]!) return bad(k, entry, "beyond");
  if (readSlot(k, si, swpOffset(entry)) === 0) return bad(k, entry, "free");
  const next = (swapVar(k, "swap_list") + swapList.offset.next) >>> 2;
  const asked = i32[next]!;
  if (asked >= 0 && i32[(si + PRIO) >>> 2]! > i32[(swapInfoAt(k, asked) + PRIO) >>> 2]!) i32[next] = type;
  return si;
}

function bad(k: Kernel, entry: SwapEntry, why: "no-area" | "off" | "beyond" | "free"): 0 {
  if (k.events !== null) k.events.push({ kind: "slot-bad", entry, why });
  return 0;
}

/** swap_entry_free: drops one reference of a slot in use. @returns the counter left. */
export function swapEntryFree(k: Kernel, si: Addr, offset: number): number {
  const w = k.memory.u32;
  let count = readSlot(k, si, offset);
  if (count < SWAP_MAP_MAX) {
    count--;
    writeSlot(k, si, offset, count);
    if (count === 0) {
      if (offset < w[(si + LOWEST) >>> 2]!) w[(si + LOWEST) >>> 2] = offset;
      if (offset > w[(si + HIGHEST) >>> 2]!) w[(si + HIGHEST) >>> 2] = offset;
      k.memory.i32[swapVar(k, "nr_swap_pages") >>> 2]! += 1;
      w[(si + INUSE) >>> 2]! -= 1;
    }
  }
  if (k.events !== null) {
    const type = (si - swapInfoAt(k, 0)) / swapInfo.size;
    k.events.push({ kind: "slot-free", type, slot: offset, count });
  }
  return count;
}

/** Drops one reference of the entry's slot; an entry that names no slot in use is reported and left alone. */
export function swapFree(k: Kernel, entry: SwapEntry): void {
  const si = areaOf(k, entry);
  if (si !== 0) swapEntryFree(k, si, swpOffset(entry));
}

/** One more reference to the entry's slot. @returns false if the slot is not in use. */
export function swapDuplicate(k: Kernel, entry: SwapEntry): boolean {
  const { u32 } = k.memory;
  const type = swpType(entry);
  const offset = swpOffset(entry);
  if (type >= u32[swapVar(k, "nr_swapfiles") >>> 2]!) {
    bad(k, entry, "no-area");
    return false;
  }
  const si = swapInfoAt(k, type);
  const count = offset < u32[(si + MAX) >>> 2]! ? readSlot(k, si, offset) : 0;
  if (count === 0 || count > SWAP_MAP_MAX) return false;
  const stuck = count >= SWAP_MAP_MAX - 1;
  if (stuck) u32[swapVar(k, "swap_overflow") >>> 2]! += 1;
  const now = stuck ? SWAP_MAP_MAX : count + 1;
  writeSlot(k, si, offset, now);
  if (k.events !== null) k.events.push({ kind: "slot-dup", type, slot: offset, count: now, stuck });
  return true;
}

/** More than half of all slots are in use. */
export function vmSwapFull(k: Kernel): boolean {
  const { i32 } = k.memory;
  return i32[swapVar(k, "nr_swap_pages") >>> 2]! * 2 < i32[swapVar(k, "total_swap_pages") >>> 2]!;
}
