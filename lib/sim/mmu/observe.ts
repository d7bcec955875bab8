// The MMU as plain data: what a figure draws and a verdict compares.

export interface WalkEntryState {
  readonly level: "pgd" | "pud" | "pmd" | "pte";
  readonly index: number;
  /** Physical address and the two words of the entry; `high` is 0 unless entries have 8 bytes. */
  readonly address: number;
  readonly low: number;
  readonly high: number;
}

/** Where an address leads, looked at without touching anything. */
export interface WalkState {
  readonly entries: readonly WalkEntryState[];
  /** null: not present. */
  readonly paddr: number | null;
  readonly pageShift: number;
  readonly user: boolean;
  readonly write: boolean;
  readonly global: boolean;
}

export interface TlbEntryState {
  readonly set: number;
  readonly way: number;
  readonly vpn: number;
  readonly pfn: number;
  readonly user: boolean;
  readonly write: boolean;
  readonly dirty: boolean;
  readonly global: boolean;
  readonly asid: number;
  /** 0 for the most recently used of its set. */
  readonly age: number;
}

export interface TlbArrayState {
  readonly name: "data" | "instruction" | "large";
  readonly sets: number;
  readonly ways: number;
  readonly policy: string;
  /** log2 of the page size. */
  readonly pageShift: number;
  readonly entries: readonly TlbEntryState[];
}

export interface MmuState {
  readonly cr0: number;
  readonly cr2: number;
  readonly cr3: number;
  readonly cr4: number;
  readonly counters: Readonly<
    Record<"hits" | "misses" | "d_walks" | "walk_refs" | "faults" | "invlpg" | "cr3_loads" | "flush_all", number>
  >;
  readonly tlb: readonly TlbArrayState[];
}
