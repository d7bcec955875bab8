// Taking mappings out of page tables.
// Theory:     each entry of the range is cleared and what it says is carried over: D to the page, A of a file page to its place in
//             the LRU, one mapping and one reference less. An entry that names a place in swap gives that place back. Then page
//             table pages that served nobody else are freed.
// Source:     Linux 2.6.11 mm/memory.c (zap_pte_range, unmap_vmas, zap_page_range, unmap_mapping_range), mm/mmap.c (unmap_region,
//             free_pgtables), asm-generic/tlb.h; Gorman 3.6, 4.4.3
// Simplified: pages are let go one by one, as a uniprocessor does; no gathering of page tables, no breaks for the scheduler.
import { setPageDirty } from "../cache/page-cache";
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { TASK_SIZE, VM_ACCOUNT } from "../mm/flags";
import { addMm, getMm, getVma } from "../mm/vma";
import { flushTlbMm } from "../mmu/flush";
import { pmdShift, pteBytes } from "../mmu/geometry";
import { clearPageRange, pteLookup } from "../mmu/pgtable";
import {
  pteDirty,
  pteFile,
  pteNone,
  ptePfn,
  ptePresent,
  pteToSwpEntry,
  pteYoung,
  readPte,
  takePte,
  writePte,
} from "../mmu/pte";
import { pageAnon, pageMapping, testPageFlag } from "../page-fields";
import { lruAddDrain, markPageAccessed } from "../reclaim/lru";
import { pageRemoveRmap } from "../rmap";
import { freePageAndSwapCache, freeSwapAndCache } from "../swap/swap-state";

/** What one sweep did: areas visited, pages of accounted areas in the range, pages let go. */
export interface ZapResult {
  areas: number;
  accounted: number;
  freed: number;
}

/** zap_page_range: takes out the mappings of `size` bytes from `start`, all inside `vma`. Tables stay. */
export function zapPageRange(k: Kernel, vma: Addr, start: number, size: number): void {
  lruAddDrain(k);
  const mm = getVma(k.memory.u32, vma, "vm_mm");
  const { freed } = zapVmas(k, mm, vma, start, start + size);
  finishMmu(k, mm, freed);
}

/** unmap_vmas: takes out [start, end) of the areas from `vma` on. The counters of pages and the TLB are left to the caller. */
export function zapVmas(k: Kernel, mm: Addr, vma: Addr, start: number, end: number): ZapResult {
  const result: ZapResult = { areas: 0, accounted: 0, freed: 0 };
  for (let each = vma; each !== 0; each = getVma(k.memory.u32, each, "vm_next")) {
    const w = k.memory.u32;
    const from = Math.max(start, getVma(w, each, "vm_start"));
    const to = Math.min(end, getVma(w, each, "vm_end"));
    if (getVma(w, each, "vm_start") >= end) break;
    if (from >= to) continue;
    result.areas++;
    if ((getVma(w, each, "vm_flags") & VM_ACCOUNT) !== 0) result.accounted += (to - from) >>> PAGE_SHIFT;
    result.freed += zapPteRange(k, mm, from, to, 0);
  }
  return result;
}

/** unmap_region: the mappings of detached areas from `vma` on go, then the tables between `prev` and what follows. */
export function unmapRegion(k: Kernel, mm: Addr, vma: Addr, prev: Addr, start: number, end: number): void {
  lruAddDrain(k);
  const { accounted, freed } = zapVmas(k, mm, vma, start, end);
  k.ops.vmUnacctMemory(k, accounted);
  freePgtables(k, mm, prev, start, end);
  finishMmu(k, mm, freed);
}

/**
 * unmap_mapping_range for one area of a file: takes out the mappings of pages that still belong to `mapping` (private copies stay).
 * @param mapping the file's address_space.
 */
export function zapMappedPages(k: Kernel, vma: Addr, start: number, end: number, mapping: Addr): void {
  const mm = getVma(k.memory.u32, vma, "vm_mm");
  finishMmu(k, mm, zapPteRange(k, mm, start, end, mapping));
}

/**
 * free_pgtables: [start, end) has no areas any more. Frees the PTE pages of whole slots that neither the area before nor the one
 * after touches. `prev` is the area before the hole, 0 if it is the first.
 */
function freePgtables(k: Kernel, mm: Addr, prev: Addr, start: number, end: number): void {
  const slot = k.config.pae ? 2 ** 30 : 2 ** 22;
  const w = k.memory.u32;
  let first = Math.floor(start / slot) * slot;
  // With PAE the slot of a last user gigabyte reaches into the kernel's, whose tables are everybody's.
  let last = Math.min(end + slot - 1, TASK_SIZE);
  let before = prev;
  let next = prev === 0 ? getMm(w, mm, "mmap") : getVma(w, prev, "vm_next");
  while (next !== 0 && getVma(w, next, "vm_end") <= start) {
    before = next;
    next = getVma(w, next, "vm_next");
  }
  if (next !== 0) last = Math.min(last, getVma(w, next, "vm_start"));
  if (before !== 0) first = Math.max(first, getVma(w, before, "vm_end"));
  if (last > first) clearPageRange(k, mm, first, last);
}

function zapPteRange(k: Kernel, mm: Addr, start: number, end: number, onlyMapping: Addr): number {
  const slot = 2 ** pmdShift(k);
  const step = pteBytes(k);
  const pgd = getMm(k.memory.u32, mm, "pgd");
  let freed = 0;
  let swapped = 0;
  for (let address = start; address < end; ) {
    const stop = Math.min(end, Math.floor(address / slot) * slot + slot);
    let ptep = pteLookup(k, pgd, address);
    for (; ptep !== 0 && address < stop; address += PAGE_SIZE, ptep += step) {
      const pte = readPte(k, ptep);
      if (pteNone(pte)) continue;
      if (ptePresent(pte)) {
        if (zapPresent(k, mm, ptep, onlyMapping)) freed++;
      } else if (onlyMapping === 0) {
        if (!pteFile(pte)) {
          freeSwapAndCache(k, pteToSwpEntry(k, pte));
          swapped++;
        }
        writePte(k, ptep, 0);
      }
    }
    address = stop;
  }
  if (freed + swapped > 0) k.events?.push({ kind: "zap", mm, start, end, pages: freed, swapped });
  return freed;
}

/** @returns whether a counted page was let go. */
function zapPresent(k: Kernel, mm: Addr, ptep: Addr, onlyMapping: Addr): boolean {
  const page = pfnToPage(k, ptePfn(k, readPte(k, ptep)));
  const counted = page !== 0 && !testPageFlag(k, page, "PG_reserved");
  if (onlyMapping !== 0 && counted && pageMapping(k, page) !== onlyMapping) return false;
  const pte = takePte(k, ptep);
  if (!counted) return false;
  if (pteDirty(pte)) setPageDirty(k, page);
  if (pageAnon(k, page)) addMm(k.memory.u32, mm, "anon_rss", -1);
  else if (pteYoung(pte)) markPageAccessed(k, page);
  pageRemoveRmap(k, page);
  freePageAndSwapCache(k, page);
  return true;
}

/** tlb_finish_mmu: the counter of pages follows, and the processor forgets what it remembered. */
export function finishMmu(k: Kernel, mm: Addr, freed: number): void {
  const w = k.memory.u32;
  addMm(w, mm, "rss", -Math.min(freed, getMm(w, mm, "rss")));
  flushTlbMm(k, mm);
}
