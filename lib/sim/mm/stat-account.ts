// Counting pages by what they are for: shared_vm, exec_vm, stack_vm, reserved_vm.
// Source: Linux 2.6.11 mm/mmap.c (__vm_stat_account), linux/mm.h (vm_stat_account, vm_stat_unaccount)
// Simplified: no huge pages.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { VM_EXEC, VM_GROWSDOWN, VM_GROWSUP, VM_IO, VM_RESERVED, VM_WRITE } from "./flags";
import { addMm } from "./vma";

/** `pages` with these flags came to the address space, or went if negative. `total_vm` is the caller's. */
export function vmStatAccount(k: Kernel, mm: Addr, flags: number, file: Addr, pages: number): void {
  const w = k.memory.u32;
  if (file !== 0) {
    addMm(w, mm, "shared_vm", pages);
    if ((flags & (VM_EXEC | VM_WRITE)) === VM_EXEC) addMm(w, mm, "exec_vm", pages);
  } else if ((flags & (VM_GROWSDOWN | VM_GROWSUP)) !== 0) {
    addMm(w, mm, "stack_vm", pages);
  }
  if ((flags & (VM_RESERVED | VM_IO)) !== 0) addMm(w, mm, "reserved_vm", pages);
}
