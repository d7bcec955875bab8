// The stack: an area that grows downward when it is touched below its start.
// Theory:     a push writes just below the stack pointer, so a fault a little below it is a stack that grows and one far below is an error.
//             `pusha` stores 32 bytes before it moves the pointer; that is the slack.
// Source:     Linux 2.6.11 mm/mmap.c (expand_stack, acct_stack_growth), arch/i386/mm/fault.c (do_page_fault); domain 7.10
// Simplified: none of the guard gaps of later kernels, as 2.6.11 has none.
import { CAP_IPC_LOCK } from "../capabilities";
import { PAGE_SHIFT } from "../constants";
import { ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pageDown, VM_GROWSDOWN, VM_LOCKED } from "./flags";
import { above, abovePages, capable } from "./limits";
import { vmStatAccount } from "./stat-account";
import { addMm, getMm, getVma, setVma } from "./vma";

/** How far below the stack pointer a user program may touch. */
const STACK_SLACK = 32;

/**
 * Whether an access below `vma`, the first area above `address`, may make it grow.
 * @param esp the user's stack pointer, null for an access by the kernel, to which the slack does not apply.
 */
export function stackAccessOk(k: Kernel, vma: Addr, address: number, esp: number | null): boolean {
  if ((getVma(k.memory.u32, vma, "vm_flags") & VM_GROWSDOWN) === 0) return false;
  // 32-bit arithmetic: an address in the last 32 bytes of memory would come out small, and is no user address anyhow.
  return esp === null || (address + STACK_SLACK) >>> 0 >= esp;
}

/** Lets the area begin at the page of `address`. @returns 0, or -ENOMEM: a limit, or no memory to charge. */
export function expandStack(k: Kernel, vma: Addr, address: number): number {
  const result = expand(k, vma, pageDown(address));
  k.events?.push({
    kind: "mm-call",
    mm: getVma(k.memory.u32, vma, "vm_mm"),
    call: "expand-stack",
    args: [address],
    result,
  });
  return result;
}

function expand(k: Kernel, vma: Addr, address: number): number {
  if (k.ops.anonVmaPrepare(k, vma) !== 0) return -ENOMEM;
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  const end = getVma(w, vma, "vm_end");
  if (address >= start) return 0;
  const grow = (start - address) >>> PAGE_SHIFT;
  if (!accountGrowth(k, vma, end - address, grow)) return -ENOMEM;
  setVma(k.memory.u32, vma, "vm_start", address);
  setVma(k.memory.u32, vma, "vm_pgoff", getVma(k.memory.u32, vma, "vm_pgoff") - grow);
  k.events?.push({ kind: "vma-grow", start, end, newStart: address, newEnd: end });
  return 0;
}

/** Checks the limits and counts `grow` pages for an area that will be `size` bytes. */
function accountGrowth(k: Kernel, vma: Addr, size: number, grow: number): boolean {
  const w = k.memory.u32;
  const mm = getVma(w, vma, "vm_mm");
  const flags = getVma(w, vma, "vm_flags");
  const locked = (flags & VM_LOCKED) !== 0;
  if (abovePages(k, "RLIMIT_AS", getMm(w, mm, "total_vm") + grow)) return false;
  if (above(k, "RLIMIT_STACK", size)) return false;
  if (locked && !capable(k, CAP_IPC_LOCK) && abovePages(k, "RLIMIT_MEMLOCK", getMm(w, mm, "locked_vm") + grow))
    return false;
  if (k.ops.vmEnoughMemory(k, grow) !== 0) return false;
  addMm(k.memory.u32, mm, "total_vm", grow);
  if (locked) addMm(k.memory.u32, mm, "locked_vm", grow);
  vmStatAccount(k, mm, flags, getVma(k.memory.u32, vma, "vm_file"), grow);
  return true;
}
