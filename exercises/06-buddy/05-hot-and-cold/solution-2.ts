import * as kernel from "kernel";
import { COLD, HOT, type Page, type PerCpuPages, type Zone } from "kernel";

// Refill and drain as functions of their own; both return how many pages they moved.
export function bufferedRmqueue(zone: Zone, cold: boolean): Page | null {
  const pcp = zone.pageset[cold ? COLD : HOT];
  if (!(pcp.count > pcp.low)) pcp.count += refill(zone, pcp);
  if (pcp.count === 0) return kernel.rmqueue(zone, 0);
  const page = kernel.listFirst(pcp.list) as Page;
  kernel.listDel(page.lru);
  pcp.count -= 1;
  return page;
}

export function freeHotColdPage(zone: Zone, page: Page, cold: boolean): void {
  const pcp = zone.pageset[cold ? COLD : HOT];
  if (!(pcp.count < pcp.high)) pcp.count -= drain(zone, pcp);
  kernel.listAdd(page.lru, pcp.list);
  pcp.count += 1;
}

function refill(zone: Zone, pcp: PerCpuPages): number {
  let moved = 0;
  for (let page: Page | null; moved < pcp.batch && (page = kernel.rmqueue(zone, 0)) !== null; moved++) {
    kernel.listAddTail(page.lru, pcp.list);
  }
  return moved;
}

function drain(zone: Zone, pcp: PerCpuPages): number {
  let moved = 0;
  while (moved < pcp.batch && !kernel.listEmpty(pcp.list)) {
    const page = kernel.listLast(pcp.list) as Page;
    kernel.listDel(page.lru);
    kernel.freePagesBulk(zone, page, 0);
    moved++;
  }
  return moved;
}
