// An address space: its birth and its reference counts.
// Theory:     mm_users counts the tasks that run in it, mm_count everybody who holds the structure (all users together count as one,
//             and each kernel task that borrows it). The areas go with the last user, the structure with the last holder.
// Source:     Linux 2.6.11 kernel/fork.c (mm_init, mm_alloc, __mmdrop, mmdrop); Gorman 4.3
// Simplified: no locks, no futexes, no time slice.
import type { Kernel } from "../kernel";
import { listInit } from "../list";
import type { Addr } from "../machine";
import { pgdAlloc, pgdFree } from "../mmu/pgtable";
import { freeObject, newObject } from "../objects";
import { mmStruct } from "../structs-mm";
import { TASK_UNMAPPED_BASE } from "./flags";
import { addMm, getMm, setMm } from "./vma";

/** An empty address space with one user, or 0 when there is no memory. Its mapping area is chosen by `pickMmapLayout`. */
export function mmAlloc(k: Kernel): Addr {
  const mm = newObject(k, "mm_struct");
  return mm !== 0 && mmInit(k, mm) ? mm : 0;
}

/**
 * Gives a zeroed or copied mm_struct its own page table and no areas; counters that fork copies stay as they are.
 * @returns false when there is no memory: the structure is freed.
 */
export function mmInit(k: Kernel, mm: Addr): boolean {
  const pgd = pgdAlloc(k);
  const w = k.memory.u32;
  if (pgd === 0) {
    freeObject(k, "mm_struct", mm);
    return false;
  }
  setMm(w, mm, "mmap", 0);
  setMm(w, mm, "mm_rb", 0);
  setMm(w, mm, "mmap_cache", 0);
  setMm(w, mm, "map_count", 0);
  setMm(w, mm, "mm_users", 1);
  setMm(w, mm, "mm_count", 1);
  setMm(w, mm, "nr_ptes", 0);
  setMm(w, mm, "def_flags", 0);
  setMm(w, mm, "free_area_cache", TASK_UNMAPPED_BASE);
  setMm(w, mm, "pgd", pgd);
  listInit(w, mm + mmStruct.offset.mmlist);
  return true;
}

/** Drops one holder; the last one frees the page table and the structure. */
export function mmdrop(k: Kernel, mm: Addr): void {
  const w = k.memory.u32;
  addMm(w, mm, "mm_count", -1);
  if (getMm(w, mm, "mm_count") !== 0) return;
  pgdFree(k, getMm(w, mm, "pgd"));
  freeObject(k, "mm_struct", mm);
}
