import * as kernel from "kernel";
import type { Page, Zone } from "kernel";

type Violation = { rule: string; pfn: number; order: number };

// First a map "page index -> order of the list it heads a block on", then every rule reads the map.
export function checkZone(zone: Zone): Violation[] {
  const listed = new Map<number, number>();
  const lengths = new Array<number>(kernel.MAX_ORDER).fill(0);
  zone.freeArea.forEach((area, order) => {
    let page = kernel.listFirst(area.freeList);
    while (page) {
      listed.set(kernel.pageIndex(zone, page), order);
      lengths[order]++;
      page = kernel.listNext(page, area.freeList);
    }
  });

  const out: Violation[] = [];
  let pages = 0;
  lengths.forEach((length, order) => {
    pages += length << order;
    if (zone.freeArea[order].nrFree !== length) out.push({ rule: "nr-free", pfn: -1, order });
  });
  if (pages !== zone.freePages) out.push({ rule: "free-pages", pfn: -1, order: -1 });

  for (let index = 0; index < zone.spannedPages; index++) {
    const page = kernel.pageAt(zone, index) as Page;
    const marked = (page.flags & (1 << kernel.PG_private)) !== 0;
    const order = listed.get(index);
    if (order === undefined) {
      if (marked) out.push({ rule: "stale-mark", pfn: page.pfn, order: page.private });
      continue;
    }
    if (!marked) out.push({ rule: "unmarked-block", pfn: page.pfn, order });
    if (marked && page.private !== order) out.push({ rule: "wrong-order-mark", pfn: page.pfn, order });
    if (index & ((1 << order) - 1)) out.push({ rule: "misaligned-block", pfn: page.pfn, order });
    else if (order < 10 && (index & (1 << order)) === 0 && listed.get(index ^ (1 << order)) === order)
      out.push({ rule: "unmerged-buddies", pfn: page.pfn, order });
  }
  return out;
}
