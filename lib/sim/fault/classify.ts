// What a page fault is, before anything is done about it.
// Theory:     the processor says where and how; the areas of the address space say whether that was allowed.
//
//     address >= 3 GiB:  kernel, not present -> vmalloc        else -> bad
//     no area ends above the address -> MAPERR
//     area begins above:  must grow down, and a user's access must not be far below esp; else MAPERR
//     write -> area must be writable, else ACCERR
//     read of a present page -> ACCERR (only a protection that forbids it can have stopped it)
//     read of an absent page -> area must be readable or executable, else ACCERR
// Source:     Linux 2.6.11 arch/i386/mm/fault.c (do_page_fault); Gorman 4.6
// Simplified: no virtual-8086 mode, no workaround for prefetches of AMD processors.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVma } from "../mm/find-vma";
import { TASK_SIZE, VM_EXEC, VM_READ, VM_WRITE } from "../mm/flags";
import { stackAccessOk } from "../mm/stack";
import { getVma } from "../mm/vma";

/** Bits of the error code that the processor pushes. */
export const FAULT_PRESENT = 1;
export const FAULT_WRITE = 2;
export const FAULT_USER = 4;

export type FaultClass = "vmalloc" | "maperr" | "accerr" | "handle" | "grow+handle" | "oops";

/**
 * What do_page_fault will find, without growing a stack: a stack that cannot grow turns "grow+handle" into a bad access.
 * "oops" is every bad access of the kernel's; the exception table may still save it.
 * @param mm address space of the task, 0 for a task of the kernel. @param code error code. @param esp the user's stack pointer.
 */
export function classifyFault(k: Kernel, mm: Addr, address: number, code: number, esp: number): FaultClass {
  const user = (code & FAULT_USER) !== 0;
  if (address >= TASK_SIZE) {
    if ((code & (FAULT_PRESENT | FAULT_USER)) === 0) return "vmalloc";
    return user ? "maperr" : "oops";
  }
  const vma = mm === 0 ? 0 : findVma(k, mm, address);
  const place = vma === 0 ? "maperr" : placeInArea(k, vma, address, code, esp);
  if (place === "maperr") return user ? "maperr" : "oops";
  if (!accessAllowed(getVma(k.memory.u32, vma, "vm_flags"), code)) return user ? "accerr" : "oops";
  return place === "grow" ? "grow+handle" : "handle";
}

/** Where the address lies with respect to the area that findVma gave: inside, below a stack that may grow to it, or nowhere. */
export function placeInArea(
  k: Kernel,
  vma: Addr,
  address: number,
  code: number,
  esp: number,
): "inside" | "grow" | "maperr" {
  if (getVma(k.memory.u32, vma, "vm_start") <= address) return "inside";
  return stackAccessOk(k, vma, address, (code & FAULT_USER) !== 0 ? esp : null) ? "grow" : "maperr";
}

/** Whether an area with these flags allows what the error code says was tried. */
export function accessAllowed(vmFlags: number, code: number): boolean {
  if ((code & FAULT_WRITE) !== 0) return (vmFlags & VM_WRITE) !== 0;
  return (code & FAULT_PRESENT) === 0 && (vmFlags & (VM_READ | VM_EXEC)) !== 0;
}
