// mremap: a mapping changes its size, and if need be its place, without touching a page.
// Theory:     shrinking is an munmap of the tail. Growing extends the area where it is if the next one leaves room. Else the page table
//             entries move to a new area, which costs no copy of a page, and the old one is unmapped.
// Source:     Linux 2.6.11 mm/mremap.c (do_mremap, move_vma), mm/mmap.c (copy_vma); Gorman 4.4.9; domain 7.11
// Simplified: no huge pages.
import { CAP_IPC_LOCK } from "../capabilities";
import { PAGE_SHIFT } from "../constants";
import { EAGAIN, EFAULT, EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { vmaAdjust } from "./adjust";
import { findVma, findVmaPrepare } from "./find-vma";
import {
  MAP_SHARED,
  MAX_MAP_COUNT,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  pageAlign,
  pageDown,
  TASK_SIZE,
  VM_ACCOUNT,
  VM_DONTEXPAND,
  VM_LOCKED,
  VM_MAYSHARE,
} from "./flags";
import { above, capable } from "./limits";
import { vmaMerge } from "./merge";
import { doMunmap } from "./munmap";
import { vmStatAccount } from "./stat-account";
import { getUnmappedArea } from "./unmapped-area";
import { addMm, getMm, getVma, linearPageIndex, setVma } from "./vma";
import { copyOfVma, tellInsert, vmaLink } from "./vma-list";

export interface MremapRequest {
  readonly addr: number;
  /** Bytes; 0 makes a second mapping of the same pages. */
  readonly oldLen: number;
  readonly newLen: number;
  /** MREMAP_*. */
  readonly flags: number;
  /** Where to, with MREMAP_FIXED. */
  readonly newAddr: number;
}

/** @returns the address of the mapping, or -errno: EINVAL, EFAULT (not one area), EAGAIN (lock limit), ENOMEM. */
export function mremap(k: Kernel, mm: Addr, request: MremapRequest): number {
  const result = remap(k, mm, request);
  const { addr, oldLen, newLen, flags, newAddr } = request;
  k.events?.push({ kind: "mm-call", mm, call: "mremap", args: [addr, oldLen, newLen, flags, newAddr], result });
  return result;
}

function remap(k: Kernel, mm: Addr, { addr, flags, newAddr, ...request }: MremapRequest): number {
  if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE)) !== 0 || pageDown(addr) !== addr) return -EINVAL;
  const fixed = (flags & MREMAP_FIXED) !== 0;
  const newLen = pageAlign(request.newLen);
  let oldLen = pageAlign(request.oldLen);
  if (newLen === 0) return -EINVAL;
  if (fixed) {
    const refused = clearTarget(k, mm, { addr, oldLen, newLen, flags, newAddr });
    if (refused !== 0) return refused;
  }
  if (oldLen >= newLen) {
    const error = doMunmap(k, mm, (addr + newLen) >>> 0, oldLen - newLen);
    if (error !== 0 && oldLen !== newLen) return error;
    if (!fixed || newAddr === addr) return addr;
    oldLen = newLen;
  }
  const vma = findVma(k, mm, addr);
  const refused = mayGrow(k, mm, vma, addr, oldLen, newLen);
  if (refused !== 0) return refused;
  const pages = (newLen - oldLen) >>> PAGE_SHIFT;
  const charged = (getVma(k.memory.u32, vma, "vm_flags") & VM_ACCOUNT) !== 0 ? pages : 0;
  if (charged !== 0 && k.ops.vmEnoughMemory(k, charged) !== 0) return -ENOMEM;
  const result = growOrMove(k, mm, vma, { addr, oldLen, newLen, flags, newAddr });
  if (result < 0 && charged !== 0) k.ops.vmUnacctMemory(k, charged);
  return result;
}

/** MREMAP_FIXED: checks the target and unmaps what lies there. @returns 0 or -errno. */
function clearTarget(k: Kernel, mm: Addr, { addr, oldLen, newLen, flags, newAddr }: MremapRequest): number {
  if (pageDown(newAddr) !== newAddr || (flags & MREMAP_MAYMOVE) === 0) return -EINVAL;
  if (newLen > TASK_SIZE || newAddr > TASK_SIZE - newLen) return -EINVAL;
  if (newAddr <= addr && newAddr + newLen > addr) return -EINVAL;
  if (addr <= newAddr && addr + oldLen > newAddr) return -EINVAL;
  return doMunmap(k, mm, newAddr, newLen);
}

