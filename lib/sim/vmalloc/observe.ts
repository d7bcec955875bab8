// The kernel's own mappings as plain data: what a figure draws and a verdict compares.

export interface VmAreaState {
  readonly addr: number;
  /** Bytes, with the guard page. */
  readonly size: number;
  readonly flags: number;
  /** Frames in order of their addresses, as the page table has them; null where nothing is mapped. Without the guard page. */
  readonly pages: readonly (number | null)[];
  /** Where the page array came from; null for an area without. */
  readonly array: "kmalloc" | "vmalloc" | null;
}

export interface PkmapEntry {
  readonly entry: number;
  /** 1 unmapped but perhaps in the TLB, n: n - 1 users. */
  readonly count: number;
  readonly pfn: number | null;
}

export interface VmallocState {
  readonly range: { readonly start: number; readonly end: number };
  readonly areas: readonly VmAreaState[];
  readonly pkmap: {
    readonly base: number;
    readonly last: number;
    /** Where the search stands. */
    readonly lastNr: number;
    readonly flushes: number;
    /** Entries that are not free. */
    readonly entries: readonly PkmapEntry[];
  };
  /** Slots of the fixmap that map a frame. */
  readonly fixmap: readonly { readonly slot: number; readonly address: number; readonly pfn: number }[];
}
