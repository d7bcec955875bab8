// What happens to the kernel's own mappings, for narration.

export type VmallocEvent =
  /** A place for `size` bytes (guard page included) was looked for; `passed` areas lie before it. `addr` null: there is none. */
  | { readonly kind: "vm-area"; readonly addr: number | null; readonly size: number; readonly passed: number }
  /** Pages were mapped one after the other; their list came from `array`. */
  | { readonly kind: "vmalloc"; readonly addr: number; readonly pages: number; readonly array: "kmalloc" | "vmalloc" }
  | { readonly kind: "vmap"; readonly addr: number; readonly pages: number }
  /** A request could not be served: too large, no place, no memory. */
  | { readonly kind: "vmalloc-failed"; readonly bytes: number; readonly reason: "size" | "range" | "memory" }
  /** `ptes` entries were cleared and the area is gone; its table pages stay. `freed` pages went back. */
  | { readonly kind: "vfree"; readonly addr: number; readonly ptes: number; readonly freed: number }
  | { readonly kind: "vfree-refused"; readonly addr: number; readonly reason: "misaligned" | "unknown" }
  /** A page of high memory got entry `entry`, or had it already (`reused`); `count` is its counter afterwards. */
  | {
      readonly kind: "kmap";
      readonly pfn: number;
      readonly entry: number;
      readonly count: number;
      readonly reused: boolean;
    }
  | { readonly kind: "kunmap"; readonly pfn: number; readonly entry: number; readonly count: number }
  /** The search began anew at entry 0: entries with counter 1 were cleared, the TLB was flushed. */
  | { readonly kind: "kmap-flush"; readonly cleared: number }
  /** Every entry is in use: the caller must sleep until one is released. */
  | { readonly kind: "kmap-sleep"; readonly pfn: number }
  /** The entry stays until the slot is used again; a debug build clears it. */
  | {
      readonly kind: "kunmap-atomic";
      readonly slot: number;
      readonly address: number;
      readonly entry: "kept" | "cleared";
    }
  /** `replaced`: the page whose mapping this destroyed. */
  | {
      readonly kind: "kmap-atomic";
      readonly pfn: number;
      readonly slot: number;
      readonly address: number;
      readonly replaced: number | null;
    };
