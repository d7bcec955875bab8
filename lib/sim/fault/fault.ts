// do_page_fault: the processor could not do an access; make it possible, or say who pays for it.
// Theory:     most faults are not errors but the moment at which promised memory is delivered. What is left is a bad access: a user's
//             ends in a signal, the kernel's in its exception table, and if that does not know the instruction, in an oops.
// Source:     Linux 2.6.11 arch/i386/mm/fault.c (do_page_fault, force_sig_info); Gorman 4.6
// Simplified: signals have no handlers: who gets one dies, when the access is given up (access.ts). pid 1 without memory gives way
//             and tries again when the driver of the machine lets it.
import { PAGE_SIZE } from "../constants";
import { current } from "../current";
import type { Kernel } from "../kernel";
import { findVma } from "../mm/find-vma";
import { TASK_SIZE } from "../mm/flags";
import { expandStack } from "../mm/stack";
import { getVma } from "../mm/vma";
import { vmallocFault } from "../mmu/vmalloc-fault";
import { SIGKILL } from "../signal";
import { accessAllowed, FAULT_PRESENT, FAULT_USER, FAULT_WRITE, placeInArea } from "./classify";
import { searchExceptionTable } from "./exception-table";
import { doExit } from "./exit";
import { handleMmFault } from "./handle";
import { currentPid, faultVar, getTask, setTask } from "./task";

export { classifyFault } from "./classify";
export { handleMmFault } from "./handle";

/** How a fault ended. After minor, major and vmalloc the access can be tried again. */
export type FaultOutcome =
  | { readonly kind: "minor" | "major" | "vmalloc" }
  /** SIGSEGV for the task. `errorCode` as the signal reports it: bit 0 is forced for kernel addresses. */
  | { readonly kind: "sigsegv"; readonly code: "maperr" | "accerr"; readonly errorCode: number }
  /** SIGBUS: beyond the end of the file, or the page cannot be read. */
  | { readonly kind: "sigbus" }
  /** No memory: the task was killed. */
  | { readonly kind: "oom-killed" }
  /** No memory for pid 1: it waits for others to free some and tries again. */
  | { readonly kind: "oom-yield" }
  /** The kernel goes on at another place. */
  | { readonly kind: "fixup"; readonly eip: number }
  | { readonly kind: "oops"; readonly reason: "null-pointer" | "paging-request" };

/** The two usual answers, made once: faults are frequent. */
const served = { minor: { kind: "minor" }, major: { kind: "major" } } as const;

/**
 * @param code error code of the processor: 1 the page was present, 2 a write, 4 user mode.
 * @param esp the user's stack pointer. @param eip the faulting instruction, for faults in kernel mode.
 */
export function doPageFault(k: Kernel, address: number, code: number, esp: number, eip = 0): FaultOutcome {
  const pid = currentPid(k);
  k.events?.push({ kind: "page-fault", pid, address, code });
  const outcome = decide(k, address, code, esp, eip);
  const why = outcome.kind === "sigsegv" ? outcome.code : outcome.kind === "oops" ? outcome.reason : null;
  k.events?.push({ kind: "fault-ended", pid, address, outcome: outcome.kind, why });
  return outcome;
}

function decide(k: Kernel, address: number, code: number, esp: number, eip: number): FaultOutcome {
  if (address >= TASK_SIZE) {
    if ((code & (FAULT_PRESENT | FAULT_USER)) !== 0) return badArea(k, address, code, eip, "maperr");
    return vmallocFault(k, address) ? { kind: "vmalloc" } : noContext(k, address, eip);
  }
  const task = current(k);
  const mm = task === 0 ? 0 : getTask(k.memory.u32, task, "mm");
  const vma = mm === 0 ? 0 : findVma(k, mm, address);
  if (vma === 0) return badArea(k, address, code, eip, "maperr");
  const place = placeInArea(k, vma, address, code, esp);
  if (place === "maperr" || (place === "grow" && expandStack(k, vma, address) !== 0))
    return badArea(k, address, code, eip, "maperr");
  if (!accessAllowed(getVma(k.memory.u32, vma, "vm_flags"), code)) return badArea(k, address, code, eip, "accerr");
  const result = handleMmFault(k, mm, vma, address, (code & FAULT_WRITE) !== 0 ? "write" : "read");
  if (result === "sigbus") return (code & FAULT_USER) !== 0 ? { kind: "sigbus" } : noContext(k, address, eip);
  if (result === "oom") return outOfMemory(k, address, code, eip);
  const counter = result === "major" ? "maj_flt" : "min_flt";
  setTask(k.memory.u32, task, counter, getTask(k.memory.u32, task, counter) + 1);
  return served[result];
}

function badArea(k: Kernel, address: number, code: number, eip: number, why: "maperr" | "accerr"): FaultOutcome {
  if ((code & FAULT_USER) === 0) return noContext(k, address, eip);
  return { kind: "sigsegv", code: why, errorCode: address >= TASK_SIZE ? code | FAULT_PRESENT : code };
}

/** The kernel's own bad access: its exception table, or the end. */
function noContext(k: Kernel, address: number, eip: number): FaultOutcome {
  const fixup = searchExceptionTable(k, eip);
  if (fixup === 0) return { kind: "oops", reason: address < PAGE_SIZE ? "null-pointer" : "paging-request" };
  k.memory.u32[faultVar(k, "eip") >>> 2] = fixup;
  return { kind: "fixup", eip: fixup };
}

function outOfMemory(k: Kernel, address: number, code: number, eip: number): FaultOutcome {
  const task = current(k);
  if (getTask(k.memory.u32, task, "pid") === 1) return { kind: "oom-yield" };
  if ((code & FAULT_USER) === 0) return noContext(k, address, eip);
  doExit(k, task, SIGKILL);
  return { kind: "oom-killed" };
}
