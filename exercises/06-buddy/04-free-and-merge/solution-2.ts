import * as kernel from "kernel";
import type { Page, Zone } from "kernel";

// Recursively, and without pageIsBuddy: the three conditions are written out.
export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  zone.freePages = zone.freePages + 2 ** order;
  insert(zone, kernel.pageIndex(zone, page), order);
}

function insert(zone: Zone, index: number, order: number): void {
  const { freeList } = zone.freeArea[order];
  const buddy = order === kernel.MAX_ORDER - 1 ? null : freeBuddy(zone, index, order);
  if (buddy !== null) {
    kernel.listDel(buddy.lru);
    zone.freeArea[order].nrFree -= 1;
    buddy.flags &= ~(1 << kernel.PG_private);
    buddy.private = 0;
    return insert(zone, Math.min(index, kernel.pageIndex(zone, buddy)), order + 1);
  }
  const head = kernel.pageAt(zone, index) as Page;
  head.private = order;
  head.flags |= 1 << kernel.PG_private;
  kernel.listAdd(head.lru, freeList);
  zone.freeArea[order].nrFree += 1;
}

function freeBuddy(zone: Zone, index: number, order: number): Page | null {
  const size = 2 ** order;
  const isLower = (index / size) % 2 === 0;
  const page = kernel.pageAt(zone, isLower ? index + size : index - size);
  if (page === null || page.count !== 0) return null;
  const free = kernel.pagePrivate(page) && !kernel.pageReserved(page);
  return free && page.private === order ? page : null;
}
