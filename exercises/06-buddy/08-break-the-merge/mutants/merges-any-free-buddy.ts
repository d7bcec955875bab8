// en: A free buddy is merged whatever its order.
// zh-CN: 只要伙伴空闲就合并，不管它是几阶。
import { listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageOrder, pagePrivate, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  let index = pageIndex(zone, page);
  zone.freePages += 1 << order;
  while (order < MAX_ORDER - 1) {
    const buddyIndex = index ^ (1 << order);
    const buddy = pageAt(zone, buddyIndex);
    if (buddy === null || !pagePrivate(buddy)) break;
    listDel(buddy);
    zone.freeArea[pageOrder(buddy)].nrFree--;
    rmvPageOrder(buddy);
    index &= buddyIndex;
    order++;
  }
  const merged = pageAt(zone, index)!;
  setPageOrder(merged, order);
  listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
