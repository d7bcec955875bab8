// The observable state of swapping: what a verdict compares and a figure draws. Plain data; observe-swap.ts decodes it.
import type { Finding } from "../finding";

export interface SwapAreaState {
  readonly type: number;
  readonly prio: number;
  /** False while swapoff empties it. */
  readonly writable: boolean;
  /** Usable slots, and slots in use. */
  readonly pages: number;
  readonly inuse: number;
  readonly lowest: number;
  readonly highest: number;
  /** The slot asked first, and how many are left in the current cluster. */
  readonly clusterNext: number;
  readonly clusterNr: number;
  /** Counter of each slot: 0 free, 0x7FFF stuck, 0x8000 bad. Empty if the map cannot be found. */
  readonly counters: readonly number[];
  /** Pages read from and written to its device. */
  readonly reads: number;
  readonly writes: number;
}

/** A page that has a slot and is in memory. */
export interface SwapCachePage {
  readonly pfn: number;
  readonly type: number;
  readonly slot: number;
  readonly count: number;
  readonly mapcount: number;
  readonly dirty: boolean;
  readonly writeback: boolean;
  readonly locked: boolean;
}

export interface SwapState {
  readonly kind: "swap";
  /** Ascending by type. */
  readonly areas: readonly SwapAreaState[];
  /** Types in order of use, and the one asked first next time (-1: none). */
  readonly list: readonly number[];
  readonly next: number;
  readonly free: number;
  readonly total: number;
  /** Slots of a cluster; slots read ahead at a time. */
  readonly cluster: number;
  readonly window: number;
  /** More than half of all slots are in use. */
  readonly full: boolean;
  /** Ascending by frame. */
  readonly cache: readonly SwapCachePage[];
  readonly pswpin: number;
  readonly pswpout: number;
  readonly addTotal: number;
  readonly delTotal: number;
  readonly findSuccess: number;
  readonly findTotal: number;
  readonly findings: readonly Finding[];
}
