// A program touches memory: the processor tries, the kernel helps, the processor tries again.
// Theory:     the program never notices a fault that the kernel could mend: the same instruction runs again. So an access is a loop
//             that ends when the processor is content or somebody has died.
// Source:     Linux 2.6.11 arch/i386/mm/fault.c, kernel/signal.c (force_sig_info with no handler: do_exit)
// Simplified: signals have no handlers. Accesses are of one byte or of an aligned word.
import { current } from "../current";
import { frameAt, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { faultCode, mmuAccess } from "../mmu/mmu-access";
import { FETCH, READ, WRITE } from "../mmu/walk";
import { SIGBUS, SIGKILL, SIGSEGV } from "../signal";
import { deliverKill, doExit } from "./exit";
import { doPageFault, type FaultOutcome } from "./fault";
import { getTask, switchTo } from "./task";

const USER = 3;
/** An access faults two or three times at most; more means that each page is pushed out before it is used. */
export const MAX_FAULTS = 64;

/** "fetch": the processor reads an instruction. */
export type AccessKind = "read" | "write" | "fetch";
const accessOf = { read: READ, write: WRITE, fetch: FETCH } as const;

export interface AccessFault {
  readonly address: number;
  /** Error code of the processor. */
  readonly code: number;
  readonly outcome: FaultOutcome;
}

export interface AccessResult {
  /** `again`: pid 1 waits for memory; nothing was read or written. */
  readonly end: "done" | "killed" | "again";
  /** What was read or written; 0 unless done. */
  readonly value: number;
  /** Physical address; -1 unless done. */
  readonly paddr: number;
  /** The signal that killed the task, 0 if none did. */
  readonly signal: number;
  readonly faults: readonly AccessFault[];
}

/** The task reads, writes or executes a byte. It is the current task from now on. */
export function access(k: Kernel, task: Addr, address: number, how: AccessKind, value = 0): AccessResult {
  return touch(k, task, address, how, 1, value);
}

/** The task reads or writes the 32-bit word at `address`, a multiple of 4. */
export function accessWord(k: Kernel, task: Addr, address: number, how: AccessKind, value = 0): AccessResult {
  return touch(k, task, (address & ~3) >>> 0, how, 4, value);
}

function touch(k: Kernel, task: Addr, address: number, how: AccessKind, bytes: 1 | 4, value: number): AccessResult {
  if (current(k) !== task) switchTo(k, task);
  const faults: AccessFault[] = [];
  while (faults.length < MAX_FAULTS) {
    const paddr = mmuAccess(k, address, accessOf[how], USER);
    if (paddr >= 0) {
      const found = transfer(k, paddr, how, bytes, value);
      return { end: "done", value: found, paddr, signal: 0, faults };
    }
    const code = faultCode(paddr);
    const outcome = doPageFault(k, address, code, getTask(k.memory.u32, task, "esp"));
    faults.push({ address, code, outcome });
    if (deliverKill(k, task)) return { end: "killed", value: 0, paddr: -1, signal: SIGKILL, faults };
    if (outcome.kind === "minor" || outcome.kind === "major" || outcome.kind === "vmalloc") continue;
    if (outcome.kind === "oom-yield") return { end: "again", value: 0, paddr: -1, signal: 0, faults };
    return { end: "killed", value: 0, paddr: -1, signal: die(k, task, address, outcome), faults };
  }
  throw new KernelBug("fault-loop", { address, faults: faults.length });
}

/** The signal takes effect as the task would go back to its program. @returns the signal. */
function die(k: Kernel, task: Addr, address: number, outcome: FaultOutcome): number {
  if (outcome.kind === "oom-killed") return SIGKILL;
  const signal = outcome.kind === "sigbus" ? SIGBUS : SIGSEGV;
  k.events?.push({ kind: "signal", pid: getTask(k.memory.u32, task, "pid"), signal, address });
  doExit(k, task, signal);
  return signal;
}

function transfer(k: Kernel, paddr: number, how: AccessKind, bytes: 1 | 4, value: number): number {
  const pfn = Math.floor(paddr / 4096);
  const contents = how === "write" ? frameAt(k, pfn) : peekFrame(k, pfn);
  if (contents === 0) return 0;
  const at = contents + (paddr & 4095);
  const { u8, u32 } = k.memory;
  if (bytes === 1) {
    if (how === "write") u8[at] = value;
    return u8[at]!;
  }
  if (how === "write") u32[at >>> 2] = value;
  return u32[at >>> 2]!;
}
