// Bringing pages in before anybody asks: mlock, MAP_LOCKED, MAP_POPULATE.
// Theory:     each page of the range is faulted in as an access of the area's own kind would do it. A writable area is written, so that
//             no copy is left to be made later.
// Source:     Linux 2.6.11 mm/memory.c (make_pages_present, get_user_pages, follow_page)
// Simplified: the pages found are not handed out, so nobody gets a reference.
import { PAGE_SIZE } from "../constants";
import { EFAULT, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVma } from "../mm/find-vma";
import { VM_IO, VM_READ, VM_WRITE } from "../mm/flags";
import { getMm, getVma } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { ptePresent, pteWrite, readPte } from "../mmu/pte";
import { handleMmFault } from "./handle";
import { current, getTask, setTask } from "./task";

/** Faults every page of [start, end) in; the range lies in areas of the current task. @returns 0, -EFAULT or -ENOMEM. */
export function makePagesPresent(k: Kernel, start: number, end: number): number {
  const task = current(k);
  const mm = task === 0 ? 0 : getTask(k.memory.u32, task, "mm");
  const vma = mm === 0 ? 0 : findVma(k, mm, start);
  if (vma === 0) return -EFAULT;
  return makeRangePresent(k, mm, vma, start, end);
}

/** The same for an address space that need not be the current one. `vma` is the area that `start` lies in. */
export function makeRangePresent(k: Kernel, mm: Addr, vma: Addr, start: number, end: number): number {
  const write = (getVma(k.memory.u32, vma, "vm_flags") & VM_WRITE) !== 0 ? "write" : "read";
  let area = vma;
  for (let address = start; address < end; address += PAGE_SIZE) {
    if (address >= getVma(k.memory.u32, area, "vm_end")) area = findVma(k, mm, address);
    const flags = area === 0 ? 0 : getVma(k.memory.u32, area, "vm_flags");
    if (area === 0 || getVma(k.memory.u32, area, "vm_start") > address || (flags & VM_IO) !== 0) return -EFAULT;
    if ((flags & (write === "write" ? VM_WRITE : VM_READ)) === 0) return -EFAULT;
    const result = bringIn(k, mm, area, address, write);
    if (result !== 0) return result;
  }
  return 0;
}

/** Faults until the entry is there: a copy of a page that was pushed out meanwhile takes a second round. */
function bringIn(k: Kernel, mm: Addr, vma: Addr, address: number, write: "read" | "write"): number {
  for (let round = 0; round < ROUNDS && !isThere(k, mm, address, write); round++) {
    const result = handleMmFault(k, mm, vma, address, write);
    if (result === "oom") return -ENOMEM;
    if (result === "sigbus") return -EFAULT;
    const task = current(k);
    const counter = result === "major" ? "maj_flt" : "min_flt";
    if (task !== 0) setTask(k.memory.u32, task, counter, getTask(k.memory.u32, task, counter) + 1);
  }
  return 0;
}

/** The kernel would try for ever; a page that is pushed out as fast as it comes in ends here. */
const ROUNDS = 16;

function isThere(k: Kernel, mm: Addr, address: number, write: "read" | "write"): boolean {
  const ptep = pteLookup(k, getMm(k.memory.u32, mm, "pgd"), address);
  if (ptep === 0) return false;
  const pte = readPte(k, ptep);
  return ptePresent(pte) && (write === "read" || pteWrite(pte));
}
