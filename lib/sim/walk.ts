// Bounded walks over the lists of a memory that somebody else may have corrupted.
// Theory: every page is visited at most once a walk (a stamp per page says so), so a walk ends after at most as many steps as the
//         zone has pages. Whatever stops it, or looks wrong on the way, is a finding with the place.
import type { Finding } from "./finding";
import type { BuddyMachine } from "./machine";
import { badRange, pageToPfn } from "./machine";
import { page as pageStruct } from "./structs";

const LRU = pageStruct.offset.lru;
const PAGE = pageStruct.size;

/** `free_area[2]`, `hot` or `cold`. */
export type ListLabel = string;

/**
 * The pages of a list, head first, as page indices within the zone; stops before the first link that leads nowhere or back.
 * @param visited one flag a page; pages met here are set, so one array for several lists also finds pages on two lists.
 */
export function walkList(
  m: BuddyMachine,
  head: number,
  list: ListLabel,
  order: number,
  visited: Uint8Array,
  findings: Finding[],
): number[] {
  const w = m.memory.u32;
  const indices: number[] = [];
  let previous = head;
  let pfn = -1;
  for (let entry = w[head >>> 2]!; ; entry = w[entry >>> 2]!) {
    if (entry === head) {
      if (w[(head >>> 2) + 1] !== previous) findings.push({ rule: "link-mismatch", args: { list, order, pfn } });
      return indices;
    }
    if (badRange(m, entry - LRU)) {
      findings.push({ rule: "wild-link", args: { list, order, pfn, address: entry } });
      return indices;
    }
    const index = (entry - LRU - m.memMap) / PAGE;
    pfn = pageToPfn(m, entry - LRU);
    if (visited[index] === 1) {
      findings.push({ rule: indices.includes(index) ? "list-cycle" : "two-lists", args: { list, order, pfn } });
      return indices;
    }
    if (w[(entry >>> 2) + 1] !== previous) findings.push({ rule: "link-mismatch", args: { list, order, pfn } });
    visited[index] = 1;
    indices.push(index);
    previous = entry;
  }
}
