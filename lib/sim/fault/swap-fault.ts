// Faults at an entry that names a place in swap.
// Theory:     the page may still be in the swap cache (minor), else it is read, with its neighbours (major). The entry's reference to the
//             slot goes as the page is mapped; the cache keeps its own, so an unchanged page can leave again without a write.
// Source:     Linux 2.6.11 mm/memory.c (do_swap_page); Gorman 4.6.3
// Simplified: a read has always succeeded when it returns.
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { addMm, getVma } from "../mm/vma";
import { mkPte, pteMkdirty, pteToSwpEntry, readPte } from "../mmu/pte";
import { clearPageFlag, setPageFlag, testPageFlag } from "../page-fields";
import { markPageAccessed, putPage } from "../reclaim/lru";
import { pageAddAnonRmap } from "../rmap";
import { pageState } from "../structs";
import { swapFree } from "../swap/slots";
import {
  canShareSwapPage,
  lookupSwapCache,
  readSwapCacheAsync,
  removeExclusiveSwapPage,
  swapinReadahead,
  vmSwapFull,
} from "../swap/swap-state";
import { type Fault, type FaultResult, installPte, maybeMkwrite } from "./install";
import { doWpPage } from "./wp";

const PGMAJFAULT = pageState.offset.pgmajfault >>> 2;

/** do_swap_page */
export function doSwapPage(k: Kernel, fault: Fault): FaultResult {
  const entry = pteToSwpEntry(k, fault.entry);
  let result: FaultResult = "minor";
  let page = lookupSwapCache(k, entry);
  if (page === 0) {
    swapinReadahead(k, entry);
    page = readSwapCacheAsync(k, entry);
    if (page === 0) return readPte(k, fault.ptep) === fault.entry ? "oom" : "minor";
    result = "major";
    k.memory.u32[(k.pageState >>> 2) + PGMAJFAULT]! += 1;
  }
  markPageAccessed(k, page);
  setPageFlag(k, page, "PG_locked");
  const changed = readPte(k, fault.ptep) !== fault.entry;
  if (changed || !testPageFlag(k, page, "PG_uptodate")) {
    clearPageFlag(k, page, "PG_locked");
    putPage(k, page);
    return changed ? "minor" : "sigbus";
  }
  swapFree(k, entry);
  if (vmSwapFull(k)) removeExclusiveSwapPage(k, page);
  addMm(k.memory.u32, fault.mm, "rss", 1);
  let pte = mkPte(k, pageToPfn(k, page), getVma(k.memory.u32, fault.vma, "vm_page_prot"));
  const mine = fault.write && canShareSwapPage(k, page);
  if (mine) pte = maybeMkwrite(k, pteMkdirty(pte), fault.vma);
  clearPageFlag(k, page, "PG_locked");
  installPte(k, fault, "swap-in", pte, pageToPfn(k, page));
  pageAddAnonRmap(k, page, fault.vma, fault.address);
  if (fault.write && !mine && doWpPage(k, fault, pte) === "oom") return "oom";
  return result;
}
