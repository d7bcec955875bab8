// en: The block is put at the tail of its list instead of the head.
// zh-CN: 块被放到链表尾部，而不是头部。
import { listAddTail, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageIsBuddy, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  let index = pageIndex(zone, page);
  zone.freePages += 1 << order;
  while (order < MAX_ORDER - 1) {
    const buddyIndex = index ^ (1 << order);
    const buddy = pageAt(zone, buddyIndex);
    if (buddy === null || !pageIsBuddy(buddy, order)) break;
    listDel(buddy);
    zone.freeArea[order].nrFree--;
    rmvPageOrder(buddy);
    index &= buddyIndex;
    order++;
  }
  const merged = pageAt(zone, index)!;
  setPageOrder(merged, order);
  listAddTail(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
