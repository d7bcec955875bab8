// How broken up a zone's free memory is, and the kernel's own ways of showing it.
// Source: Linux 2.6.11 mm/page_alloc.c (frag_show for /proc/buddyinfo, show_free_areas); the unusable free space index after
//         M. Gorman and A. Whitcroft, "The What, The Why and the Where To of Anti-Fragmentation" (OLS 2006)
import { PAGE_SIZE } from "./constants";

/** Pages in free blocks, given the number of blocks of each order. */
function pagesInBlocks(nrFree: readonly number[], fromOrder = 0): number {
  let pages = 0;
  for (let order = fromOrder; order < nrFree.length; order++) pages += nrFree[order]! * 2 ** order;
  return pages;
}

/**
 * The share of free memory that a request of `order` cannot use because it lies in smaller blocks: 0 is best, 1 is worst.
 * A zone without free pages has nothing unusable: 0.
 */
export function unusableFreeIndex(nrFree: readonly number[], order: number): number {
  const free = pagesInBlocks(nrFree);
  return free === 0 ? 0 : (free - pagesInBlocks(nrFree, order)) / free;
}

/** The zone's line of /proc/buddyinfo, without the line feed (the kernel leaves a blank at the end). */
export function buddyinfoLine(zoneName: string, nrFree: readonly number[]): string {
  const counts = nrFree.map((count) => `${String(count).padStart(6)} `).join("");
  return `Node 0, zone ${zoneName.padStart(8)} ${counts}`;
}

/** The zone's line of the kernel's memory report (SysRq-m): blocks of each size and the sum. */
export function showFreeAreas(zoneName: string, nrFree: readonly number[]): string {
  const kilobytes = PAGE_SIZE / 1024;
  const blocks = nrFree.map((count, order) => `${count}*${kilobytes * 2 ** order}kB `).join("");
  return `${zoneName}: ${blocks}= ${kilobytes * pagesInBlocks(nrFree)}kB`;
}
