// fork: a second task, with a copy of the address space or with the same one.
// Theory:     copying the memory would take long, and exec throws it away mostly. So the areas are copied and the page tables are made to
//             share (copy-page-range.ts). vfork and clone(CLONE_VM) share the whole address space: one more user, nothing copied.
// Source:     Linux 2.6.11 kernel/fork.c (do_fork, copy_process, copy_mm, dup_mmap); Gorman 4.3
// Simplified: no locks, no threads; a child that shares the address space starts at once (vfork's wait is the driver's affair).
//             The pages of areas that are not copied leave total_vm, as later versions do it.
import { anonVmaLink } from "../anon-vma";
import { current } from "../current";
import { EAGAIN, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import { listAdd } from "../list";
import type { Addr } from "../machine";
import { VM_ACCOUNT, VM_DONTCOPY, VM_LOCKED } from "../mm/flags";
import { mmInit } from "../mm/mm";
import { rbInsertColor, rbLinkNode } from "../mm/rbtree";
import { vmStatAccount } from "../mm/stat-account";
import { addMm, getMm, getVma, setMm, setVma, VM_RB, vmaPages } from "../mm/vma";
import { copyOfVma } from "../mm/vma-list";
import { flushTlbMm } from "../mmu/flush";
import { newObject } from "../objects";
import { mmStruct, vmAreaStruct } from "../structs-mm";
import { copyPageRange } from "./copy-page-range";
import { deliverKill } from "./exit";
import { mmget, mmput } from "./mmput";
import { dupTask, getTask, releaseTask, setTask, switchTo, tellNewTask } from "./task";

/** The child runs in the parent's address space. */
export const CLONE_VM = 0x100;

/**
 * A child of `parent`, which is the running task from now on. @param flags CLONE_VM or 0.
 * @returns the child's task_struct, or -EAGAIN (no task_struct), -ENOMEM (no address space; nothing is left of the attempt).
 */
export function doFork(k: Kernel, parent: Addr, flags: number): number {
  if (current(k) !== parent) switchTo(k, parent);
  const child = dupTask(k, parent);
  const result = child === 0 ? -EAGAIN : copyMm(k, child, parent, flags);
  if (result === 0) tellNewTask(k, child);
  else if (child !== 0) releaseTask(k, child);
  deliverKill(k, parent);
  return result === 0 ? child : result;
}

function copyMm(k: Kernel, child: Addr, parent: Addr, flags: number): number {
  const oldMm = getTask(k.memory.u32, parent, "mm");
  if (oldMm === 0) return 0;
  let mm = oldMm;
  if ((flags & CLONE_VM) !== 0) {
    mmget(k, mm);
  } else {
    mm = dupMm(k, oldMm);
    if (mm === 0) return -ENOMEM;
  }
  setTask(k.memory.u32, child, "mm", mm);
  setTask(k.memory.u32, child, "active_mm", mm);
  return 0;
}

/** A copy of an address space; 0 when there is no memory, or not enough may be promised. */
function dupMm(k: Kernel, oldMm: Addr): Addr {
  const mm = newObject(k, "mm_struct");
  if (mm === 0) return 0;
  const w = k.memory.u32;
  w.copyWithin(mm >>> 2, oldMm >>> 2, (oldMm + mmStruct.size) >>> 2);
  if (!mmInit(k, mm)) return 0;
  if (dupMmap(k, mm, oldMm) === 0) return mm;
  mmput(k, mm);
  return 0;
}

/** dup_mmap: areas and page tables. @returns 0, or -ENOMEM with a part of the areas in place. */
function dupMmap(k: Kernel, mm: Addr, oldMm: Addr): number {
  const w = k.memory.u32;
  for (const field of ["locked_vm", "mmap", "mmap_cache", "map_count", "rss", "anon_rss", "mm_rb"] as const)
    setMm(w, mm, field, 0);
  setMm(w, mm, "free_area_cache", getMm(w, oldMm, "mmap_base"));
  let last = 0;
  let result = 0;
  for (let vma = getMm(w, oldMm, "mmap"); vma !== 0 && result === 0; vma = getVma(k.memory.u32, vma, "vm_next")) {
    const flags = getVma(k.memory.u32, vma, "vm_flags");
    if ((flags & VM_DONTCOPY) !== 0) {
      const pages = vmaPages(k.memory.u32, vma);
      addMm(k.memory.u32, mm, "total_vm", -pages);
      vmStatAccount(k, mm, flags, getVma(k.memory.u32, vma, "vm_file"), -pages);
      continue;
    }
    const copy = dupVma(k, mm, vma);
    if (copy === 0) {
      result = -ENOMEM;
      break;
    }
    linkLast(k.memory.u32, mm, copy, last);
    last = copy;
    result = copyPageRange(k, mm, oldMm, copy);
    k.vmOps[getVma(k.memory.u32, copy, "vm_ops")]?.open?.(k, copy);
  }
  flushTlbMm(k, oldMm);
  return result;
}

/** The child's own area, charged, unlocked, and on the lists that lead from pages to areas; 0 when that cannot be. */
function dupVma(k: Kernel, mm: Addr, vma: Addr): Addr {
  const charge = (getVma(k.memory.u32, vma, "vm_flags") & VM_ACCOUNT) !== 0 ? vmaPages(k.memory.u32, vma) : 0;
  if (charge !== 0 && k.ops.vmEnoughMemory(k, charge) !== 0) return 0;
  const copy = copyOfVma(k, vma);
  if (copy === 0) {
    if (charge !== 0) k.ops.vmUnacctMemory(k, charge);
    return 0;
  }
  const w = k.memory.u32;
  setVma(w, copy, "vm_flags", getVma(w, copy, "vm_flags") & ~VM_LOCKED);
  setVma(w, copy, "vm_mm", mm);
  setVma(w, copy, "vm_next", 0);
  anonVmaLink(k, copy);
  // Right behind the parent's area on the file's list.
  const shared = vmAreaStruct.offset.shared;
  if (getVma(w, vma, "vm_file") !== 0) listAdd(w, copy + shared, vma + shared);
  return copy;
}

/** Areas come in ascending order, so each new one is the last of the list and the rightmost of the tree. */
function linkLast(w: Uint32Array, mm: Addr, vma: Addr, last: Addr): void {
  const root = mm + mmStruct.offset.mm_rb;
  const right = VM_RB + vmAreaStruct.fields.vm_rb.offset.rb_right;
  if (last === 0) setMm(w, mm, "mmap", vma);
  else setVma(w, last, "vm_next", vma);
  rbLinkNode(w, vma + VM_RB, last === 0 ? 0 : last + VM_RB, last === 0 ? root : last + right);
  rbInsertColor(w, root, vma + VM_RB);
  addMm(w, mm, "map_count", 1);
}
