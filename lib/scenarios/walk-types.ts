// What the page walk scene is made of: configuration, operations, state.
import type { MmuState } from "@/lib/sim/mmu/observe";
import type { TlbPolicy } from "@/lib/sim/mmu/tlb-structs";

/** Two levels, three with PAE, four as on x86-64. */
export const walkModes = ["two", "pae", "four"] as const;
export type WalkMode = (typeof walkModes)[number];
export const processes = ["a", "b"] as const;
export type Process = (typeof processes)[number];
export const accessKinds = ["read", "write", "fetch"] as const;
export type AccessKind = (typeof accessKinds)[number];
export const rightsNames = ["rw", "ro", "kernel"] as const;
export type Rights = (typeof rightsNames)[number];

/** The TLB for small pages has sets x ways entries, for code and data; beside it stand two for large pages. */
export interface WalkConfig {
  readonly mode: WalkMode;
  readonly sets: number;
  readonly ways: number;
  readonly policy: TlbPolicy;
  /** Entries carry the number of their process, so that a switch keeps them: not on processors of 2.6.11's time. */
  readonly asid: "on" | "off";
}

export type As = "user" | "kernel";
export type Flush = "flush" | "noflush";

export type WalkOp =
  | { readonly op: AccessKind; readonly address: number; readonly as: As }
  /** A new page of the running process at this address. `kernel`: not for users. */
  | { readonly op: "map"; readonly address: number; readonly rights: Rights }
  | { readonly op: "protect"; readonly address: number; readonly rights: Rights; readonly flush: Flush }
  | { readonly op: "unmap"; readonly address: number; readonly flush: Flush }
  | { readonly op: "switch"; readonly process: Process }
  | { readonly op: "invlpg"; readonly address: number }
  /** cr3: everything that is not global; all: everything. */
  | { readonly op: "flush"; readonly what: "cr3" | "all" };

export interface WalkRow {
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

/** One level of the address that was used last. */
export interface LevelView {
  readonly name: "pgd" | "pud" | "pmd" | "pte";
  readonly shift: number;
  readonly bits: number;
  readonly index: number;
  /** Physical addresses of the table and of its entry; null where the walk does not come. */
  readonly table: number | null;
  readonly entry: number | null;
  /** The entry with two neighbours on each side; null beyond the ends of the table. Empty where the walk does not come. */
  readonly rows: readonly (WalkRow | null)[];
  /** What the entry does: leads to a table, maps a page or a large one, is absent; or the walk does not come here. */
  readonly leads: "table" | "page" | "large" | "absent" | "nowhere";
}

export interface Focus {
  readonly address: number;
  /** Null before the first access. */
  readonly access: AccessKind | null;
  readonly as: As;
}

export type Outcome =
  | { readonly kind: "done"; readonly paddr: number }
  | { readonly kind: "fault"; readonly error: number };

export interface WalkState {
  readonly mode: WalkMode;
  readonly asid: "on" | "off";
  readonly process: Process;
  readonly focus: Focus;
  readonly levels: readonly LevelView[];
  /** log2 of the size of the page that the tables map there; null if they map none. */
  readonly pageShift: number | null;
  /** How the access ended; null while it runs and after other operations. */
  readonly outcome: Outcome | null;
  readonly mmu: MmuState;
  readonly mapped: readonly {
    readonly process: Process;
    readonly address: number;
    readonly pfn: number;
    readonly flags: number;
  }[];
}
