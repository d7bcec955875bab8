// Reverse mapping: from a page to the page table entries that map it.
// Theory:     a page table leads from an address to a page; reclaim needs the way back. A page knows how many entries map it
//             (mapcount) and whose it is (mapping): an anon_vma or a file. Both have a list of areas, and `index` says at which
//             address of an area the page would stand:
//                 address = vm_start + (index - vm_pgoff) * 4096, if that lies inside
//             So each area on the list is asked whether its entry there really maps this page.
// Source:     Linux 2.6.11 mm/rmap.c (page_add_anon_rmap, page_add_file_rmap, page_remove_rmap, vma_address, page_referenced,
//             try_to_unmap), mm/memory.c (page_dup_rmap); Gorman 3.9 (which describes the older pte_chain)
// Simplified: a file's areas are a plain list instead of a priority search tree; pages of non-linear mappings are found only at
//             their linear address; the swap token is off, as by default.
import { setPageDirty } from "./cache/page-cache";
import { PAGE_MAPPING_ANON, PAGE_SHIFT } from "./constants";
import { faultData } from "./fault/structs";
import { pageToPfn } from "./frames";
import { type Kernel, SWAP_AGAIN, SWAP_FAIL, SWAP_SUCCESS } from "./kernel";
import { KernelBug } from "./kernel-bug";
import { kernelData } from "./kernel-data";
import { listAdd, listEmpty } from "./list";
import type { Addr } from "./machine";
import { VM_LOCKED, VM_MAYSHARE, VM_RESERVED } from "./mm/flags";
import { addMm, getMm, getVma, linearPageIndex } from "./mm/vma";
import { flushTlbPage } from "./mmu/flush";
import { pteLookup } from "./mmu/pgtable";
import {
  _PAGE_ACCESSED,
  pteDirty,
  ptePfn,
  ptePresent,
  readPte,
  swpEntryToPte,
  takePte,
  testAndClear,
  writePte,
} from "./mmu/pte";
import {
  clearPageFlag,
  pageAnon,
  pageCount,
  pageIndex,
  pageMapcount,
  pageMapped,
  pageMapping,
  pagePrivate,
  testClearPageFlag,
  testPageFlag,
  testSetPageFlag,
} from "./page-fields";
import { putPage } from "./reclaim/lru";
import { pageState, page as pageStruct } from "./structs";
import { addressSpace, mmStruct, vmAreaStruct } from "./structs-mm";
import { swapDuplicate } from "./swap/slots";

const MAPCOUNT = pageStruct.offset.mapcount >>> 2;
const MAPPING = pageStruct.offset.mapping >>> 2;
const INDEX = pageStruct.offset.index >>> 2;
const NR_MAPPED = pageState.offset.nr_mapped >>> 2;
const ANON_NODE = vmAreaStruct.offset.anon_vma_node;
const SHARED_NODE = vmAreaStruct.offset.shared;
const I_MMAP = addressSpace.offset.i_mmap;

export { pageMapped };

/** What became of a page's mappings: all gone, some left for now, or one that must stay (locked area, or just used). */
export type UnmapResult = typeof SWAP_SUCCESS | typeof SWAP_AGAIN | typeof SWAP_FAIL;

/**
 * An entry of `vma` for `address` maps the anonymous page now. The first mapping says whose page it is.
 * @throws KernelBug for a reserved page, or an area without an anon_vma.
 */
export function pageAddAnonRmap(k: Kernel, page: Addr, vma: Addr, address: number): void {
  refuseReserved(k, page);
  const w = k.memory.u32;
  const anonVma = getVma(w, vma, "anon_vma");
  if (anonVma === 0) throw new KernelBug("no-anon-vma", { pfn: pageToPfn(k, page), address });
  addMm(w, getVma(w, vma, "vm_mm"), "anon_rss", 1);
  if (++k.memory.i32[(page >>> 2) + MAPCOUNT]! !== 1) return;
  w[(page >>> 2) + INDEX] = linearPageIndex(w, vma, address);
  w[(page >>> 2) + MAPPING] = anonVma + PAGE_MAPPING_ANON;
  w[(k.pageState >>> 2) + NR_MAPPED]! += 1;
}

/**
 * An entry maps the file page now. Reserved pages are not counted.
 * @throws KernelBug for an anonymous page.
 */
export function pageAddFileRmap(k: Kernel, page: Addr): void {
  if (pageAnon(k, page)) throw new KernelBug("anon-page-as-file", { pfn: pageToPfn(k, page) });
  if (testPageFlag(k, page, "PG_reserved")) return;
  if (++k.memory.i32[(page >>> 2) + MAPCOUNT]! === 1) k.memory.u32[(k.pageState >>> 2) + NR_MAPPED]! += 1;
}

