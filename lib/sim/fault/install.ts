// What the fault handlers share: a page of one's own, and putting an entry in place.
// Source:     Linux 2.6.11 mm/memory.c (maybe_mkwrite, break_cow, copy_user_highpage), linux/highmem.h (alloc_zeroed_user_highpage)
// Simplified: nothing else runs on the processor, so a page needs no temporary mapping to be copied.
import { copyFrame, pageToPfn, zeroFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr, Pfn } from "../machine";
import { VM_WRITE } from "../mm/flags";
import { getVma } from "../mm/vma";
import { mkPte, type Pte, pteMkdirty, pteMkwrite, readPte, writePte } from "../mmu/pte";
import { lruCacheAddActive } from "../reclaim/lru";
import { pageAddAnonRmap } from "../rmap";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import type { FaultKind } from "./events";

/** VM_FAULT_*: served without or with I/O; beyond the end of the file; no memory. */
export type FaultResult = "minor" | "major" | "sigbus" | "oom";

/** One fault of one area: what every handler is told. `entry` is what stood at `ptep` when the fault began. */
export interface Fault {
  readonly mm: Addr;
  readonly vma: Addr;
  /** Rounded down to its page. */
  readonly address: number;
  readonly ptep: Addr;
  readonly entry: Pte;
  readonly write: boolean;
}

/** A page of zeros for a process; 0 when there is no memory. */
export function allocZeroedUserPage(k: Kernel): Addr {
  const page = allocPages(k, GFP_HIGHUSER, 0);
  if (page !== 0) zeroFrame(k, pageToPfn(k, page));
  return page;
}

/** A page for a process with the contents of frame `from`; 0 when there is no memory. */
export function allocUserCopy(k: Kernel, from: Pfn): Addr {
  const page = allocPages(k, GFP_HIGHUSER, 0);
  if (page !== 0) copyFrame(k, from, pageToPfn(k, page));
  return page;
}

/** maybe_mkwrite: a debugger may write to a read-only area; the entry stays read-only then. */
export function maybeMkwrite(k: Kernel, pte: Pte, vma: Addr): Pte {
  return (getVma(k.memory.u32, vma, "vm_flags") & VM_WRITE) !== 0 ? pteMkwrite(pte) : pte;
}

/** The entry of a page that was just written to: area's protection, D, and RW if the area may be written. */
export function writtenPte(k: Kernel, vma: Addr, pfn: Pfn): Pte {
  return maybeMkwrite(k, pteMkdirty(mkPte(k, pfn, getVma(k.memory.u32, vma, "vm_page_prot"))), vma);
}

/** Puts a fresh anonymous page on the active list and counts its first mapping. */
export function adoptAnonPage(k: Kernel, fault: Fault, page: Addr): void {
  lruCacheAddActive(k, page);
  pageAddAnonRmap(k, page, fault.vma, fault.address);
}

/** set_pte, and the story of it. */
export function installPte(k: Kernel, fault: Fault, how: FaultKind, pte: Pte, pfn: Pfn): void {
  const before = k.events === null ? 0 : readPte(k, fault.ptep);
  writePte(k, fault.ptep, pte);
  k.events?.push({
    kind: "fault-handled",
    how,
    mm: fault.mm,
    address: fault.address,
    write: fault.write,
    before,
    after: pte,
    pfn,
  });
}
