import { freePagesBulk, listAdd, listAddTail, listDel, listFirst, listLast, type Page, rmqueue, type Zone } from "kernel";

/**
 * A single page from the CPU's hot list (or its cold one, if `cold`).
 * A list with `count` at or below its low mark is first refilled: up to `batch` pages, taken one by one with the kernel's
 * own rmqueue(zone, 0) and appended at the tail, as long as there are any. Then the first page of the list is taken.
 * If the list is empty even so, ask rmqueue(zone, 0) once more and return whatever it gives.
 */
export function bufferedRmqueue(zone: Zone, cold: boolean): Page | null {
  const pcp = cold ? zone.pageset.cold : zone.pageset.hot;
  // So far every page comes straight from the buddy lists.
  return rmqueue(zone, 0);
}

/**
 * Parks a single page as the first of the CPU's hot (or cold) list.
 * A list with `count` at or above its high mark first gives up to `batch` pages back, last page first, each with the
 * kernel's own freePagesBulk(zone, page, 0).
 */
export function freeHotColdPage(zone: Zone, page: Page, cold: boolean): void {
  // So far every page goes straight back to the buddy lists.
  freePagesBulk(zone, page, 0);
}
