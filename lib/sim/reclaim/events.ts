// What happened on the LRU lists and in reclaim.

export type LruListName = "active" | "inactive";

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
  | { readonly kind: "lru-drain"; readonly pages: number };
