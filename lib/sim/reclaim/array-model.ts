// Reclaim on plain arrays, straight from the prose: something independent for tests to agree with.
// Source:     domain.md 9.2, 9.4, 9.5 (rules R2, R4, R5); not used by the machine.
// Simplified: writes always succeed and end later; unmapping always succeeds; nobody holds extra references.
import { swapTendency } from "./swap-tendency";

export interface ModelPage {
  readonly id: number;
  readonly anon: boolean;
  mapped: number;
  active: boolean;
  referenced: boolean;
  /** An accessed bit in some page table. */
  young: boolean;
  dirty: boolean;
  writeback: boolean;
  swapcache: boolean;
}

export interface ModelLists {
  /** Head first. */
  active: ModelPage[];
  inactive: ModelPage[];
}

export interface ModelEnv {
  readonly nrMapped: number;
  readonly totalMemory: number;
  readonly prevPriority: number;
  readonly swappiness: number;
  readonly totalSwapPages: number;
  freeSlots: number;
}

/** R2: what one use makes of a page. */
export function markAccessed(lists: ModelLists, page: ModelPage): void {
  if (page.active || !page.referenced) page.referenced = true;
  else {
    page.referenced = false;
    page.active = true;
    lists.inactive.splice(lists.inactive.indexOf(page), 1);
    lists.active.unshift(page);
  }
}

/** R4: looks at the last `n` active pages, from the tail. */
export function refillInactive(lists: ModelLists, n: number, env: ModelEnv): void {
  const { reclaimMapped } = swapTendency(env.nrMapped, env.totalMemory, env.prevPriority, env.swappiness);
  const taken = lists.active.splice(Math.max(lists.active.length - n, 0)).reverse();
  for (const page of taken) {
    const stays =
      page.mapped > 0 && (!reclaimMapped || (env.totalSwapPages === 0 && page.anon) || takeReferenced(page));
    page.active = stays;
    lists[stays ? "active" : "inactive"].unshift(page);
  }
}

/** R5: one portion of 32 from the tail. @returns what became of each, oldest first. */
export function shrinkOnce(
  lists: ModelLists,
  env: ModelEnv,
): { id: number; verdict: "keep" | "activate" | "free"; row: number }[] {
  const taken = lists.inactive.splice(Math.max(lists.inactive.length - 32, 0)).reverse();
  const decisions = taken.map((page) => ({ id: page.id, ...judge(page, env) }));
  for (const [index, page] of taken.entries()) {
    const { verdict } = decisions[index]!;
    if (verdict === "free") continue;
    page.active = verdict === "activate";
    lists[page.active ? "active" : "inactive"].unshift(page);
  }
  return decisions;
}

function judge(page: ModelPage, env: ModelEnv): { verdict: "keep" | "activate" | "free"; row: number } {
  if (page.writeback) return { verdict: "keep", row: 3 };
  const referenced = takeReferenced(page);
  if (referenced && (page.mapped > 0 || page.swapcache)) return { verdict: "activate", row: 4 };
  if (page.anon && !page.swapcache) {
    if (env.freeSlots === 0) return { verdict: "activate", row: 5 };
    env.freeSlots--;
    page.swapcache = true;
    page.dirty = true;
  }
  page.mapped = 0;
  if (!page.dirty) return { verdict: "free", row: 11 };
  if (!referenced) {
    page.dirty = false;
    page.writeback = true;
  }
  return { verdict: "keep", row: 7 };
}

/** page_referenced: whether it was used; forgets it. */
function takeReferenced(page: ModelPage): boolean {
  const used = page.referenced || page.young;
  page.referenced = false;
  page.young = false;
  return used;
}
