// One area of an address space and the address space itself as bytes: reading and writing their fields.
// Source: Linux 2.6.11 linux/mm.h (vm_area_struct), linux/sched.h (mm_struct)
//
// `w` is the word view of the machine's memory. Take it anew after a call through `k.ops`.
import { PAGE_SHIFT } from "../constants";
import type { Addr } from "../machine";
import { mmStruct, vmAreaStruct } from "../structs-mm";

type Words = Uint32Array;
/** Fields of one word each. */
export type VmaField = Exclude<keyof typeof vmAreaStruct.fields, "vm_rb" | "shared" | "anon_vma_node">;
export type MmField = Exclude<keyof typeof mmStruct.fields, "mmlist">;

/** Offset of `vm_rb` in an area: what leads from a tree node to its area. */
export const VM_RB = vmAreaStruct.offset.vm_rb;

export function getVma(w: Words, vma: Addr, field: VmaField): number {
  return w[(vma + vmAreaStruct.offset[field]) >>> 2]!;
}

export function setVma(w: Words, vma: Addr, field: VmaField, value: number): void {
  w[(vma + vmAreaStruct.offset[field]) >>> 2] = value;
}

export function getMm(w: Words, mm: Addr, field: MmField): number {
  return w[(mm + mmStruct.offset[field]) >>> 2]!;
}

export function setMm(w: Words, mm: Addr, field: MmField, value: number): void {
  w[(mm + mmStruct.offset[field]) >>> 2] = value;
}

export function addMm(w: Words, mm: Addr, field: MmField, change: number): void {
  w[(mm + mmStruct.offset[field]) >>> 2]! += change;
}

/** Pages of the area. */
export function vmaPages(w: Words, vma: Addr): number {
  return (getVma(w, vma, "vm_end") - getVma(w, vma, "vm_start")) >>> PAGE_SHIFT;
}

/** The page number, in units of vm_pgoff, that lies at an address of the area. */
export function linearPageIndex(w: Words, vma: Addr, address: number): number {
  return (getVma(w, vma, "vm_pgoff") + ((address - getVma(w, vma, "vm_start")) >>> PAGE_SHIFT)) >>> 0;
}
