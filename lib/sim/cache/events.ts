// What happened to files, the page cache and its writes. `ino` 0 stands for the swap cache, whose index is a swap entry.

export type CacheEvent =
  /** A page went into the cache of a file. */
  | { readonly kind: "cache-add"; readonly pfn: number; readonly ino: number; readonly index: number }
  /** A page left the cache of a file. */
  | { readonly kind: "cache-remove"; readonly pfn: number; readonly ino: number; readonly index: number }
  /** A clean page became dirty. */
  | { readonly kind: "page-dirty"; readonly pfn: number };
