// The exception table: which instructions of the kernel may fault, and where the kernel goes on when they do.
// Theory:     the kernel does not check a user's address before using it; it uses it and lets the processor complain. The places where
//             it does so are known at link time: pairs (instruction, place to go on), sorted by instruction. The fault handler
//             searches for the saved eip and changes nothing but that eip.
// Source:     Linux 2.6.11 arch/i386/mm/extable.c (search_extable, fixup_exception), asm-i386/uaccess.h; Gorman 4.5-4.6
// Simplified: a handful of instructions at made-up addresses of the kernel's text stand for all.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { EXTABLE_ENTRIES, exceptionTableEntry } from "./structs";
import { faultVar } from "./task";

/** Kernel virtual addresses of the instructions that touch a user's memory. */
export const userInstructions = {
  getUser: 0xc0201000,
  putUser: 0xc0201040,
  copyFromUser: 0xc0201100,
  copyToUser: 0xc0201180,
  clearUser: 0xc0201200,
  strnlenUser: 0xc0201280,
} as const;
export type UserInstruction = keyof typeof userInstructions;

/** The code that sets the number of bytes left and returns lies in a section of its own, behind the text. */
const FIXUP = 0xc0300000;
const ENTRY_WORDS = exceptionTableEntry.size >>> 2;

export function initExceptionTable(k: Kernel): void {
  const insns = Object.values(userInstructions).sort((a, b) => a - b);
  const w = k.memory.u32;
  const table = faultVar(k, "extable") >>> 2;
  for (const [index, insn] of insns.entries()) {
    w[table + index * ENTRY_WORDS] = insn;
    w[table + index * ENTRY_WORDS + 1] = FIXUP + index * 16;
  }
  w[faultVar(k, "nr_extable") >>> 2] = insns.length;
}

/** Where to go on after a fault of the instruction at `eip`, 0 if it must not fault. Binary search; at most 4 looks. */
export function searchExceptionTable(k: Kernel, eip: Addr): number {
  const w = k.memory.u32;
  const table = faultVar(k, "extable") >>> 2;
  let first = 0;
  let last = Math.min(w[faultVar(k, "nr_extable") >>> 2]!, EXTABLE_ENTRIES) - 1;
  while (first <= last) {
    const middle = (first + last) >>> 1;
    const insn = w[table + middle * ENTRY_WORDS]!;
    if (insn === eip) return w[table + middle * ENTRY_WORDS + 1]!;
    if (insn < eip) first = middle + 1;
    else last = middle - 1;
  }
  return 0;
}
