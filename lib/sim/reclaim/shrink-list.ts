// The decision about each page at the end of the inactive list: free it, keep it for now, or activate it.
// Theory:     a page can be freed when nobody uses it and nothing would be lost. So it is asked, in this order: is somebody at work on
//             it, was it used, has it a place on a disk, can it leave the page tables, is the disk up to date, is ours the only
//             reference left. Each answer has a row in the table of reclaim; events carry its number.
//
//     1 locked              keep           5 no swap slot       activate    9 no mapping            keep
//     2 counted                            6 cannot be unmapped activate,   10 other references     keep
//     3 under writeback     keep             partly             keep        11 out of the cache     FREE
//     4 used and in use     activate       7 dirty              write it, then keep or go on
//                                          8 buffers are busy   activate
//
// Source:     Linux 2.6.11 mm/vmscan.c (shrink_list, page_mapping_inuse); Gorman 10.4 (2.4's shrink_cache)
import { tryToReleasePage } from "../cache/buffers";
import { readCache } from "../cache/cache-data";
import { addressSpaceOf, removeFromPageCache, unlockPage } from "../cache/page-cache";
import { COLD } from "../constants";
import { pageToPfn } from "../frames";
import { type Kernel, SWAP_AGAIN, SWAP_FAIL } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listEmpty } from "../list";
import type { Addr } from "../machine";
import { pageAnon, pageCount, pageMapped, setPageFlag, testPageFlag, testSetPageFlag } from "../page-fields";
import { modPageState } from "../page-state";
import { addressSpace } from "../structs-mm";
import { __GFP_FS, __GFP_IO } from "../zones/gfp";
import type { ShrinkReason, ShrinkRow, ShrinkVerdict } from "./events";
import { settle } from "./isolate";
import { putPage, releasePages } from "./lru";
import { pageout } from "./pageout";
import type { ScanControl } from "./scan-control";

/** What each answer means for the page, and its row. */
const decisions: Readonly<Record<ShrinkReason, { readonly verdict: ShrinkVerdict; readonly row: ShrinkRow }>> = {
  locked: { verdict: "keep", row: 1 },
  writeback: { verdict: "keep", row: 3 },
  "in-use": { verdict: "activate", row: 4 },
  "no-swap": { verdict: "activate", row: 5 },
  "cannot-unmap": { verdict: "activate", row: 6 },
  "partly-unmapped": { verdict: "keep", row: 6 },
  "dirty-referenced": { verdict: "keep", row: 7 },
  "may-not-write": { verdict: "keep", row: 7 },
  "laptop-mode": { verdict: "keep", row: 7 },
  "write-impossible-now": { verdict: "keep", row: 7 },
  "cannot-be-written": { verdict: "activate", row: 7 },
  "write-started": { verdict: "keep", row: 7 },
  "buffers-busy": { verdict: "activate", row: 8 },
  "no-mapping": { verdict: "keep", row: 9 },
  "only-buffers": { verdict: "free", row: 9 },
  "other-references": { verdict: "keep", row: 10 },
  "dirty-again": { verdict: "keep", row: 10 },
  unused: { verdict: "free", row: 11 },
};

/**
 * Decides about isolated pages, first to last. Activated ones have PG_active set.
 * @returns the pages to put back, in the same order, and how many were freed (to the cold list).
 */
export function shrinkList(k: Kernel, pages: readonly Addr[], sc: ScanControl): { kept: Addr[]; reclaimed: number } {
  const kept: Addr[] = [];
  const freed: Addr[] = [];
  let activated = 0;
  for (const page of pages) {
    const why = shrinkPage(k, page, sc);
    const { verdict, row } = decisions[why];
    settle(k, page, verdict === "free" ? null : verdict === "activate" ? "active" : "inactive");
    if (k.events !== null) k.events.push({ kind: "shrink-page", pfn: pageToPfn(k, page), verdict, row, why });
    if (verdict === "free") {
      freed.push(page);
      continue;
    }
    if (verdict === "activate") {
      setPageFlag(k, page, "PG_active");
      activated++;
    }
    if (testPageFlag(k, page, "PG_lru")) throw new KernelBug("page-on-lru", { pfn: pageToPfn(k, page) });
    kept.push(page);
  }
  releasePages(k, freed, COLD);
  modPageState(k, "pgactivate", activated);
  sc.nrReclaimed += freed.length;
  return { kept, reclaimed: freed.length };
}

