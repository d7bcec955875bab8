import * as kernel from "kernel";
import type { Page, Zone } from "kernel";

// Recursively: halve once, then cut the lower half further.
export function expand(zone: Zone, page: Page, low: number, high: number): Page {
  if (high === low) return page;
  const half = high - 1;
  insert(zone, kernel.pageAt(zone, kernel.pageIndex(zone, page) + 2 ** half) as Page, half);
  return expand(zone, page, low, half);
}

export function rmqueue(zone: Zone, order: number): Page | null {
  const found = zone.freeArea.findIndex((area, k) => k >= order && !kernel.listEmpty(area.freeList));
  if (found < 0) return null;
  const block = remove(zone, found);
  zone.freePages = zone.freePages - 2 ** order;
  return expand(zone, block, order, found);
}

function insert(zone: Zone, page: Page, order: number): void {
  kernel.listAdd(page.lru, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree += 1;
  page.private = order;
  page.flags |= 1 << kernel.PG_private;
}

function remove(zone: Zone, order: number): Page {
  const page = kernel.listFirst(zone.freeArea[order].freeList) as Page;
  kernel.listDel(page.lru);
  zone.freeArea[order].nrFree -= 1;
  page.flags &= ~(1 << kernel.PG_private);
  page.private = 0;
  return page;
}
