// Walking all entries of an address space, and all address spaces, whose bytes somebody may have damaged.
// Theory:     the walk follows no list inside page tables: it asks for each slot of user space whether there is a table, and a table has
//             a fixed number of entries. So it ends after a known number of steps whatever the bytes say.
// Source:     derived from domain 8.8
import { PAGE_SIZE } from "../constants";
import { canHold } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { TASK_SIZE } from "../mm/flags";
import { getMm } from "../mm/vma";
import { pmdShift, pteBytes } from "../mmu/geometry";
import { pteLookup } from "../mmu/pgtable";
import { readPte } from "../mmu/pte";
import { mmStruct } from "../structs-mm";
import { getTask, taskList } from "./task";

/** Calls `visit` for every entry that is not empty, ascending. @returns how many PTE pages there are. */
export function eachUserEntry(k: Kernel, mm: Addr, visit: (address: number, pte: number, ptep: Addr) => void): number {
  const slot = 2 ** pmdShift(k);
  const step = pteBytes(k);
  const pgd = getMm(k.memory.u32, mm, "pgd");
  let tables = 0;
  for (let start = 0; start < TASK_SIZE; start += slot) {
    let ptep = canHold(k, pgd, PAGE_SIZE) ? pteLookup(k, pgd, start) : 0;
    if (ptep === 0) continue;
    tables++;
    for (let address = start; address < start + slot; address += PAGE_SIZE, ptep += step) {
      const pte = readPte(k, ptep);
      if (pte !== 0) visit(address, pte, ptep);
    }
  }
  return tables;
}

/** Every address space that a task uses, once, in order of its first user. Addresses that cannot be one are left out. */
export function addressSpaces(k: Kernel): Addr[] {
  const found = new Set<Addr>();
  for (const task of taskList(k)) {
    const mm = getTask(k.memory.u32, task, "mm");
    if (canHold(k, mm, mmStruct.size)) found.add(mm);
  }
  return [...found];
}
