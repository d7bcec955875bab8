// The observable state of a buddy machine: what a verdict compares and a figure draws. Plain data; observe-buddy.ts decodes it.
import type { Finding } from "./finding";

export interface PcpListState {
  /** Absolute pfns, head first. */
  readonly list: readonly number[];
  readonly count: number;
  readonly low: number;
  readonly high: number;
  readonly batch: number;
}

export interface Block {
  readonly pfn: number;
  readonly order: number;
}

export interface BuddyState {
  readonly kind: "buddy";
  /** First pfn of the zone, and its size in pages. */
  readonly startPfn: number;
  readonly pages: number;
  /** Index = order; absolute pfns of block heads, head of the list first. A walk that had to stop is in `findings`. */
  readonly freeLists: readonly (readonly number[])[];
  readonly nrFree: readonly number[];
  readonly freePages: number;
  readonly pcp: { readonly hot: PcpListState; readonly cold: PcpListState } | null;
  /** Pages that carry PG_private, with their `private` (the order they claim to head a free block of), ascending. */
  readonly marks: readonly Block[];
  /** Blocks handed out and not yet freed, ascending. Known to the trace, not to the allocator. */
  readonly allocated: readonly Block[];
  /** Pages that are never free (holes). */
  readonly reserved: readonly number[];
  readonly findings: readonly Finding[];
}
