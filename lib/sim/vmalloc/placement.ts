// First fit among vmalloc areas: where a new one goes.
// Theory:     areas lie in ascending order, each with an unmapped guard page at its end. The search keeps the lowest address that may
//             still be free and takes it as soon as the next area starts far enough above.
// Source:     Linux 2.6.11 mm/vmalloc.c (__get_vm_area); domain 5.3; Gorman 7.1
// Simplified: nothing. The missing check of the end of the range in 2.6.11 is an option.
import { PAGE_SIZE } from "../constants";

export interface VmArea {
  readonly addr: number;
  /** Bytes, with the guard page. */
  readonly size: number;
}

/** `missing`: behind the last area anything goes, as in 2.6.11. */
export type EndCheck = "made" | "missing";

const TOP = 2 ** 32;

/** One step of the search: where the new area might go after looking at `area`. `found` and `full` end the search. */
export type PlacementStep = { readonly addr: number; readonly done: "found" | "full" | null };

/**
 * @param size bytes with the guard page; @param align power of two.
 */
export function placementStep(addr: number, size: number, align: number, area: VmArea, end: number): PlacementStep {
  const behind = Math.ceil((area.addr + area.size) / align) * align;
  if (area.addr < addr) return { addr: area.addr + area.size >= addr ? behind : addr, done: null };
  if (addr + size >= TOP) return { addr, done: "full" };
  if (addr + size <= area.addr) return { addr, done: "found" };
  return { addr: behind, done: behind > end - size ? "full" : null };
}

/** Whether a place behind every area is acceptable. */
export function fitsAtEnd(addr: number, size: number, end: number, endCheck: EndCheck): boolean {
  return endCheck === "missing" || addr + size <= end;
}

/**
 * The place for `bytes` (a multiple of the page size) and the list with it.
 * @returns `addr` null, and the same list, if there is no place or `bytes` is 0.
 */
export function getVmArea(
  list: readonly VmArea[],
  bytes: number,
  lo: number,
  hi: number,
  endCheck: EndCheck = "made",
): { readonly list: readonly VmArea[]; readonly addr: number | null } {
  if (bytes === 0) return { list, addr: null };
  const size = bytes + PAGE_SIZE;
  let step: PlacementStep = { addr: lo, done: null };
  let index = 0;
  for (; index < list.length; index++) {
    step = placementStep(step.addr, size, PAGE_SIZE, list[index]!, hi);
    if (step.done !== null) break;
  }
  const full = step.done === "full" || (step.done === null && !fitsAtEnd(step.addr, size, hi, endCheck));
  if (full) return { list, addr: null };
  return { list: [...list.slice(0, index), { addr: step.addr, size }, ...list.slice(index)], addr: step.addr };
}

/** I/O mappings start at a multiple of their size rounded up to a power of two, between one page and 512 KiB. */
export function ioremapAlign(bytes: number): number {
  const bit = 32 - Math.clz32(bytes);
  return 2 ** Math.min(19, Math.max(12, bit));
}
