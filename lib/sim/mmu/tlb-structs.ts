// How a TLB lies in memory, and which shapes it can have.
// Source:     domain 6.5; Intel IA-32 manual, volume 3, "Translation Lookaside Buffers"
// Simplified: the sizes of the default are those of a P6-class processor as far as they are known; how real parts choose a victim
//             is not documented. Address space identifiers did not exist on i386: an extension.
import { struct } from "../layout";

/** 24 bytes. `used` is a time: of the last hit for LRU, of loading for FIFO. */
export const tlbEntry = struct("tlb_entry", {
  vpn: "u32",
  vpn_high: "u32",
  pfn: "u32",
  /** TLB_* bits; 0 is an empty entry. */
  flags: "u32",
  asid: "u32",
  used: "u32",
});

export const TLB_VALID = 0x001;
/** As all levels of the walk together granted. */
export const TLB_RW = 0x002;
export const TLB_US = 0x004;
/** D was set in the page table when the entry was loaded, or has been set since. */
export const TLB_DIRTY = 0x040;
/** Survives a load of CR3. */
export const TLB_GLOBAL = 0x100;
export const TLB_NX = 0x200;

/** What has happened since boot. */
export const tlbStats = struct("tlb_stats", {
  hits: "u32",
  misses: "u32",
  /** Walks only to set D: a write met an entry loaded while the page was clean. */
  d_walks: "u32",
  /** Page table entries read by walks of misses and D. */
  walk_refs: "u32",
  faults: "u32",
  invlpg: "u32",
  cr3_loads: "u32",
  flush_all: "u32",
});

export const tlbPolicies = ["lru", "plru", "fifo", "random"] as const;
export type TlbPolicy = (typeof tlbPolicies)[number];

export interface TlbArrayGeometry {
  readonly entries: number;
  /** Entries a set; sets = entries / ways. As many as `entries`: fully associative. */
  readonly ways: number;
  readonly policy: TlbPolicy;
  /** Of the random policy; not 0. */
  readonly seed?: number;
}

/** `instruction` null: one array for code and data. `large` null: a large page takes an entry for each 4 KiB that is touched. */
export interface TlbGeometry {
  readonly data: TlbArrayGeometry;
  readonly instruction: TlbArrayGeometry | null;
  readonly large: TlbArrayGeometry | null;
}

export const p6Tlb: TlbGeometry = {
  data: { entries: 64, ways: 4, policy: "plru" },
  instruction: { entries: 32, ways: 4, policy: "plru" },
  large: { entries: 8, ways: 4, policy: "plru" },
};
