// The list of vmalloc areas in the machine: taking a place, finding and removing an area.
// Source:     Linux 2.6.11 mm/vmalloc.c (__get_vm_area, get_vm_area, remove_vm_area); Gorman 7.1-7.3
import { PAGE_SIZE } from "../constants";
import { isContents } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { kfree, kmalloc } from "../slab/kmalloc";
import { GFP_KERNEL } from "../zones/gfp";
import { fitsAtEnd, ioremapAlign, type PlacementStep, placementStep } from "./placement";
import { type AddressRange, vmallocRangeOf } from "./range";
import { vmallocData, vmStruct } from "./structs";

const VM_IOREMAP = 1;
export const VM_ALLOC = 2;
export const VM_MAP = 4;

const VMLIST = kernelData.offset.vmalloc + vmallocData.offset.vmlist;
const NO_END_CHECK = kernelData.offset.vmalloc + vmallocData.offset.no_end_check;
const NEXT = vmStruct.offset.next;

export function getArea(k: Kernel, area: Addr, field: keyof typeof vmStruct.offset): number {
  return k.memory.u32[(area + vmStruct.offset[field]) >>> 2]!;
}

export function setArea(k: Kernel, area: Addr, field: keyof typeof vmStruct.offset, value: number): void {
  k.memory.u32[(area + vmStruct.offset[field]) >>> 2] = value;
}

/** Machine address of the word that holds the first area. */
export function vmlistAddr(k: Kernel): Addr {
  return k.data + VMLIST;
}

/** Chooses between the range check and what 2.6.11 does behind the last area. */
export function setEndCheck(k: Kernel, endCheck: "made" | "missing"): void {
  k.memory.u32[(k.data + NO_END_CHECK) >>> 2] = endCheck === "missing" ? 1 : 0;
}

/**
 * A `vm_struct` for `bytes` (a multiple of the page size) and a guard page, in the list. Nothing is mapped yet.
 * @returns 0 without memory or place.
 */
export function getVmAreaIn(k: Kernel, bytes: number, flags: number, range: AddressRange): Addr {
  const align = (flags & VM_IOREMAP) !== 0 ? ioremapAlign(bytes) : PAGE_SIZE;
  const area = kmalloc(k, vmStruct.size, GFP_KERNEL);
  if (area === 0) return 0;
  const size = bytes + PAGE_SIZE;
  const w = k.memory.u32;
  let link = vmlistAddr(k);
  let passed = 0;
  let step: PlacementStep = { addr: Math.ceil(range.start / align) * align, done: null };
  for (let at = w[link >>> 2]!; at !== 0; link = at + NEXT, at = w[link >>> 2]!) {
    step = placementStep(
      step.addr,
      size,
      align,
      { addr: getArea(k, at, "addr"), size: getArea(k, at, "size") },
      range.end,
    );
    if (step.done !== null) break;
    passed++;
  }
  const check = w[(k.data + NO_END_CHECK) >>> 2] === 1 ? "missing" : "made";
  if (step.done === "full" || (step.done === null && !fitsAtEnd(step.addr, size, range.end, check))) {
    kfree(k, area);
    k.events?.push({ kind: "vm-area", addr: null, size, passed });
    return 0;
  }
  setArea(k, area, "addr", step.addr);
  setArea(k, area, "size", size);
  setArea(k, area, "flags", flags);
  for (const field of ["pages", "nr_pages", "phys_addr"] as const) setArea(k, area, field, 0);
  setArea(k, area, "next", w[link >>> 2]!);
  w[link >>> 2] = area;
  k.events?.push({ kind: "vm-area", addr: step.addr, size, passed });
  return area;
}

export function getVmAreaFor(k: Kernel, bytes: number, flags: number): Addr {
  return getVmAreaIn(k, bytes, flags, vmallocRangeOf(k));
}

/** The area that starts at this address, 0 if none does. */
export function findVmArea(k: Kernel, addr: number): Addr {
  for (const area of vmAreas(k)) if (getArea(k, area, "addr") === addr) return area;
  return 0;
}

/** Takes an area out of the list; what it mapped must be gone. */
export function unlinkVmArea(k: Kernel, area: Addr): void {
  const w = k.memory.u32;
  let link = vmlistAddr(k);
  for (const each of vmAreas(k)) {
    if (each === area) break;
    link = each + NEXT;
  }
  w[link >>> 2] = getArea(k, area, "next");
}

/** No machine has more areas than pages of addresses for them. */
const MOST_AREAS = 0x10000;

/** All areas in order; ends at the first link that leads nowhere or at more areas than there is room for. */
export function* vmAreas(k: Kernel): Iterable<Addr> {
  let count = 0;
  for (let at = k.memory.u32[vmlistAddr(k) >>> 2]!; at !== 0; at = getArea(k, at, "next")) {
    if (!isContents(k, at) || at % 4 !== 0 || ++count > MOST_AREAS) return;
    yield at;
  }
}