/** fork copied an entry of the page. */
export function pageDupRmap(k: Kernel, page: Addr): void {
  k.memory.i32[(page >>> 2) + MAPCOUNT]! += 1;
}

/**
 * An entry does not map the page any more. An anonymous page keeps its `mapping` until it is freed.
 * @throws KernelBug for a reserved page, or one that nothing maps.
 */
export function pageRemoveRmap(k: Kernel, page: Addr): void {
  refuseReserved(k, page);
  const at = (page >>> 2) + MAPCOUNT;
  if (k.memory.i32[at]! <= 0) throw new KernelBug("mapcount-negative", { pfn: pageToPfn(k, page) });
  if (--k.memory.i32[at]! === 0) k.memory.u32[(k.pageState >>> 2) + NR_MAPPED]! -= 1;
}

/** vma_address: where in the area the page would stand, -1 outside. */
export function vmaAddress(k: Kernel, page: Addr, vma: Addr): number {
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  const address = start + (pageIndex(k, page) - getVma(w, vma, "vm_pgoff")) * 2 ** PAGE_SHIFT;
  return address >= start && address < getVma(w, vma, "vm_end") ? address : -1;
}

/** The entry of `vma` that maps the page, 0 if there is none. */
function pageCheckAddress(k: Kernel, page: Addr, vma: Addr): Addr {
  const address = vmaAddress(k, page, vma);
  if (address < 0) return 0;
  const w = k.memory.u32;
  const mm = getVma(w, vma, "vm_mm");
  if (getMm(w, mm, "rss") === 0) return 0;
  const ptep = pteLookup(k, getMm(w, mm, "pgd"), address);
  if (ptep === 0) return 0;
  const pte = readPte(k, ptep);
  return ptePresent(pte) && ptePfn(k, pte) === pageToPfn(k, page) ? ptep : 0;
}

/**
 * How often the page was used since the last look: its referenced flag and the A bits of all entries, cleared on the way. A locked
 * shared file area counts as one use.
 * @param isLocked "locked" if the caller holds the page lock; else a file page that somebody has locked counts as used.
 */
export function pageReferenced(k: Kernel, page: Addr, isLocked: "locked" | "unlocked"): number {
  const referenced = testClearPageFlag(k, page, "PG_referenced") ? 1 : 0;
  if (!pageMapped(k, page) || pageMapping(k, page) === 0) return referenced;
  if (pageAnon(k, page)) return referenced + referencedAnon(k, page);
  if (isLocked === "locked") return referenced + referencedFile(k, page);
  if (testSetPageFlag(k, page, "PG_locked")) return referenced + 1;
  const used = referencedFile(k, page);
  clearPageFlag(k, page, "PG_locked");
  return referenced + used;
}

/**
 * Takes the page out of all page tables; an anonymous page leaves its swap entry in them.
 * The page is locked, and in the swap cache if it is anonymous. Stops at a locked area and at an entry that was used just now.
 * @throws KernelBug for a reserved or unlocked page, or an anonymous one without a swap entry.
 */
export function tryToUnmap(k: Kernel, page: Addr): UnmapResult {
  refuseReserved(k, page);
  if (!testPageFlag(k, page, "PG_locked")) throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
  const anon = pageAnon(k, page);
  const head = areasOf(k, page);
  const node = anon ? ANON_NODE : SHARED_NODE;
  let result: UnmapResult = SWAP_AGAIN;
  const w = k.memory.u32;
  for (let at = w[head >>> 2]!; at !== head && at !== 0; ) {
    const next = w[at >>> 2]!;
    result = tryToUnmapOne(k, page, at - node);
    if (result === SWAP_FAIL || !pageMapped(k, page)) break;
    at = next;
  }
  const outcome = pageMapped(k, page) ? result : SWAP_SUCCESS;
  k.events?.push({ kind: "try-to-unmap", pfn: pageToPfn(k, page), result: outcome });
  return outcome;
}

