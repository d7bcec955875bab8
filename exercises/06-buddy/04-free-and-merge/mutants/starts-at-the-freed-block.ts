// en: The merged block is taken to start at the block just freed, even if its buddy lies below.
// zh-CN: 以为合并后的块从刚释放的块开始，即使伙伴在它前面。
import { listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageIsBuddy, rmvPageOrder, setPageOrder, type Zone } from "kernel";

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
    order++;
  }
  const merged = pageAt(zone, index)!;
  setPageOrder(merged, order);
  listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
