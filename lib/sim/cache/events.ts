// What happened to files, the page cache and its writes. `ino` 0 stands for the swap cache, whose index is a swap entry.

export type CacheEvent =
  /** A page went into the cache of a file. */
  | { readonly kind: "cache-add"; readonly pfn: number; readonly ino: number; readonly index: number }
  /** A page left the cache of a file. */
  | { readonly kind: "cache-remove"; readonly pfn: number; readonly ino: number; readonly index: number }
  /** Pages of a file are read before they are asked for, or around a fault: `pages` of them, none before page `offset`. */
  | { readonly kind: "read-ahead"; readonly ino: number; readonly offset: number; readonly pages: number }
  /** A fault got its page from the cache; `major` if it had to be read. */
  | {
      readonly kind: "file-nopage";
      readonly pfn: number;
      readonly ino: number;
      readonly index: number;
      readonly major: boolean;
    }
  /** A clean page became dirty. */
  | { readonly kind: "page-dirty"; readonly pfn: number }
  /** A page was read from a device. */
  | { readonly kind: "io-read"; readonly pfn: number }
  /** The write of a page began (and with synchronous devices ended). */
  | { readonly kind: "io-write"; readonly pfn: number }
  /** A write that was under way has ended. */
  | { readonly kind: "io-done"; readonly pfn: number }
  /** A writer is above the upper limit of dirty pages and must write some itself. In pages. */
  | { readonly kind: "throttle"; readonly dirty: number; readonly writeback: number; readonly limit: number }
  /** pdflush was asked to write, `pages` at least. */
  | { readonly kind: "pdflush-wake"; readonly pages: number }
  /** pdflush has run and started that many writes. */
  | { readonly kind: "pdflush"; readonly pages: number }
  /** Somebody slept until the devices had time to catch up. */
  | { readonly kind: "nap"; readonly jiffies: number }
  /** A file is longer or shorter now. Bytes. */
  | { readonly kind: "file-size"; readonly ino: number; readonly before: number; readonly after: number }
  /** A file has lost its name: its contents go with its last user. */
  | { readonly kind: "unlink"; readonly ino: number }
  /** An unused inode was given back. */
  | { readonly kind: "inode-pruned"; readonly ino: number };
