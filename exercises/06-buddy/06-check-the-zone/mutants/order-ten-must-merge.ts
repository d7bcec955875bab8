// en: Two blocks of the largest order are reported as unmerged buddies.
// zh-CN: 把两个最大阶的块报告为未合并的伙伴。
import { listFirst, listNext, MAX_ORDER, type Page, pageAt, pageIndex, pageOrder, pagePrivate, type Zone } from "kernel";

interface Violation {
  rule: string;
  pfn: number;
  order: number;
}

export function checkZone(zone: Zone): Violation[] {
  const violations: Violation[] = [];
  const heads = new Set<number>();
  let freePages = 0;
  for (let order = 0; order < MAX_ORDER; order++) {
    const blocks = blocksOf(zone, order);
    const starts = new Set(blocks.map((page) => pageIndex(zone, page)));
    const size = 2 ** order;
    freePages += blocks.length * size;
    if (zone.freeArea[order].nrFree !== blocks.length) violations.push({ rule: "nr-free", pfn: -1, order });
    for (const page of blocks) {
      const index = pageIndex(zone, page);
      const found = (rule: string) => violations.push({ rule, pfn: page.pfn, order });
      heads.add(index);
      if (index % size !== 0) found("misaligned-block");
      if (!pagePrivate(page)) found("unmarked-block");
      else if (pageOrder(page) !== order) found("wrong-order-mark");
      const isLower = index % (2 * size) === 0;
      if (isLower && starts.has(index + size)) found("unmerged-buddies");
    }
  }
  if (zone.freePages !== freePages) violations.push({ rule: "free-pages", pfn: -1, order: -1 });
  for (let index = 0; index < zone.spannedPages; index++) {
    const page = pageAt(zone, index)!;
    if (pagePrivate(page) && !heads.has(index)) violations.push({ rule: "stale-mark", pfn: page.pfn, order: pageOrder(page) });
  }
  return violations;
}

function blocksOf(zone: Zone, order: number): Page[] {
  const { freeList } = zone.freeArea[order];
  const blocks: Page[] = [];
  for (let page = listFirst(freeList); page !== null; page = listNext(page, freeList)) blocks.push(page);
  return blocks;
}