/** Rows 1 and 2; the page is unlocked again afterwards. */
function shrinkPage(k: Kernel, page: Addr, sc: ScanControl): ShrinkReason {
  if (testSetPageFlag(k, page, "PG_locked")) return "locked";
  if (testPageFlag(k, page, "PG_active")) throw new KernelBug("lru-flag", { pfn: pageToPfn(k, page) });
  sc.nrScanned += pageMapped(k, page) || testPageFlag(k, page, "PG_swapcache") ? 2 : 1;
  const why = decide(k, page, sc);
  if (why !== "write-started") unlockPage(k, page);
  return why;
}

/** Rows 3 to 6. */
function decide(k: Kernel, page: Addr, sc: ScanControl): ShrinkReason {
  if (testPageFlag(k, page, "PG_writeback")) return "writeback";
  const referenced = k.ops.pageReferenced(k, page);
  if (referenced > 0 && pageMappingInuse(k, page)) return "in-use";
  if (pageAnon(k, page) && !testPageFlag(k, page, "PG_swapcache") && k.ops.addToSwap(k, page) === 0) return "no-swap";
  const mapping = addressSpaceOf(k, page);
  if (pageMapped(k, page) && mapping !== 0) {
    const answer = k.ops.tryToUnmap(k, page);
    if (answer === SWAP_FAIL) return "cannot-unmap";
    if (answer === SWAP_AGAIN) return "partly-unmapped";
  }
  return (testPageFlag(k, page, "PG_dirty") && writeOut(k, page, mapping, referenced, sc)) || takeOut(k, page);
}

/** Row 7. `referenced`: entries that had used the page. @returns null when the page is clean now and still locked. */
function writeOut(k: Kernel, page: Addr, mapping: Addr, referenced: number, sc: ScanControl): ShrinkReason | null {
  if (referenced > 0) return "dirty-referenced";
  const mayEnterFs = (sc.gfp & __GFP_FS) !== 0;
  if (!mayEnterFs && !(testPageFlag(k, page, "PG_swapcache") && (sc.gfp & __GFP_IO) !== 0)) return "may-not-write";
  if (readCache(k, "laptop_mode") === 1 && !sc.mayWritepage) return "laptop-mode";
  const result = pageout(k, page, mapping);
  if (result === "keep") return "write-impossible-now";
  if (result === "activate") return "cannot-be-written";
  if (result === "clean") return null;
  const busy = testPageFlag(k, page, "PG_writeback") || testPageFlag(k, page, "PG_dirty");
  if (busy || testSetPageFlag(k, page, "PG_locked")) return "write-started";
  return null;
}

/** Rows 8 to 11, for a clean page. */
function takeOut(k: Kernel, page: Addr): ShrinkReason {
  const mapping = addressSpaceOf(k, page);
  if (testPageFlag(k, page, "PG_private")) {
    if (!tryToReleasePage(k, page)) return "buffers-busy";
    if (mapping === 0 && pageCount(k, page) === 1) return "only-buffers";
  }
  if (mapping === 0) return "no-mapping";
  if (pageCount(k, page) !== 2) return "other-references";
  if (testPageFlag(k, page, "PG_dirty")) return "dirty-again";
  if (testPageFlag(k, page, "PG_swapcache")) k.ops.deleteFromSwapCache(k, page);
  else {
    removeFromPageCache(k, page);
    putPage(k, page);
  }
  return "unused";
}

/** page_mapping_inuse: some process maps the page, may get it back from swap soon, or maps its file. */
function pageMappingInuse(k: Kernel, page: Addr): boolean {
  if (pageMapped(k, page) || testPageFlag(k, page, "PG_swapcache")) return true;
  const mapping = addressSpaceOf(k, page);
  return mapping !== 0 && !listEmpty(k.memory.u32, mapping + addressSpace.offset.i_mmap);
}
