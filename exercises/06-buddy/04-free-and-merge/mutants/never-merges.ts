// en: Blocks are freed but never merged.
// zh-CN: 块被释放，却从不合并。
import { listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageIsBuddy, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  let index = pageIndex(zone, page);
  zone.freePages += 1 << order;
  while (false) {
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
  listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
