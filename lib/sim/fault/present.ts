// Bringing pages in before anybody asks: mlock, MAP_LOCKED, MAP_POPULATE.
// Theory:     each page of the range is faulted in as an access of the area's own kind would do it. A writable area is written, so that
//             no copy is left to be made later.
// Source:     Linux 2.6.11 mm/memory.c (make_pages_present, get_user_pages, __follow_page, untouched_anonymous_page)
// Simplified: the pages found are not handed out, so nobody gets a reference.
import { setPageDirty } from "../cache/page-cache";
import { PAGE_SIZE } from "../constants";
import { current } from "../current";
import { EFAULT, ENOMEM, EPERM } from "../errno";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVma } from "../mm/find-vma";
import { VM_IO, VM_READ, VM_WRITE } from "../mm/flags";
import { getMm, getVma } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { pteDirty, ptePfn, ptePresent, pteWrite, readPte } from "../mmu/pte";
import { testPageFlag } from "../page-fields";
import { markPageAccessed } from "../reclaim/lru";
import { handleMmFault } from "./handle";
import { getTask, setTask } from "./task";

/**
 * Faults every page of [start, end) in; the range lies in areas of the current task.
 * @returns 0; -EFAULT or -ENOMEM if the first page cannot be had; -EPERM (the kernel's bare -1) if a later one cannot.
 */
export function makePagesPresent(k: Kernel, start: number, end: number): number {
  const task = current(k);
  const mm = task === 0 ? 0 : getTask(k.memory.u32, task, "mm");
  const vma = mm === 0 ? 0 : findVma(k, mm, start);
  if (vma === 0) return -EFAULT;
  return makeRangePresent(k, mm, vma, start, end);
}

function makeRangePresent(k: Kernel, mm: Addr, vma: Addr, start: number, end: number): number {
  const how = (getVma(k.memory.u32, vma, "vm_flags") & VM_WRITE) !== 0 ? "write" : "read";
  let area = vma;
  for (let address = start; address < end; address += PAGE_SIZE) {
    if (address >= getVma(k.memory.u32, area, "vm_end")) area = findVma(k, mm, address);
    const error = allowed(k, area, address, how) ? bringIn(k, mm, area, address, how) : -EFAULT;
    if (error !== 0) return address === start ? error : -EPERM;
  }
  return 0;
}

/** Whether the area, which may begin above the address, is there and may be used that way. */
function allowed(k: Kernel, area: Addr, address: number, how: "read" | "write"): boolean {
  if (area === 0 || getVma(k.memory.u32, area, "vm_start") > address) return false;
  const flags = getVma(k.memory.u32, area, "vm_flags");
  return (flags & VM_IO) === 0 && (flags & (how === "write" ? VM_WRITE : VM_READ)) !== 0;
}

/** Faults until the entry is there: a copy of a page that was pushed out meanwhile takes a second round. */
function bringIn(k: Kernel, mm: Addr, vma: Addr, address: number, how: "read" | "write"): number {
  for (let round = 0; round < ROUNDS && !followPage(k, mm, address, how); round++) {
    if (how === "read" && untouchedAnonymous(k, mm, vma, address)) return 0;
    const result = handleMmFault(k, mm, vma, address, how);
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

/** follow_page: whether the entry allows the access; then the page counts as used, and as dirty if it is to be written. */
function followPage(k: Kernel, mm: Addr, address: number, how: "read" | "write"): boolean {
  const ptep = pteLookup(k, getMm(k.memory.u32, mm, "pgd"), address);
  if (ptep === 0) return false;
  const pte = readPte(k, ptep);
  if (!ptePresent(pte) || (how === "write" && !pteWrite(pte))) return false;
  const page = pfnToPage(k, ptePfn(k, pte));
  if (page === 0) return true;
  if (how === "write" && !pteDirty(pte) && !testPageFlag(k, page, "PG_dirty")) setPageDirty(k, page);
  markPageAccessed(k, page);
  return true;
}

/** Reading anonymous memory for which there is no page table yet: the zeros need no entry. */
function untouchedAnonymous(k: Kernel, mm: Addr, vma: Addr, address: number): boolean {
  const w = k.memory.u32;
  const nopage = k.vmOps[getVma(w, vma, "vm_ops")]?.nopage ?? null;
  return nopage === null && pteLookup(k, getMm(w, mm, "pgd"), address) === 0;
}
