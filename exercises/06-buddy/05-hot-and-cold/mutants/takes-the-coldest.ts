// en: The page is taken from the tail of the list instead of the head.
// zh-CN: 从链表尾部而不是头部取页面。
import { freePagesBulk, listAdd, listAddTail, listDel, listFirst, listLast, type Page, rmqueue, type Zone } from "kernel";

export function bufferedRmqueue(zone: Zone, cold: boolean): Page | null {
  const pcp = cold ? zone.pageset.cold : zone.pageset.hot;
  if (pcp.count <= pcp.low) {
    for (let i = 0; i < pcp.batch; i++) {
      const fresh = rmqueue(zone, 0);
      if (fresh === null) break;
      listAddTail(fresh, pcp.list);
      pcp.count++;
    }
  }
  const page = listLast(pcp.list);
  if (page === null) return rmqueue(zone, 0);
  listDel(page);
  pcp.count--;
  return page;
}

export function freeHotColdPage(zone: Zone, page: Page, cold: boolean): void {
  const pcp = cold ? zone.pageset.cold : zone.pageset.hot;
  if (pcp.count >= pcp.high) {
    for (let i = 0; i < pcp.batch; i++) {
      const last = listLast(pcp.list);
      if (last === null) break;
      listDel(last);
      pcp.count--;
      freePagesBulk(zone, last, 0);
    }
  }
  listAdd(page, pcp.list);
  pcp.count++;
}