function tryToUnmapOne(k: Kernel, page: Addr, vma: Addr): typeof SWAP_AGAIN | typeof SWAP_FAIL {
  const ptep = pageCheckAddress(k, page, vma);
  if (ptep === 0) return SWAP_AGAIN;
  const w = k.memory.u32;
  const mm = getVma(w, vma, "vm_mm");
  const address = vmaAddress(k, page, vma);
  if ((getVma(w, vma, "vm_flags") & (VM_LOCKED | VM_RESERVED)) !== 0) return SWAP_FAIL;
  if (clearFlushYoung(k, ptep, mm, address)) return SWAP_FAIL;
  // Somebody outside the page tables holds the page (a device that transfers it): it must keep its place in them.
  if (testPageFlag(k, page, "PG_swapcache") && pageCount(k, page) !== pageMapcount(k, page) + 2) return SWAP_FAIL;
  const pte = takePte(k, ptep);
  flushTlbPage(k, mm, address);
  if (pteDirty(pte)) setPageDirty(k, page);
  if (pageAnon(k, page)) leaveSwapEntry(k, page, mm, ptep);
  addMm(w, mm, "rss", -1);
  k.events?.push({ kind: "unmap-one", pfn: pageToPfn(k, page), mm, address, before: pte, after: readPte(k, ptep) });
  pageRemoveRmap(k, page);
  putPage(k, page);
  return SWAP_AGAIN;
}

/** The entry says where in swap the page will be; swapoff finds the address space on the list of those with such entries. */
function leaveSwapEntry(k: Kernel, page: Addr, mm: Addr, ptep: Addr): void {
  if (!testPageFlag(k, page, "PG_swapcache")) throw new KernelBug("not-in-swap-cache", { pfn: pageToPfn(k, page) });
  const entry = pagePrivate(k, page);
  swapDuplicate(k, entry);
  addToMmlist(k, mm);
  writePte(k, ptep, swpEntryToPte(k, entry));
  addMm(k.memory.u32, mm, "anon_rss", -1);
}

/** Puts an address space on the list of those that may hold swap entries, right behind the kernel's anchor. */
function addToMmlist(k: Kernel, mm: Addr): void {
  const link = mm + mmStruct.offset.mmlist;
  const anchor = k.data + kernelData.offset.fault + faultData.offset.mmlist;
  const w = k.memory.u32;
  if (w[link >>> 2] === 0 || listEmpty(w, link)) listAdd(w, link, anchor);
}

function referencedAnon(k: Kernel, page: Addr): number {
  const head = areasOf(k, page);
  let mapcount = pageMapcount(k, page);
  let referenced = 0;
  const w = k.memory.u32;
  for (let at = w[head >>> 2]!; at !== head && at !== 0 && mapcount > 0; at = w[at >>> 2]!) {
    const found = referencedOne(k, page, at - ANON_NODE);
    if (found === NOT_MAPPED) continue;
    referenced += found;
    mapcount--;
  }
  return referenced;
}

function referencedFile(k: Kernel, page: Addr): number {
  const head = areasOf(k, page);
  let mapcount = pageMapcount(k, page);
  let referenced = 0;
  const w = k.memory.u32;
  for (let at = w[head >>> 2]!; at !== head && at !== 0 && mapcount > 0; at = w[at >>> 2]!) {
    const vma = at - SHARED_NODE;
    if (vmaAddress(k, page, vma) < 0) continue;
    const lockedShared = VM_LOCKED | VM_MAYSHARE;
    if ((getVma(w, vma, "vm_flags") & lockedShared) === lockedShared) return referenced + 1;
    const found = referencedOne(k, page, vma);
    if (found === NOT_MAPPED) continue;
    referenced += found;
    mapcount--;
  }
  return referenced;
}

const NOT_MAPPED = -1;

function referencedOne(k: Kernel, page: Addr, vma: Addr): number {
  const ptep = pageCheckAddress(k, page, vma);
  if (ptep === 0) return NOT_MAPPED;
  return clearFlushYoung(k, ptep, getVma(k.memory.u32, vma, "vm_mm"), vmaAddress(k, page, vma)) ? 1 : 0;
}

/** ptep_clear_flush_young: without the flush the processor would not set A again while the entry is in its TLB. */
function clearFlushYoung(k: Kernel, ptep: Addr, mm: Addr, address: number): boolean {
  const young = testAndClear(k, ptep, _PAGE_ACCESSED);
  if (young) flushTlbPage(k, mm, address);
  return young;
}

/** Anchor of the list of areas that may map the page. */
function areasOf(k: Kernel, page: Addr): Addr {
  const mapping = pageMapping(k, page);
  return pageAnon(k, page) ? mapping - PAGE_MAPPING_ANON : mapping + I_MMAP;
}

function refuseReserved(k: Kernel, page: Addr): void {
  if (testPageFlag(k, page, "PG_reserved")) throw new KernelBug("reserved-page-mapped", { pfn: pageToPfn(k, page) });
}
