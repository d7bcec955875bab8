import { listFirst, listNext, MAX_ORDER, type Page, pageAt, pageIndex, pageOrder, pagePrivate, type Zone } from "kernel";

/** One broken rule. `pfn` and `order` are -1 where the rule has none. */
export interface Violation {
  rule: string;
  pfn: number;
  order: number;
}

/**
 * Every rule that the zone's free lists break, in any order, each once. A sound zone: an empty array. Change nothing.
 *
 *   free-pages        zone.freePages is not the number of pages in all listed blocks     pfn -1, order -1
 *   nr-free           nrFree of an order is not the length of its list                    pfn -1, order of the list
 *   misaligned-block  a listed block's index is not a multiple of its size                pfn of its head, order of the list
 *   unmarked-block    the head of a listed block has no PG_private                        pfn of its head, order of the list
 *   wrong-order-mark  the head has PG_private, but `private` is another order             pfn of its head, order of the list
 *   unmerged-buddies  two buddies are on one list, below order MAX_ORDER - 1              pfn of the lower one, order of the list
 *   stale-mark        a page has PG_private but heads no listed block                     its pfn, its `private`
 *
 * The size of a listed block follows from its list, not from its mark. Links are never damaged, so a walk ends.
 */
export function checkZone(zone: Zone): Violation[] {
  const violations: Violation[] = [];
  // Walk each list: for (let page = listFirst(list); page !== null; page = listNext(page, list)) ...
  return violations;
}
