// mlock: pages that must not leave memory.
// Theory:     locking is a flag of whole areas, so a part of one is split off. Reclaim finds the flag on the way from a page to its
//             entries and leaves it mapped. All pages are faulted in at once, because a lock is a promise that no fault will wait.
// Source:     Linux 2.6.11 mm/mlock.c (sys_mlock, sys_munlock, do_mlock, mlock_fixup, sys_mlockall, do_mlockall); domain 7.12
// Simplified: as in 2.6.11, areas are not merged again after unlocking.
import { CAP_IPC_LOCK } from "../capabilities";
import { PAGE_SHIFT } from "../constants";
import { EAGAIN, EINVAL, ENOMEM, EPERM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVma } from "./find-vma";
import { MCL_CURRENT, MCL_FUTURE, pageAlign, pageDown, VM_LOCKED } from "./flags";
import { abovePages, canDoMlock, capable } from "./limits";
import { isolate } from "./mprotect";
import { addMm, getMm, getVma, setMm, setVma } from "./vma";

type Lock = "lock" | "unlock";

/** Locks every page that [start, start + length) touches. @returns 0, -EPERM, -ENOMEM (limit or hole), -EAGAIN, -EINVAL. */
export function mlock(k: Kernel, mm: Addr, start: number, length: number): number {
  const result = lockChecked(k, mm, start, length);
  k.events?.push({ kind: "mm-call", mm, call: "mlock", args: [start, length], result });
  return result;
}

function lockChecked(k: Kernel, mm: Addr, start: number, length: number): number {
  if (!canDoMlock(k)) return -EPERM;
  const bytes = pageAlign(length + (start & 0xfff));
  const pages = (bytes >>> PAGE_SHIFT) + getMm(k.memory.u32, mm, "locked_vm");
  if (!capable(k, CAP_IPC_LOCK) && abovePages(k, "RLIMIT_MEMLOCK", pages)) return -ENOMEM;
  return doMlock(k, mm, pageDown(start), bytes, "lock");
}

/** @returns 0, -ENOMEM for a hole, -EAGAIN when an area cannot be split, -EINVAL. */
export function munlock(k: Kernel, mm: Addr, start: number, length: number): number {
  const result = doMlock(k, mm, pageDown(start), pageAlign(length + (start & 0xfff)), "unlock");
  k.events?.push({ kind: "mm-call", mm, call: "munlock", args: [start, length], result });
  return result;
}

function doMlock(k: Kernel, mm: Addr, start: number, length: number, lock: Lock): number {
  const end = (start + length) >>> 0;
  if (end < start) return -EINVAL;
  if (end === start) return 0;
  let vma = findVma(k, mm, start);
  if (vma === 0 || getVma(k.memory.u32, vma, "vm_start") > start) return -ENOMEM;
  for (let at = start; ; ) {
    const w = k.memory.u32;
    const areaEnd = getVma(w, vma, "vm_end");
    if (areaEnd >= end) return mlockFixup(k, mm, vma, at, end, lock);
    const next = getVma(w, vma, "vm_next");
    const error = mlockFixup(k, mm, vma, at, areaEnd, lock);
    if (error !== 0) return error;
    if (next === 0 || getVma(k.memory.u32, next, "vm_start") !== areaEnd) return -ENOMEM;
    at = areaEnd;
    vma = next;
  }
}

function mlockFixup(k: Kernel, mm: Addr, vma: Addr, start: number, end: number, lock: Lock): number {
  const flags = getVma(k.memory.u32, vma, "vm_flags");
  const newFlags = (lock === "lock" ? flags | VM_LOCKED : flags & ~VM_LOCKED) >>> 0;
  if (newFlags === flags) return 0;
  if (isolate(k, mm, vma, start, end) !== 0) return -EAGAIN;
  setVma(k.memory.u32, vma, "vm_flags", newFlags);
  k.events?.push({ kind: "vma-flags", start, end, from: flags, to: newFlags });
  const pages = (end - start) >>> PAGE_SHIFT;
  const result = lock === "lock" ? k.ops.makePagesPresent(k, start, end) : 0;
  addMm(k.memory.u32, mm, "locked_vm", lock === "lock" ? pages : -pages);
  return result;
}

/** Locks all areas there are (MCL_CURRENT), those to come (MCL_FUTURE), or both. @returns 0, -EINVAL, -EPERM, -ENOMEM. */
export function mlockall(k: Kernel, mm: Addr, flags: number): number {
  const result = lockAllChecked(k, mm, flags);
  k.events?.push({ kind: "mm-call", mm, call: "mlockall", args: [flags], result });
  return result;
}

function lockAllChecked(k: Kernel, mm: Addr, flags: number): number {
  if (flags === 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE)) !== 0) return -EINVAL;
  if (!canDoMlock(k)) return -EPERM;
  const total = getMm(k.memory.u32, mm, "total_vm");
  if ((flags & MCL_CURRENT) !== 0 && !capable(k, CAP_IPC_LOCK) && abovePages(k, "RLIMIT_MEMLOCK", total))
    return -ENOMEM;
  doMlockall(k, mm, flags);
  return 0;
}

/** Unlocks everything, and what is to come. */
export function munlockall(k: Kernel, mm: Addr): void {
  doMlockall(k, mm, 0);
  k.events?.push({ kind: "mm-call", mm, call: "mlockall", args: [0], result: 0 });
}

function doMlockall(k: Kernel, mm: Addr, flags: number): void {
  setMm(k.memory.u32, mm, "def_flags", (flags & MCL_FUTURE) !== 0 ? VM_LOCKED : 0);
  if (flags === MCL_FUTURE) return;
  const lock = (flags & MCL_CURRENT) !== 0 ? "lock" : "unlock";
  for (let vma = getMm(k.memory.u32, mm, "mmap"); vma !== 0; vma = getVma(k.memory.u32, vma, "vm_next"))
    mlockFixup(k, mm, vma, getVma(k.memory.u32, vma, "vm_start"), getVma(k.memory.u32, vma, "vm_end"), lock);
}
