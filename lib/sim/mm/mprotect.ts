// mprotect: changing what may be done with addresses that are mapped already.
// Theory:     area by area, so a hole or a refusal in the middle leaves the areas before it changed. An area whose protection changes as a
//             whole may merge with its neighbours; one that changes in part is split. A private area that becomes writable promises
//             memory that may be needed, so it is charged; it keeps that charge, and the ACCOUNT flag, when it becomes read-only again,
//             because pages may have been written meanwhile.
// Source:     Linux 2.6.11 mm/mprotect.c (sys_mprotect, mprotect_fixup); domain 7.8
// Simplified: no PROT_GROWSUP, huge pages or personalities.
import { PAGE_SHIFT } from "../constants";
import { EACCES, EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { protectionMap } from "../mmu/pte";
import { splitVma } from "./adjust";
import { findVmaPrev } from "./find-vma";
import {
  calcVmProtBits,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_READ,
  PROT_SEM,
  PROT_WRITE,
  pageAlign,
  pageDown,
  VM_ACCOUNT,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_HUGETLB,
  VM_NORESERVE,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from "./flags";
import { vmaMerge } from "./merge";
import { mmRules } from "./rules";
import { vmStatAccount } from "./stat-account";
import { getVma, linearPageIndex, setVma } from "./vma";

const PROTECTION = VM_READ | VM_WRITE | VM_EXEC;
/** An area with one of these needs no charge when it becomes writable. */
const NEVER_CHARGED = VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_HUGETLB | VM_NORESERVE;

/**
 * Gives [start, start + length) the protection PROT_*; PROT_GROWSDOWN extends the range to the start of its stack area.
 * @returns 0; -EINVAL for a start inside a page or unknown bits; -ENOMEM for a hole (areas before it are changed), a refused charge
 *   or a split that failed; -EACCES where the file does not allow it (areas before it are changed).
 */
export function mprotect(k: Kernel, mm: Addr, start: number, length: number, prot: number): number {
  const result = protectRange(k, mm, start, length, prot);
  k.events?.push({ kind: "mm-call", mm, call: "mprotect", args: [start, length, prot], result });
  return result;
}

function protectRange(k: Kernel, mm: Addr, from: number, length: number, protAndGrows: number): number {
  const prot = protAndGrows & ~PROT_GROWSDOWN;
  if (pageDown(from) !== from) return -EINVAL;
  const end = (from + pageAlign(length)) >>> 0;
  if (end < from) return -ENOMEM;
  if ((prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)) !== 0) return -EINVAL;
  if (end === from) return 0;
  const [first, before] = findVmaPrev(k, mm, from);
  if (first === 0) return -ENOMEM;
  let start = from;
  if ((protAndGrows & PROT_GROWSDOWN) !== 0) {
    if (getVma(k.memory.u32, first, "vm_start") >= end) return -ENOMEM;
    start = getVma(k.memory.u32, first, "vm_start");
    if ((getVma(k.memory.u32, first, "vm_flags") & VM_GROWSDOWN) === 0) return -EINVAL;
  } else if (getVma(k.memory.u32, first, "vm_start") > from) {
    return -ENOMEM;
  }
  let prev = start > getVma(k.memory.u32, first, "vm_start") ? first : before;
  for (let vma = first, at = start; ; ) {
    const flags = getVma(k.memory.u32, vma, "vm_flags");
    const newFlags = (calcVmProtBits(prot) | (flags & ~PROTECTION)) >>> 0;
    // The four MAY bits stand four places above the bits they allow.
    if ((newFlags & ~(newFlags >>> 4) & 0xf) !== 0) return -EACCES;
    const areaEnd = Math.min(getVma(k.memory.u32, vma, "vm_end"), end);
    const changed = mprotectFixup(k, mm, vma, prev, at, areaEnd, newFlags);
    if (changed < 0) return changed;
    prev = changed;
    at = Math.max(areaEnd, getVma(k.memory.u32, prev, "vm_end"));
    if (at >= end) return 0;
    vma = getVma(k.memory.u32, prev, "vm_next");
    if (vma === 0 || getVma(k.memory.u32, vma, "vm_start") !== at) return -ENOMEM;
  }
}

/** Changes the part [start, end) of one area. @returns the area that covers it now, or -errno. */
function mprotectFixup(
  k: Kernel,
  mm: Addr,
  vma: Addr,
  prev: Addr,
  start: number,
  end: number,
  wanted: number,
): Addr | number {
  const w = k.memory.u32;
  const oldFlags = getVma(w, vma, "vm_flags");
  if (wanted === oldFlags) return vma;
  const pages = (end - start) >>> PAGE_SHIFT;
  const file = getVma(w, vma, "vm_file");
  const anonVma = getVma(w, vma, "anon_vma");
  const pgoff = linearPageIndex(w, vma, start);
  let flags = wanted;
  let charged = 0;
  let given = 0;
  if ((flags & VM_WRITE) !== 0 && (oldFlags & NEVER_CHARGED) === 0) {
    charged = pages;
    if (k.ops.vmEnoughMemory(k, charged) !== 0) return -ENOMEM;
    flags |= VM_ACCOUNT;
  }
  if (mmRules(k).unaccountOnProtect && (flags & VM_WRITE) === 0 && file === 0 && anonVma === 0) {
    if ((oldFlags & VM_ACCOUNT) !== 0) given = pages;
    flags &= ~VM_ACCOUNT;
  }
  let area = vmaMerge(k, mm, prev, { start, end, flags, anonVma, file, pgoff });
  if (area === 0) {
    area = vma;
    const error = isolate(k, mm, vma, start, end);
    if (error !== 0) {
      if (charged !== 0) k.ops.vmUnacctMemory(k, charged);
      return error;
    }
  }
  setVma(k.memory.u32, area, "vm_flags", flags);
  const prot = protectionMap(flags);
  setVma(k.memory.u32, area, "vm_page_prot", prot);
  k.events?.push({ kind: "vma-flags", start, end, from: oldFlags, to: flags });
  if (given !== 0) k.ops.vmUnacctMemory(k, given);
  k.ops.changeProtection(k, area, start, end, prot);
  vmStatAccount(k, mm, oldFlags, file, -pages);
  vmStatAccount(k, mm, flags, file, pages);
  return area;
}

/** Splits off what of the area lies outside [start, end): the parts outside are the new structures. @returns 0 or -ENOMEM. */
export function isolate(k: Kernel, mm: Addr, vma: Addr, start: number, end: number): number {
  if (start !== getVma(k.memory.u32, vma, "vm_start")) {
    const error = splitVma(k, mm, vma, start, "lower");
    if (error !== 0) return error;
  }
  return end === getVma(k.memory.u32, vma, "vm_end") ? 0 : splitVma(k, mm, vma, end, "upper");
}
