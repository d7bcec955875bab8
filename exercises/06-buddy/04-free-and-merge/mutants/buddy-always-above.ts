// en: Only the block above is tried as buddy.
// zh-CN: 只尝试后面那一块作为伙伴。
import { listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageIsBuddy, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  let index = pageIndex(zone, page);
  zone.freePages += 1 << order;
  while (order < MAX_ORDER - 1) {
    const buddyIndex = index + (1 << order);
    const buddy = pageAt(zone, buddyIndex);
    if (buddy === null || !pageIsBuddy(buddy, order)) break;
    listDel(buddy);
    zone.freeArea[order].nrFree--;
    rmvPageOrder(buddy);
    index = Math.min(index, buddyIndex);
    order++;
  }
  const merged = pageAt(zone, index)!;
  setPageOrder(merged, order);
  listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
