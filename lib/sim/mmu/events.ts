// What the MMU part reports: accesses, walks, faults, the TLB, page tables that come and go.

export type TlbArrayName = "data" | "instruction" | "large";

export interface WalkStep {
  readonly level: "pgd" | "pud" | "pmd" | "pte";
  /** Physical address of the entry, and its two words before the walk (`high` 0 unless entries have 8 bytes). */
  readonly entry: number;
  readonly low: number;
  readonly high: number;
  /** Bits the walk set in it: A 0x20, D 0x40. */
  readonly set: number;
}

export type MmuEvent =
  /** A PTE page for the slot that starts at `address` was made, or given back. */
  | { readonly kind: "pte-page"; readonly address: number; readonly pfn: number; readonly made: boolean }
  /** The TLB knew the page. */
  | { readonly kind: "tlb-hit"; readonly address: number; readonly array: TlbArrayName; readonly paddr: number }
  /** The TLB did not know the page, or (dirty) only as a clean one that is now written: the tables are to be walked. */
  | {
      readonly kind: "tlb-miss";
      readonly address: number;
      readonly array: TlbArrayName;
      readonly set: number;
      readonly why: "miss" | "dirty";
    }
  /** The walk has read the entry of one level. `set` is 0: bits are set when the whole walk has succeeded. */
  | ({ readonly kind: "walk-level"; readonly address: number; readonly depth: number } & WalkStep)
  /** The tables were walked: the TLB did not know the page, or only to set D. `paddr` null: it ended in a fault. */
  | {
      readonly kind: "page-walk";
      readonly address: number;
      readonly why: "miss" | "dirty";
      readonly steps: readonly WalkStep[];
      readonly paddr: number | null;
    }
  /** A translation was loaded; `evicted` is the page number that made room for it. */
  | {
      readonly kind: "tlb-fill";
      readonly array: TlbArrayName;
      readonly set: number;
      readonly vpn: number;
      readonly pfn: number;
      readonly evicted: number | null;
    }
  /** The access was refused. `from` tlb: by a cached translation, which is gone now. */
  | { readonly kind: "mmu-fault"; readonly address: number; readonly error: number; readonly from: "tlb" | "walk" }
  /** Translations were forgotten: one page (invlpg), all that are not global (CR3 was loaded), or all. */
  | {
      readonly kind: "tlb-flush";
      readonly what: "page" | "cr3" | "all";
      readonly address: number | null;
      readonly dropped: number;
    }
  /** A process's top table got the master's directory entry for a kernel address. */
  | { readonly kind: "vmalloc-fault"; readonly address: number; readonly entry: number };
