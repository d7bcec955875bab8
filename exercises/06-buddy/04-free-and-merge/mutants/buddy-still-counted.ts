// en: nrFree still counts the buddy that was merged away.
// zh-CN: nrFree 仍然计入已被合并掉的伙伴。
import { listAdd, listDel, MAX_ORDER, type Page, pageAt, pageIndex, pageIsBuddy, rmvPageOrder, setPageOrder, type Zone } from "kernel";

export function freePagesBulk(zone: Zone, page: Page, order: number): void {
  let index = pageIndex(zone, page);
  zone.freePages += 1 << order;
  while (order < MAX_ORDER - 1) {
    const buddyIndex = index ^ (1 << order);
    const buddy = pageAt(zone, buddyIndex);
    if (buddy === null || !pageIsBuddy(buddy, order)) break;
    listDel(buddy);
    rmvPageOrder(buddy);
    index &= buddyIndex;
    order++;
  }
  const merged = pageAt(zone, index)!;
  setPageOrder(merged, order);
  listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
