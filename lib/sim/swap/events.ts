// What happened to swap areas, slots and the swap cache. `type` is the number of the area, `slot` the offset in it.

/** How a free slot was found: in the current cluster, at the start of an empty one, as the first free one, or not at all. */
export type ScanHow = "cluster" | "new-cluster" | "first-free" | "full";

export type SwapEvent =
  | {
      readonly kind: "swap-on";
      readonly type: number;
      readonly prio: number;
      readonly pages: number;
      readonly max: number;
    }
  /** `swapon` or `swapoff` failed with `-errno`. */
  | {
      readonly kind: "swap-refused";
      readonly call: "swapon" | "swapoff";
      readonly type: number;
      readonly errno: number;
    }
  /** swapoff began: `inuse` slots have to be emptied. */
  | { readonly kind: "swap-off-start"; readonly type: number; readonly inuse: number }
  /** A used slot was read so that everybody who refers to it gets the page. */
  | {
      readonly kind: "swap-unuse";
      readonly type: number;
      readonly slot: number;
      readonly count: number;
      readonly pfn: number;
    }
  /** A page table entry got its page back. */
  | {
      readonly kind: "swap-unuse-pte";
      readonly type: number;
      readonly slot: number;
      readonly address: number;
      readonly pfn: number;
    }
  | { readonly kind: "swap-off"; readonly type: number }
  /** The window and the borders are those after the search. */
  | {
      readonly kind: "slot-scan";
      readonly type: number;
      readonly how: ScanHow;
      readonly slot: number;
      readonly clusterNr: number;
      readonly lowest: number;
      readonly highest: number;
    }
  /** A slot was handed out; `next` is the area asked first next time. */
  | { readonly kind: "slot-get"; readonly type: number; readonly slot: number; readonly next: number }
  | { readonly kind: "slot-none"; readonly free: number }
  | {
      readonly kind: "slot-dup";
      readonly type: number;
      readonly slot: number;
      readonly count: number;
      readonly stuck: boolean;
    }
  /** A reference was dropped; at 0 the slot is free again. */
  | { readonly kind: "slot-free"; readonly type: number; readonly slot: number; readonly count: number }
  /** An entry names no slot in use. */
  | { readonly kind: "slot-bad"; readonly entry: number; readonly why: "no-area" | "off" | "beyond" | "free" }
  | { readonly kind: "swap-cache-add"; readonly pfn: number; readonly type: number; readonly slot: number }
  | { readonly kind: "swap-cache-del"; readonly pfn: number; readonly type: number; readonly slot: number }
  | { readonly kind: "swap-cache-find"; readonly type: number; readonly slot: number; readonly pfn: number | null }
  | { readonly kind: "swap-read"; readonly pfn: number; readonly type: number; readonly slot: number }
  | { readonly kind: "swap-write"; readonly pfn: number; readonly type: number; readonly slot: number }
  /** Nobody but the cache used slot and page: the slot was given up instead of written. */
  | { readonly kind: "swap-write-needless"; readonly pfn: number; readonly type: number; readonly slot: number }
  /** The window read ahead: `count` slots from `from`. `count` 0: only the wanted one is read. */
  | {
      readonly kind: "swap-readahead";
      readonly type: number;
      readonly slot: number;
      readonly from: number;
      readonly count: number;
    }
  /** May a write go to this page without copying it? */
  | { readonly kind: "swap-share"; readonly pfn: number; readonly count: number; readonly reuse: boolean };
