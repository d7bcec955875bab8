import { listAdd, listDel, listFirst, MAX_ORDER, type Page, pageAt, pageIndex, rmvPageOrder, setPageOrder, type Zone } from "kernel";

/**
 * `page` heads a block of order `high` that is on no list any more. Cut it down to a block of order `low`:
 * halve it again and again, and give each upper half back to the zone as a free block of its own:
 * marked with its order (setPageOrder), first on its free list, counted in nrFree.
 * Returns the first page of what is left: the lowest 2 ** low pages of the block.
 */
export function expand(zone: Zone, page: Page, low: number, high: number): Page {
  // The upper half of a block of order k starts 2 ** (k - 1) pages after its first page.
  return page;
}

/**
 * Takes a block of `order` out of the zone's free lists, or returns null if no list from `order` upward has one.
 * Use the first block of the smallest order that is large enough: take it off its list, take its mark away
 * (rmvPageOrder), keep nrFree and freePages true, and let expand cut it down.
 */
export function rmqueue(zone: Zone, order: number): Page | null {
  return null;
}
