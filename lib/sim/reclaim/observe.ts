// The observable state of the LRU lists and of reclaim: what a verdict compares and a figure draws. Plain data; observe-lru.ts
// decodes it.
import type { Finding } from "../finding";

/** What kind of page it is: of a file, anonymous, or without an owner (truncated, still held). */
export type LruPageKind = "file" | "anonymous" | "none";

export interface LruPage {
  readonly pfn: number;
  readonly kind: LruPageKind;
  readonly referenced: boolean;
  readonly dirty: boolean;
  readonly writeback: boolean;
  readonly swapcache: boolean;
  readonly locked: boolean;
  /** Page tables that map it, and references in all. */
  readonly mapcount: number;
  readonly count: number;
}

export interface LruZone {
  readonly zone: "DMA" | "Normal" | "HighMem";
  readonly startPfn: number;
  /** Head first. A walk that had to stop is in `findings`. */
  readonly active: readonly LruPage[];
  readonly inactive: readonly LruPage[];
  readonly nrActive: number;
  readonly nrInactive: number;
  /** Pages due that were too few for a scan so far. */
  readonly nrScanActive: number;
  readonly nrScanInactive: number;
  readonly freePages: number;
  readonly pagesLow: number;
  readonly pagesHigh: number;
  /** Looked at since something was freed in the zone last. */
  readonly pagesScanned: number;
  readonly allUnreclaimable: boolean;
  readonly tempPriority: number;
  readonly prevPriority: number;
}

export const reclaimCounters = [
  "pgactivate",
  "pgdeactivate",
  "pgrefill",
  "pgsteal",
  "pgscan_kswapd",
  "pgscan_direct",
  "kswapd_steal",
  "pageoutrun",
  "allocstall",
  "pgrotated",
  "slabs_scanned",
  "pginodesteal",
  "kswapd_inodesteal",
] as const;
export type ReclaimCounter = (typeof reclaimCounters)[number];

export interface LruState {
  readonly kind: "lru";
  /** Zones that have pages. */
  readonly zones: readonly LruZone[];
  /** Waiting for their list, first come first. */
  readonly waiting: { readonly active: readonly number[]; readonly inactive: readonly number[] };
  readonly kswapdAwake: boolean;
  readonly nrMapped: number;
  readonly totalMemory: number;
  readonly counters: Readonly<Record<ReclaimCounter, number>>;
  readonly findings: readonly Finding[];
}
