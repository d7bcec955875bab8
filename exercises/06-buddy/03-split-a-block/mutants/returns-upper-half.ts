// en: The caller gets the upper half of the block; the lower halves go back to the lists.
// zh-CN: 把块的上半部分交给调用者，下半部分放回链表。
import { listAdd, listDel, listFirst, MAX_ORDER, type Page, pageAt, pageIndex, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function expand(zone: Zone, page: Page, low: number, high: number): Page {
  let index = pageIndex(zone, page);
  let size = 1 << high;
  for (let order = high - 1; order >= low; order--) {
    size >>= 1;
    const upper = pageAt(zone, index)!;
    index += size;
    const area = zone.freeArea[order];
    setPageOrder(upper, order);
    listAdd(upper, area.freeList);
    area.nrFree++;
  }
  return pageAt(zone, index)!;
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
  return null;
}
