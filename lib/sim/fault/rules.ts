// What later kernels do differently in copy on write and in fork, as data: the code asks here instead of comparing versions.
// Source:     Linux 2.6.11 mm/swapfile.c (can_share_swap_page), mm/memory.c (do_wp_page, copy_page_range); the same names in 2.6.18;
//             Linux 6.18 mm/memory.c (wp_can_reuse_anon_folio, vma_needs_copy)
// Simplified: of 6.18 only the decisions. It remembers "belongs to nobody else" in a page flag, which spares it a fault now and then
//             between exec and the first fork, and it drains pages waiting for the LRU before it counts.
import type { Kernel } from "../kernel";

export interface CowRules {
  /**
   * When a write to a protected page needs no copy. "references": nobody holds the page but this entry (and its swap cache).
   * "mappings": it is anonymous, nothing else maps it, and no swap entry will.
   */
  readonly reuse: "references" | "mappings";
  /** Which page tables fork copies. "anonymous": only of areas that ever had an anonymous page; faults bring the others back. */
  readonly forkTables: "all" | "anonymous";
}

const kernelRules: Readonly<Record<"2.6.11" | "2.6.18" | "6.18", CowRules>> = {
  "2.6.11": { reuse: "references", forkTables: "all" },
  "2.6.18": { reuse: "mappings", forkTables: "anonymous" },
  "6.18": { reuse: "mappings", forkTables: "anonymous" },
};

export function cowRules(k: Kernel): CowRules {
  const { addressSpace, profile } = k.config;
  return kernelRules[addressSpace === "profile" ? profile : addressSpace];
}
