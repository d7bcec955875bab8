// Letting go of an address space.
// Theory:     every task in it is a user; the last one takes out all its mappings, frees its tables and areas, and then counts as one
//             holder less. Borrowers (kernel tasks) keep the empty structure alive until they are done.
// Source:     Linux 2.6.11 kernel/fork.c (mmput), mm/mmap.c (exit_mmap); Gorman 4.3.1
// Simplified: no locks.
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listDel, listEmpty, listInit } from "../list";
import type { Addr } from "../machine";
import { TASK_SIZE } from "../mm/flags";
import { mmdrop } from "../mm/mm";
import { addMm, getMm, getVma, setMm } from "../mm/vma";
import { removeVmStruct } from "../mm/vma-list";
import { mmuAddr } from "../mmu/cpu";
import { leaveMm } from "../mmu/mmu-access";
import { clearPageRange } from "../mmu/pgtable";
import { lruAddDrain } from "../reclaim/lru";
import { mmStruct } from "../structs-mm";
import { finishMmu, zapVmas } from "./zap";

/** One more task uses the address space. */
export function mmget(k: Kernel, mm: Addr): void {
  addMm(k.memory.u32, mm, "mm_users", 1);
}

/**
 * A user lets go of the address space; the last one empties it, the last holder frees it.
 * @throws KernelBug if nobody used it.
 */
export function mmput(k: Kernel, mm: Addr): void {
  const w = k.memory.u32;
  if (getMm(w, mm, "mm_users") === 0) throw new KernelBug("mm-count-negative", { mm });
  addMm(w, mm, "mm_users", -1);
  if (getMm(w, mm, "mm_users") !== 0) return;
  exitMmap(k, mm);
  leaveMmlist(k.memory.u32, mm);
  if (k.memory.u32[mmuAddr(k, "active_mm") >>> 2] === mm) leaveMm(k);
  mmdrop(k, mm);
}

/**
 * Takes out all mappings and frees tables and areas.
 * @throws KernelBug `mm-not-empty` if the list of areas and map_count disagree.
 */
function exitMmap(k: Kernel, mm: Addr): void {
  lruAddDrain(k);
  const first = getMm(k.memory.u32, mm, "mmap");
  const { areas, accounted, freed } = zapVmas(k, mm, first, 0, TASK_SIZE);
  const w = k.memory.u32;
  addMm(w, mm, "map_count", -areas);
  k.ops.vmUnacctMemory(k, accounted);
  if (getMm(k.memory.u32, mm, "map_count") !== 0)
    throw new KernelBug("mm-not-empty", { mm, count: getMm(k.memory.u32, mm, "map_count") });
  clearPageRange(k, mm, 0, TASK_SIZE);
  finishMmu(k, mm, freed);
  for (const field of ["mmap", "mmap_cache", "mm_rb", "rss", "total_vm", "locked_vm"] as const)
    setMm(k.memory.u32, mm, field, 0);
  for (let vma = first; vma !== 0; ) {
    const next = getVma(k.memory.u32, vma, "vm_next");
    removeVmStruct(k, vma);
    vma = next;
  }
}

function leaveMmlist(w: Uint32Array, mm: Addr): void {
  const link = mm + mmStruct.offset.mmlist;
  if (listEmpty(w, link)) return;
  listDel(w, link);
  listInit(w, link);
}
