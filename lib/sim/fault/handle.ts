// handle_mm_fault: an access that the area allows, and an entry that does not allow it yet.
// Theory:     what the entry holds says what is missing: nothing (first use), a place in swap, a page of a file, or a right to write.
//
//     entry         not present, empty   -> no page yet: anonymous or of the file      no-page.ts
//                   not present, file    -> a page of a non-linear mapping             no-page.ts
//                   not present, else    -> swapped out                                swap-fault.ts
//                   present, write, RW 0 -> copy on write                              wp.ts
//                   present              -> only A (and D) are to be set
// Source:     Linux 2.6.11 mm/memory.c (handle_mm_fault, handle_pte_fault); Gorman 4.6
// Simplified: no locks to take and drop.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { flushTlbPage } from "../mmu/flush";
import { pteAlloc } from "../mmu/pgtable";
import { pteFile, pteMkdirty, pteMkyoung, pteNone, ptePfn, ptePresent, pteWrite, readPte } from "../mmu/pte";
import { pageState } from "../structs";
import { type Fault, type FaultResult, installPte } from "./install";
import { doFilePage, doNoPage } from "./no-page";
import { doSwapPage } from "./swap-fault";
import { doWpPage } from "./wp";

const PGFAULT = pageState.offset.pgfault >>> 2;

/**
 * Makes the entry of `address` allow the access, which its area allows. Counts pgfault.
 * @param write "write" or "read".
 */
export function handleMmFault(k: Kernel, mm: Addr, vma: Addr, address: number, write: "read" | "write"): FaultResult {
  k.memory.u32[(k.pageState >>> 2) + PGFAULT]! += 1;
  const ptep = pteAlloc(k, mm, address);
  if (ptep === 0) return "oom";
  const page = (address & -PAGE_SIZE) >>> 0;
  const fault: Fault = { mm, vma, address: page, ptep, entry: readPte(k, ptep), write: write === "write" };
  const { entry } = fault;
  if (!ptePresent(entry)) {
    if (pteNone(entry)) return doNoPage(k, fault);
    return pteFile(entry) ? doFilePage(k, fault) : doSwapPage(k, fault);
  }
  if (fault.write && !pteWrite(entry)) return doWpPage(k, fault, entry);
  installPte(k, fault, "spurious", pteMkyoung(fault.write ? pteMkdirty(entry) : entry), ptePfn(k, entry));
  if (fault.write) flushTlbPage(k, mm, page);
  return "minor";
}
