// fork's copy of page tables.
// Theory:     parent and child share every page; what may be written and is private becomes read-only in both, so whoever writes first
//             gets a copy (wp.ts). Shared pages stay writable, but the child starts with a clean D and everybody's child with a
//             clear A, so that each entry tells what its own process did.
//
//                 private, may be written:  parent 0x67 -> parent 0x65, child 0x45
//                 shared:                   parent 0x67 -> parent 0x67, child 0x07
//             Later kernels (rules.ts) leave out areas that never had an anonymous page: their entries come back by faults.
// Source:     Linux 2.6.11 mm/memory.c (copy_page_range, copy_one_pte, copy_swap_pte); Gorman 4.3, 4.6.4
// Simplified: no locks between two entries.
import { PAGE_SIZE } from "../constants";
import { ENOMEM } from "../errno";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import { listAdd, listEmpty } from "../list";
import type { Addr } from "../machine";
import { VM_MAYWRITE, VM_NONLINEAR, VM_SHARED } from "../mm/flags";
import { addMm, getMm, getVma } from "../mm/vma";
import { pmdShift, pteBytes } from "../mmu/geometry";
import { pteAlloc, pteLookup } from "../mmu/pgtable";
import {
  pteFile,
  pteMkclean,
  pteMkold,
  pteNone,
  ptePfn,
  ptePresent,
  pteToSwpEntry,
  pteWrite,
  pteWrprotect,
  readPte,
  writePte,
} from "../mmu/pte";
import { getPage, pageAnon, testPageFlag } from "../page-fields";
import { pageDupRmap } from "../rmap";
import { mmStruct } from "../structs-mm";
import { swapDuplicate } from "../swap/slots";
import { cowRules } from "./rules";

/** What became of one area: entries copied, and entries of the parent that became read-only. */
interface Copied {
  copied: number;
  protected: number;
}

/** Copies the entries of `vma` from `src` to `dst`, which has an equal area. @returns 0, or -ENOMEM part of the way. */
export function copyPageRange(k: Kernel, dst: Addr, src: Addr, vma: Addr): number {
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  const end = getVma(w, vma, "vm_end");
  const count: Copied = { copied: 0, protected: 0 };
  const skip = leavesToFaults(k, vma);
  const result = skip ? 0 : copyTables(k, dst, src, vma, count);
  k.events?.push({ kind: "fork-area", start, end, ...count, tables: skip ? "skipped" : "copied" });
  return result;
}

/** The rule of later kernels: only anonymous pages (and non-linear entries) cannot be found again by a fault. */
function leavesToFaults(k: Kernel, vma: Addr): boolean {
  const w = k.memory.u32;
  const nonlinear = (getVma(w, vma, "vm_flags") & VM_NONLINEAR) !== 0;
  return cowRules(k).forkTables === "anonymous" && !nonlinear && getVma(w, vma, "anon_vma") === 0;
}

function copyTables(k: Kernel, dst: Addr, src: Addr, vma: Addr, count: Copied): number {
  const slot = 2 ** pmdShift(k);
  const step = pteBytes(k);
  const end = getVma(k.memory.u32, vma, "vm_end");
  const flags = getVma(k.memory.u32, vma, "vm_flags");
  const pgd = getMm(k.memory.u32, src, "pgd");
  for (let address = getVma(k.memory.u32, vma, "vm_start"); address < end; ) {
    const stop = Math.min(end, Math.floor(address / slot) * slot + slot);
    let from = pteLookup(k, pgd, address);
    if (from !== 0) {
      let to = pteAlloc(k, dst, address);
      if (to === 0) return -ENOMEM;
      for (; address < stop; address += PAGE_SIZE, from += step, to += step)
        if (!pteNone(readPte(k, from))) copyOnePte(k, dst, src, to, from, flags, count);
    }
    address = stop;
  }
  return 0;
}

function copyOnePte(k: Kernel, dst: Addr, src: Addr, to: Addr, from: Addr, vmFlags: number, count: Copied): void {
  let pte = readPte(k, from);
  count.copied++;
  if (!ptePresent(pte)) {
    if (!pteFile(pte)) copySwapPte(k, dst, src, pteToSwpEntry(k, pte));
    writePte(k, to, pte);
    return;
  }
  const page = pfnToPage(k, ptePfn(k, pte));
  if (page === 0 || testPageFlag(k, page, "PG_reserved")) {
    writePte(k, to, pte);
    return;
  }
  if ((vmFlags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE) {
    if (pteWrite(pte)) count.protected++;
    pte = pteWrprotect(pte);
    writePte(k, from, pte);
  }
  if ((vmFlags & VM_SHARED) !== 0) pte = pteMkclean(pte);
  getPage(k, page);
  addMm(k.memory.u32, dst, "rss", 1);
  if (pageAnon(k, page)) addMm(k.memory.u32, dst, "anon_rss", 1);
  writePte(k, to, pteMkold(pte));
  pageDupRmap(k, page);
}

/** One more entry names the slot; swapoff must find the child, right after its parent. */
function copySwapPte(k: Kernel, dst: Addr, src: Addr, entry: number): void {
  swapDuplicate(k, entry);
  const w = k.memory.u32;
  const link = dst + mmStruct.offset.mmlist;
  if (listEmpty(w, link)) listAdd(w, link, src + mmStruct.offset.mmlist);
}
