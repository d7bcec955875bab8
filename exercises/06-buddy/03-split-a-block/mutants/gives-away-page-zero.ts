// en: A request that cannot be served is given the first page of the zone instead of null.
// zh-CN: 无法满足的请求得到了内存区的第一页，而不是 null。
import { listAdd, listDel, listFirst, MAX_ORDER, type Page, pageAt, pageIndex, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function expand(zone: Zone, page: Page, low: number, high: number): Page {
  const index = pageIndex(zone, page);
  let size = 1 << high;
  for (let order = high - 1; order >= low; order--) {
    size >>= 1;
    const upper = pageAt(zone, index + size)!;
    const area = zone.freeArea[order];
    setPageOrder(upper, order);
    listAdd(upper, area.freeList);
    area.nrFree++;
  }
  return page;
}

export function rmqueue(zone: Zone, order: number): Page | null {
  for (let current = order; current < MAX_ORDER; current++) {
    const area = zone.freeArea[current];
    const page = listFirst(area.freeList);
    if (page === null) continue;
    listDel(page);
    rmvPageOrder(page);
    area.nrFree--;
    zone.freePages -= 1 << order;
    return expand(zone, page, order, current);
  }
  return pageAt(zone, 0);
}
