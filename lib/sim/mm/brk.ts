// brk: the heap, one anonymous area that grows and shrinks at its end.
// Theory:     the break is a byte address; what is mapped ends at the page above. The call never says no: it returns where the break is.
// Source:     Linux 2.6.11 mm/mmap.c (sys_brk, do_brk); Gorman 4.4.6; domain 7.9
// Simplified: no personality that makes readable memory executable.
import { CAP_IPC_LOCK } from "../capabilities";
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { EAGAIN, EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVmaIntersection } from "./find-vma";
import { MAX_MAP_COUNT, pageAlign, TASK_SIZE, VM_ACCOUNT, VM_DATA_DEFAULT_FLAGS, VM_LOCKED } from "./flags";
import { above, capable, RLIM_INFINITY, rlimit } from "./limits";
import { vmaMerge } from "./merge";
import { clearOldMaps } from "./mmap";
import { doMunmap } from "./munmap";
import { vmStatAccount } from "./stat-account";
import { addMm, getMm, setMm } from "./vma";
import { newVma, tellInsert, vmaLink } from "./vma-list";

/** Asks for the break to be at byte `address`. @returns where it is now: the old one if that was refused. */
export function sysBrk(k: Kernel, mm: Addr, address: number): number {
  if (breakMoves(k, mm, address)) setMm(k.memory.u32, mm, "brk", address);
  const result = getMm(k.memory.u32, mm, "brk");
  k.events?.push({ kind: "mm-call", mm, call: "brk", args: [address], result });
  return result;
}

function breakMoves(k: Kernel, mm: Addr, address: number): boolean {
  const w = k.memory.u32;
  if (address < getMm(w, mm, "end_code")) return false;
  const old = getMm(w, mm, "brk");
  const newPage = pageAlign(address);
  const oldPage = pageAlign(old);
  if (oldPage === newPage) return true;
  if (address <= old) return doMunmap(k, mm, newPage, oldPage - newPage) === 0;
  const data = (address - getMm(w, mm, "start_data")) >>> 0;
  if (rlimit(k, "RLIMIT_DATA") < RLIM_INFINITY && above(k, "RLIMIT_DATA", data)) return false;
  if (findVmaIntersection(k, mm, oldPage, (newPage + PAGE_SIZE) >>> 0) !== 0) return false;
  return doBrk(k, mm, oldPage, (newPage - oldPage) >>> 0) === oldPage;
}

/** Maps anonymous data memory at exactly [start, start + bytes), unmapping what lies there. @returns start, or -errno. */
export function doBrk(k: Kernel, mm: Addr, start: number, bytes: number): number {
  const length = pageAlign(bytes);
  if (length === 0) return start;
  if (start + length > TASK_SIZE) return -EINVAL;
  const pages = length >>> PAGE_SHIFT;
  const defFlags = getMm(k.memory.u32, mm, "def_flags");
  if ((defFlags & VM_LOCKED) !== 0) {
    const locked = ((getMm(k.memory.u32, mm, "locked_vm") << PAGE_SHIFT) + length) >>> 0;
    if (!capable(k, CAP_IPC_LOCK) && above(k, "RLIMIT_MEMLOCK", locked)) return -EAGAIN;
  }
  const at = clearOldMaps(k, mm, start, length);
  if (at === null) return -ENOMEM;
  const totalBytes = ((getMm(k.memory.u32, mm, "total_vm") << PAGE_SHIFT) + length) >>> 0;
  if (above(k, "RLIMIT_AS", totalBytes)) return -ENOMEM;
  if (getMm(k.memory.u32, mm, "map_count") > MAX_MAP_COUNT) return -ENOMEM;
  if (k.ops.vmEnoughMemory(k, pages) !== 0) return -ENOMEM;
  const flags = (VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT | defFlags) >>> 0;
  const place = { start, end: start + length, flags, pgoff: start >>> PAGE_SHIFT };
  if (vmaMerge(k, mm, at.prev, { ...place, anonVma: 0, file: 0 }) === 0) {
    const vma = newVma(k, mm, place);
    if (vma === 0) {
      k.ops.vmUnacctMemory(k, pages);
      return -ENOMEM;
    }
    vmaLink(k, mm, vma, at);
    tellInsert(k, vma);
  }
  addMm(k.memory.u32, mm, "total_vm", pages);
  vmStatAccount(k, mm, flags, 0, pages);
  if ((flags & VM_LOCKED) !== 0) {
    addMm(k.memory.u32, mm, "locked_vm", pages);
    k.ops.makePagesPresent(k, start, start + length);
  }
  return start;
}
