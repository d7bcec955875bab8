// Faults at an address with no entry: anonymous memory and file pages.
// Theory:     anonymous memory costs nothing until it is written: a read shows the shared page of zeros. A file's page comes from its
//             cache. A write to a private mapping of a file would end in a copy anyway, so the copy is made at once (early COW).
// Source:     Linux 2.6.11 mm/memory.c (do_anonymous_page, do_no_page, do_file_page); Gorman 4.6.1
// Simplified: a non-linear entry is served through nopage at the linear address of its page.
import { PAGE_SIZE } from "../constants";
import { pageToPfn } from "../frames";
import { type Kernel, NOPAGE_OOM, NOPAGE_SIGBUS } from "../kernel";
import type { Addr } from "../machine";
import { VM_SHARED } from "../mm/flags";
import { addMm, getVma } from "../mm/vma";
import { mkPte, pteNone, pteToPgoff, pteWrprotect, readPte, writePte } from "../mmu/pte";
import { setPageFlag, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { pageAddFileRmap } from "../rmap";
import { addressSpace, file as fileStruct, inode } from "../structs-mm";
import { anonVmaPrepare } from "./anon-vma-prepare";
import {
  adoptAnonPage,
  allocUserCopy,
  allocZeroedUserPage,
  type Fault,
  type FaultResult,
  installPte,
  writtenPte,
} from "./install";
import { zeroPfn } from "./zero-page";

const TRUNCATE_COUNT = inode.offset.i_mapping + addressSpace.offset.truncate_count;

/** do_no_page: nothing was there. */
export function doNoPage(k: Kernel, fault: Fault): FaultResult {
  const nopage = k.vmOps[getVma(k.memory.u32, fault.vma, "vm_ops")]?.nopage ?? null;
  return nopage === null ? doAnonymousPage(k, fault) : doFileNoPage(k, fault, nopage);
}

/** do_file_page: the entry names another page of the file than the address does. Counts as major. */
export function doFilePage(k: Kernel, fault: Fault): FaultResult {
  const w = k.memory.u32;
  const nopage = k.vmOps[getVma(w, fault.vma, "vm_ops")]?.nopage ?? null;
  if (nopage === null || (fault.write && (getVma(w, fault.vma, "vm_flags") & VM_SHARED) === 0)) {
    writePte(k, fault.ptep, 0);
    return doNoPage(k, { ...fault, entry: 0 });
  }
  const pages = pteToPgoff(k, fault.entry) - getVma(w, fault.vma, "vm_pgoff");
  const found = nopage(k, fault.vma, (getVma(w, fault.vma, "vm_start") + pages * PAGE_SIZE) >>> 0);
  if (found.page === NOPAGE_SIGBUS) return "sigbus";
  if (found.page === NOPAGE_OOM) return "oom";
  mapFilePage(k, fault, found.page, "non-linear");
  return "major";
}

function doAnonymousPage(k: Kernel, fault: Fault): FaultResult {
  if (!fault.write) {
    const zero = zeroPfn(k);
    if (zero < 0) return "oom";
    const prot = getVma(k.memory.u32, fault.vma, "vm_page_prot");
    installPte(k, fault, "anon-read", pteWrprotect(mkPte(k, zero, prot)), zero);
    return "minor";
  }
  if (!anonVmaPrepare(k, fault.vma)) return "oom";
  const page = allocZeroedUserPage(k);
  if (page === 0) return "oom";
  if (!pteNone(readPte(k, fault.ptep))) {
    putPage(k, page);
    return "minor";
  }
  addMm(k.memory.u32, fault.mm, "rss", 1);
  setPageFlag(k, page, "PG_referenced");
  adoptAnonPage(k, fault, page);
  installPte(k, fault, "anon-write", writtenPte(k, fault.vma, pageToPfn(k, page)), pageToPfn(k, page));
  return "minor";
}

type Nopage = (k: Kernel, vma: Addr, address: number) => { page: Addr; major: boolean };

function doFileNoPage(k: Kernel, fault: Fault, nopage: Nopage): FaultResult {
  for (;;) {
    const sequence = truncateCount(k, fault.vma);
    const { page, major } = nopage(k, fault.vma, fault.address);
    if (page === NOPAGE_SIGBUS) return "sigbus";
    if (page === NOPAGE_OOM) return "oom";
    const early = fault.write && (getVma(k.memory.u32, fault.vma, "vm_flags") & VM_SHARED) === 0;
    const mapped = early ? earlyCow(k, fault, page) : page;
    if (mapped === 0) return "oom";
    // The file was cut off meanwhile: the page may not be its any more.
    if (sequence !== truncateCount(k, fault.vma)) {
      putPage(k, mapped);
      continue;
    }
    const result = major ? "major" : "minor";
    if (!pteNone(readPte(k, fault.ptep))) {
      putPage(k, mapped);
      return result;
    }
    if (early) mapEarlyCow(k, fault, mapped);
    else mapFilePage(k, fault, mapped, "file-map");
    return result;
  }
}

/** A copy of the file's page; the file's is let go. 0 when there is no memory. */
function earlyCow(k: Kernel, fault: Fault, filePage: Addr): Addr {
  const copy = anonVmaPrepare(k, fault.vma) ? allocUserCopy(k, pageToPfn(k, filePage)) : 0;
  if (copy !== 0)
    k.events?.push({
      kind: "cow-copied",
      address: fault.address,
      from: pageToPfn(k, filePage),
      to: pageToPfn(k, copy),
    });
  putPage(k, filePage);
  return copy;
}

function mapEarlyCow(k: Kernel, fault: Fault, page: Addr): void {
  addMm(k.memory.u32, fault.mm, "rss", 1);
  adoptAnonPage(k, fault, page);
  installPte(k, fault, "early-cow", writtenPte(k, fault.vma, pageToPfn(k, page)), pageToPfn(k, page));
}

function mapFilePage(k: Kernel, fault: Fault, page: Addr, how: "file-map" | "non-linear"): void {
  const pfn = pageToPfn(k, page);
  if (!testPageFlag(k, page, "PG_reserved")) addMm(k.memory.u32, fault.mm, "rss", 1);
  const pte = fault.write
    ? writtenPte(k, fault.vma, pfn)
    : mkPte(k, pfn, getVma(k.memory.u32, fault.vma, "vm_page_prot"));
  pageAddFileRmap(k, page);
  installPte(k, fault, how, pte, pfn);
}

function truncateCount(k: Kernel, vma: Addr): number {
  const file = getVma(k.memory.u32, vma, "vm_file");
  if (file === 0) return 0;
  const host = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
  return k.memory.u32[(host + TRUNCATE_COUNT) >>> 2]!;
}