/** 0 if [addr, addr + oldLen) is one area and the limits allow the new length, else -errno. */
function mayGrow(k: Kernel, mm: Addr, vma: Addr, addr: number, oldLen: number, newLen: number): number {
  const w = k.memory.u32;
  if (vma === 0 || getVma(w, vma, "vm_start") > addr) return -EFAULT;
  if (oldLen > getVma(w, vma, "vm_end") - addr) return -EFAULT;
  const flags = getVma(w, vma, "vm_flags");
  if ((flags & VM_DONTEXPAND) !== 0 && newLen > oldLen) return -EFAULT;
  const more = newLen - oldLen;
  if ((flags & VM_LOCKED) !== 0) {
    const locked = ((getMm(w, mm, "locked_vm") << PAGE_SHIFT) + more) >>> 0;
    if (!capable(k, CAP_IPC_LOCK) && above(k, "RLIMIT_MEMLOCK", locked)) return -EAGAIN;
  }
  const total = ((getMm(w, mm, "total_vm") << PAGE_SHIFT) + more) >>> 0;
  return above(k, "RLIMIT_AS", total) ? -ENOMEM : 0;
}

function growOrMove(k: Kernel, mm: Addr, vma: Addr, request: MremapRequest): number {
  const { addr, oldLen, newLen, flags, newAddr } = request;
  const w = k.memory.u32;
  const end = getVma(w, vma, "vm_end");
  const relocates = (flags & MREMAP_FIXED) !== 0 && addr !== newAddr;
  if (oldLen === end - addr && !relocates && (oldLen !== newLen || (flags & MREMAP_MAYMOVE) === 0)) {
    const next = getVma(w, vma, "vm_next");
    const room = next === 0 ? TASK_SIZE : getVma(w, next, "vm_start");
    if (room - addr >= newLen) return growInPlace(k, mm, vma, request);
  }
  if ((flags & MREMAP_MAYMOVE) === 0) return -ENOMEM;
  if ((flags & MREMAP_FIXED) !== 0) return moveVma(k, mm, vma, request);
  const mapFlags = (getVma(w, vma, "vm_flags") & VM_MAYSHARE) !== 0 ? MAP_SHARED : 0;
  const place = getUnmappedArea(k, mm, 0, newLen, mapFlags);
  return place < 0 ? place : moveVma(k, mm, vma, { ...request, newAddr: place });
}

function growInPlace(k: Kernel, mm: Addr, vma: Addr, { addr, oldLen, newLen }: MremapRequest): number {
  const w = k.memory.u32;
  const pages = (newLen - oldLen) >>> PAGE_SHIFT;
  const start = getVma(w, vma, "vm_start");
  const end = getVma(w, vma, "vm_end");
  vmaAdjust(k, vma, start, addr + newLen, getVma(w, vma, "vm_pgoff"));
  k.events?.push({ kind: "vma-grow", start, end, newStart: start, newEnd: addr + newLen });
  addMm(w, mm, "total_vm", pages);
  const flags = getVma(w, vma, "vm_flags");
  vmStatAccount(k, mm, flags, getVma(w, vma, "vm_file"), pages);
  if ((flags & VM_LOCKED) !== 0) {
    addMm(w, mm, "locked_vm", pages);
    k.ops.makePagesPresent(k, addr + oldLen, addr + newLen);
  }
  return addr;
}

