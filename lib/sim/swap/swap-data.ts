// Where swapping keeps its variables in the machine's memory, and the counters of slots.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { kernelAddress } from "../vmalloc/vmalloc";
import { swapCacheInfo, swapData, swapInfo } from "./structs";

const SWAP = kernelData.offset.swap;
const INFO = SWAP + swapData.offset.swap_info;
const CACHE_INFO = SWAP + swapData.offset.swap_cache_info;
const MAP = swapInfo.offset.swap_map;

/** Machine address of a variable of swapping. */
export function swapVar(k: Kernel, name: keyof typeof swapData.fields): Addr {
  return k.data + SWAP + swapData.offset[name];
}

export function swapInfoAt(k: Kernel, type: number): Addr {
  return k.data + INFO + type * swapInfo.size;
}

/** The address_space of all pages in the swap cache; a page's key in its tree is its swap entry. */
export function swapperSpace(k: Kernel): Addr {
  return swapVar(k, "swapper_space");
}

export function countSwapCache(k: Kernel, what: keyof typeof swapCacheInfo.fields): void {
  k.memory.u32[(k.data + CACHE_INFO + swapCacheInfo.offset[what]) >>> 2]! += 1;
}

/** Counters in a page of the map. */
export const PER_PAGE = PAGE_SIZE / 2;

/** Machine address of the counter of a slot; those of the same page of the map follow it. */
function slotAddress(k: Kernel, si: Addr, offset: number): Addr {
  return kernelAddress(k, k.memory.u32[(si + MAP) >>> 2]! + offset * 2);
}

/** The counter of a slot. */
export function readSlot(k: Kernel, si: Addr, offset: number): number {
  const at = slotAddress(k, si, offset);
  return k.memory.u8[at]! | (k.memory.u8[at + 1]! << 8);
}

export function writeSlot(k: Kernel, si: Addr, offset: number, count: number): void {
  const at = slotAddress(k, si, offset);
  k.memory.u8[at] = count;
  k.memory.u8[at + 1] = count >>> 8;
}

/** The first slot of [from, to] that is in use (or free), `to + 1` if there is none. Translates once a page of the map. */
export function seekSlot(k: Kernel, si: Addr, from: number, to: number, wanted: "used" | "free"): number {
  const { u8 } = k.memory;
  const free = wanted === "free";
  for (let offset = from; offset <= to; ) {
    const end = Math.min(to + 1, offset - (offset % PER_PAGE) + PER_PAGE);
    for (let at = slotAddress(k, si, offset); offset < end; offset++, at += 2)
      if (((u8[at]! | u8[at + 1]!) === 0) === free) return offset;
  }
  return to + 1;
}
