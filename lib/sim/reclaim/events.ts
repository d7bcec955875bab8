// What happened on the LRU lists and in reclaim.

export type LruListName = "active" | "inactive";

/** Why `refillInactiveZone` left a page active (calm: mapped pages are spared; no-swap; used) or not (unmapped; unused). */
export type RefillReason = "calm" | "no-swap" | "used" | "unmapped" | "unused";

/** The row of the table in shrink-list.ts that decided. */
export type ShrinkRow = 1 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;
export type ShrinkVerdict = "keep" | "activate" | "free";
export type ShrinkReason =
  | "locked"
  | "writeback"
  | "in-use"
  | "no-swap"
  | "cannot-unmap"
  | "partly-unmapped"
  | "dirty-referenced"
  | "may-not-write"
  | "laptop-mode"
  | "write-impossible-now"
  | "cannot-be-written"
  | "write-started"
  | "buffers-busy"
  | "only-buffers"
  | "no-mapping"
  | "other-references"
  | "dirty-again"
  | "unused";

export type ReclaimEvent =
  /** A page reached the head of a list. */
  | { readonly kind: "lru-add"; readonly pfn: number; readonly list: LruListName }
  /** An inactive page that was used twice went to the head of the active list. */
  | { readonly kind: "lru-activate"; readonly pfn: number }
  /** First use of the page: it is marked referenced. */
  | { readonly kind: "lru-referenced"; readonly pfn: number }
  /** Written for reclaim and done: the page went to the tail of the inactive list. */
  | { readonly kind: "lru-rotate"; readonly pfn: number }
  /** A batch of waiting pages reached its list. */
  | { readonly kind: "lru-drain"; readonly pages: number }
  /** The tail of a zone's active list is looked at. `startPfn` names the zone. */
  | {
      readonly kind: "refill-inactive";
      readonly startPfn: number;
      readonly pages: number;
      readonly distress: number;
      readonly mappedRatio: number;
      readonly tendency: number;
      readonly reclaimMapped: boolean;
    }
  | { readonly kind: "refill-page"; readonly pfn: number; readonly to: LruListName; readonly why: RefillReason }
  /** The tail of a zone's inactive list is looked at. */
  | { readonly kind: "shrink-cache"; readonly startPfn: number; readonly pages: number }
  | {
      readonly kind: "shrink-page";
      readonly pfn: number;
      readonly verdict: ShrinkVerdict;
      readonly row: ShrinkRow;
      readonly why: ShrinkReason;
    }
  /** A zone is scanned at this priority: so many pages of each list, 0 while too few have come together. */
  | {
      readonly kind: "shrink-zone";
      readonly startPfn: number;
      readonly priority: number;
      readonly active: number;
      readonly inactive: number;
    }
  /** A shrinker was asked to look at so many of its objects. */
  | { readonly kind: "shrink-slab"; readonly name: string; readonly scan: number; readonly objects: number }
  /** kswapd (or a request) goes over the zones; in kswapd's case up to zone `endZone`, because that one is low. */
  | {
      readonly kind: "reclaim-round";
      readonly by: "kswapd" | "direct";
      readonly priority: number;
      readonly endZone: number;
    }
  /** Everything in the zone was looked at several times in vain; it is left alone until something is freed in it. */
  | { readonly kind: "all-unreclaimable"; readonly startPfn: number }
  /** kswapd goes to sleep. In pages. */
  | { readonly kind: "kswapd-sleep"; readonly reclaimed: number };
