// en: A buddy counts as free when nobody references its first page; pages inside larger blocks do too.
// zh-CN: 只要没人引用伙伴的首页就算它空闲；大块内部的页面也因此被当作空闲。
import { listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex,  rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  let index = pageIndex(zone, page);
  zone.freePages += 1 << order;
  while (order < MAX_ORDER - 1) {
    const buddyIndex = index ^ (1 << order);
    const buddy = pageAt(zone, buddyIndex);
    if (buddy === null || buddy.count !== 0) break;
    listDel(buddy);
    zone.freeArea[order].nrFree--;
    rmvPageOrder(buddy);
    index &= buddyIndex;
    order++;
  }
  const merged = pageAt(zone, index)!;
  setPageOrder(merged, order);
  listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
