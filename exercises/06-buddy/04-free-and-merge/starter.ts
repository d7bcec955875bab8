import { KernelBug, listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageIsBuddy, rmvPageOrder, setPageOrder, type Zone } from "kernel";

/**
 * Gives the block of 2 ** order pages that starts at `page` back to the zone.
 * While the block's buddy lies in the zone and heads a free block of exactly the same order (pageIsBuddy), take the buddy
 * off its list and go on with the block that both form; a block of order MAX_ORDER - 1 has no larger one to become part of.
 * What results is marked with its order and becomes the first on its free list. Keep nrFree and freePages true.
 */
export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  // So far the block is only counted. Put it on its list, then teach it to merge.
  zone.freePages += 2 ** order;
}
