// en: The search starts one order too high, so a block of exactly the right size is passed over.
// zh-CN: 从高一阶开始找，错过了大小正好的块。
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
  for (let current = order === MAX_ORDER - 1 ? order : order + 1; current < MAX_ORDER; current++) {
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
