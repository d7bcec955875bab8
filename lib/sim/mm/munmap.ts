// munmap: taking addresses back.
// Theory:     an area that the range cuts is split first, so that afterwards every area lies wholly inside or wholly outside. Splitting
//             needs a new structure, and therefore giving memory back can fail for lack of memory.
// Source:     Linux 2.6.11 mm/mmap.c (do_munmap, unmap_vma_list, unmap_vma); Gorman 4.4.8
// Simplified: no huge pages.
import { EINVAL } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { splitVma } from "./adjust";
import { findVma, findVmaPrev } from "./find-vma";
import { pageAlign, pageDown, TASK_SIZE, VM_LOCKED } from "./flags";
import { vmStatAccount } from "./stat-account";
import { unmapArea } from "./unmapped-area";
import { addMm, getMm, getVma, vmaPages } from "./vma";
import { detachVmas, removeVmStruct } from "./vma-list";

/**
 * Unmaps every page of [start, start + length); holes in it are fine. The range may leave parts of areas behind.
 * @returns 0; -EINVAL for a start inside a page, a length of 0 or a range outside user space; -ENOMEM when an area cannot be split:
 *   then nothing is unmapped, though an area may have been split already.
 */
export function doMunmap(k: Kernel, mm: Addr, start: number, length: number): number {
  const result = munmap(k, mm, start, length);
  k.events?.push({ kind: "mm-call", mm, call: "munmap", args: [start, length], result });
  return result;
}

function munmap(k: Kernel, mm: Addr, start: number, bytes: number): number {
  if (pageDown(start) !== start || start > TASK_SIZE || bytes > TASK_SIZE - start) return -EINVAL;
  const length = pageAlign(bytes);
  if (length === 0) return -EINVAL;
  const end = start + length;
  const [first, before] = findVmaPrev(k, mm, start);
  if (first === 0 || getVma(k.memory.u32, first, "vm_start") >= end) return 0;
  let prev = before;
  if (start > getVma(k.memory.u32, first, "vm_start")) {
    const error = splitVma(k, mm, first, start, "upper");
    if (error !== 0) return error;
    prev = first;
  }
  const last = findVma(k, mm, end);
  if (last !== 0 && end > getVma(k.memory.u32, last, "vm_start")) {
    const error = splitVma(k, mm, last, end, "lower");
    if (error !== 0) return error;
  }
  const vma = prev !== 0 ? getVma(k.memory.u32, prev, "vm_next") : getMm(k.memory.u32, mm, "mmap");
  detachVmas(k, mm, vma, prev, end);
  k.ops.unmapRegion(k, mm, vma, prev, start, end);
  for (let each = vma; each !== 0; ) {
    const next = getVma(k.memory.u32, each, "vm_next");
    unmapVma(k, mm, each);
    each = next;
  }
  return 0;
}

/** Counts a detached area out and frees it. */
function unmapVma(k: Kernel, mm: Addr, vma: Addr): void {
  const w = k.memory.u32;
  const pages = vmaPages(w, vma);
  const flags = getVma(w, vma, "vm_flags");
  addMm(w, mm, "total_vm", -pages);
  if ((flags & VM_LOCKED) !== 0) addMm(w, mm, "locked_vm", -pages);
  vmStatAccount(k, mm, flags, getVma(w, vma, "vm_file"), -pages);
  unmapArea(k, mm, vma);
  removeVmStruct(k, vma);
}
