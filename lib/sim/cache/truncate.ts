// Taking pages out of a file's cache: all from a place on (truncate), or just those nobody needs (invalidate).
// Source:     Linux 2.6.11 mm/truncate.c (truncate_inode_pages, truncate_complete_page, truncate_partial_page,
//             invalidate_inode_pages, invalidate_complete_page)
import { PAGE_SIZE } from "../constants";
import { pageToPfn, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { clearPageFlag, getPage, pageIndex, pageMapped, pageMapping, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { waitOnPageWriteback } from "./block-io";
import { tryToReleasePage } from "./buffers";
import { lockPage, removeFromPageCache, testClearPageDirty, unlockPage } from "./page-cache";
import { radixTreeGangLookup } from "./radix-tree";

const BATCH = 14;

/** Removes every page from byte `start` on, dirty or not; clears the rest of a page that lies across it. */
export function truncateInodePages(k: Kernel, mapping: Addr, start: number): void {
  const partial = start % PAGE_SIZE;
  const first = Math.ceil(start / PAGE_SIZE);
  for (const page of walk(k, mapping, first)) {
    lockPage(k, page);
    waitOnPageWriteback(k, page);
    if (pageMapping(k, page) === mapping) truncateCompletePage(k, page);
    unlockPage(k, page);
  }
  if (partial === 0) return;
  const [page] = radixTreeGangLookup(k, mapping, first - 1, 1, null);
  if (page === undefined || pageIndex(k, page) !== first - 1) return;
  waitOnPageWriteback(k, page);
  const frame = peekFrame(k, pageToPfn(k, page));
  if (frame !== 0) k.memory.u8.fill(0, frame + partial, frame + PAGE_SIZE);
}

/** Removes the pages that are clean, unlocked and in nobody's page table. @returns how many. */
export function invalidateInodePages(k: Kernel, mapping: Addr): number {
  let removed = 0;
  for (const page of walk(k, mapping, 0)) {
    const busy = testPageFlag(k, page, "PG_locked") || testPageFlag(k, page, "PG_dirty");
    if (busy || testPageFlag(k, page, "PG_writeback") || pageMapped(k, page)) continue;
    lockPage(k, page);
    if (tryToReleasePage(k, page)) {
      clearPageFlag(k, page, "PG_uptodate");
      removeFromPageCache(k, page);
      putPage(k, page);
      removed++;
    }
    unlockPage(k, page);
  }
  return removed;
}

function truncateCompletePage(k: Kernel, page: Addr): void {
  testClearPageDirty(k, page);
  tryToReleasePage(k, page);
  clearPageFlag(k, page, "PG_uptodate");
  clearPageFlag(k, page, "PG_mappedtodisk");
  removeFromPageCache(k, page);
  putPage(k, page);
}

/** The cached pages from an index on, each held while it is looked at. */
function* walk(k: Kernel, mapping: Addr, first: number): Iterable<Addr> {
  for (let next = first; ; ) {
    const pages = radixTreeGangLookup(k, mapping, next, BATCH, null);
    if (pages.length === 0) return;
    for (const page of pages) getPage(k, page);
    for (const page of pages) {
      next = pageIndex(k, page) + 1;
      yield page;
      putPage(k, page);
    }
  }
}