/** Moves [addr, addr + oldLen) of an area to a new one of `newLen` bytes at `newAddr`. @returns newAddr or -ENOMEM. */
function moveVma(k: Kernel, mm: Addr, source: Addr, { addr, oldLen, newLen, newAddr }: MremapRequest): number {
  if (getMm(k.memory.u32, mm, "map_count") >= MAX_MAP_COUNT - 3) return -ENOMEM;
  const flags = getVma(k.memory.u32, source, "vm_flags");
  const file = getVma(k.memory.u32, source, "vm_file");
  const pgoff = linearPageIndex(k.memory.u32, source, addr);
  const copied = copyVma(k, mm, source, newAddr, newLen, pgoff);
  if (copied === null) return -ENOMEM;
  const moved = k.ops.movePageTables(k, copied.source, newAddr, addr, oldLen);
  // Without memory for a table the entries go back, and the new area is what gets unmapped.
  const failed = moved < oldLen;
  if (failed) k.ops.movePageTables(k, copied.area, addr, newAddr, moved);
  const victim = failed ? copied.area : copied.source;
  unmapMoved(k, mm, victim, failed ? newAddr : addr, failed ? newLen : oldLen, flags & VM_ACCOUNT);
  addMm(k.memory.u32, mm, "total_vm", newLen >>> PAGE_SHIFT);
  vmStatAccount(k, mm, flags, file, newLen >>> PAGE_SHIFT);
  if ((flags & VM_LOCKED) !== 0) {
    addMm(k.memory.u32, mm, "locked_vm", newLen >>> PAGE_SHIFT);
    if (!failed && newLen > oldLen) k.ops.makePagesPresent(k, newAddr + oldLen, newAddr + newLen);
  }
  return failed ? -ENOMEM : newAddr;
}

/**
 * Unmaps a range without giving its charge back: that has moved with the pages. What is left of the area stays accounted.
 * @param account VM_ACCOUNT if the area is charged, else 0.
 */
function unmapMoved(k: Kernel, mm: Addr, vma: Addr, start: number, length: number, account: number): void {
  const w = k.memory.u32;
  const vmaStart = getVma(w, vma, "vm_start");
  const vmaEnd = getVma(w, vma, "vm_end");
  const left = account !== 0 ? vmaEnd - vmaStart - length : 0;
  const split = account !== 0 && start > vmaStart && start + length < vmaEnd;
  if (account !== 0) setVma(w, vma, "vm_flags", (getVma(w, vma, "vm_flags") & ~VM_ACCOUNT) >>> 0);
  if (doMunmap(k, mm, start, length) < 0) {
    if (left !== 0) k.ops.vmUnacctMemory(k, left >>> PAGE_SHIFT);
    return;
  }
  if (left === 0) return;
  const after = k.memory.u32;
  setVma(after, vma, "vm_flags", (getVma(after, vma, "vm_flags") | VM_ACCOUNT) >>> 0);
  if (!split) return;
  const upper = getVma(after, vma, "vm_next");
  setVma(after, upper, "vm_flags", (getVma(after, upper, "vm_flags") | VM_ACCOUNT) >>> 0);
}

interface CopiedVma {
  readonly area: Addr;
  /** The area that holds the old range now: it may have been merged into the new one. */
  readonly source: Addr;
}

/** An area like `source` at [start, start + length), by merging or new. Null when there is no memory. */
function copyVma(k: Kernel, mm: Addr, source: Addr, start: number, length: number, oldPgoff: number): CopiedVma | null {
  const w = k.memory.u32;
  const sourceStart = getVma(w, source, "vm_start");
  const anonVma = getVma(w, source, "anon_vma");
  const file = getVma(w, source, "vm_file");
  // Memory that never had a page may as well be numbered by its new address, and merge there.
  const pgoff = file === 0 && anonVma === 0 ? start >>> PAGE_SHIFT : oldPgoff;
  const at = findVmaPrepare(k, mm, start);
  const end = start + length;
  const area = vmaMerge(k, mm, at.prev, { start, end, flags: getVma(w, source, "vm_flags"), anonVma, file, pgoff });
  if (area !== 0) {
    const covers = sourceStart >= getVma(w, area, "vm_start") && sourceStart < getVma(w, area, "vm_end");
    return { area, source: covers ? area : source };
  }
  const copy = copyOfVma(k, source);
  if (copy === 0) return null;
  setVma(w, copy, "vm_start", start);
  setVma(w, copy, "vm_end", end);
  setVma(w, copy, "vm_pgoff", pgoff);
  k.vmOps[getVma(w, copy, "vm_ops")]?.open?.(k, copy);
  vmaLink(k, mm, copy, at);
  tellInsert(k, copy);
  return { area: copy, source };
}
