// The observable state of an address space: what a verdict compares and a figure draws. Plain data; observe-mm.ts decodes it.
import type { Finding } from "../finding";

export interface AreaState {
  readonly start: number;
  /** The first byte after it. */
  readonly end: number;
  /** VM_*. */
  readonly flags: number;
  /** `rwxp`, the last letter s if it is shared. */
  readonly permissions: string;
  readonly accounted: boolean;
  readonly locked: boolean;
  readonly growsDown: boolean;
  /** Pages. */
  readonly pgoff: number;
  /** Number of the inode behind it, null for anonymous memory. */
  readonly inode: number | null;
  /** Which areas share an anon_vma: numbers from 0 in order of appearance; null while there is none. */
  readonly anonVma: number | null;
}

export interface VmaTreeNode {
  readonly start: number;
  readonly color: "red" | "black";
  readonly left: VmaTreeNode | null;
  readonly right: VmaTreeNode | null;
}

/** In pages, but for map_count. */
export interface MmCounters {
  readonly mapCount: number;
  readonly totalVm: number;
  readonly lockedVm: number;
  readonly sharedVm: number;
  readonly execVm: number;
  readonly stackVm: number;
  readonly reservedVm: number;
  readonly rss: number;
  readonly anonRss: number;
  readonly nrPtes: number;
}

export interface AddressSpaceState {
  readonly kind: "address-space";
  /** Ascending. A walk that had to stop is in `findings`. */
  readonly areas: readonly AreaState[];
  readonly tree: VmaTreeNode | null;
  /** Start of the area that find_vma answered last, null for none. */
  readonly mmapCache: number | null;
  readonly freeAreaCache: number;
  readonly mmapBase: number;
  readonly topDown: boolean;
  readonly counters: MmCounters;
  /** Bytes. */
  readonly code: readonly [start: number, end: number];
  readonly data: readonly [start: number, end: number];
  readonly heap: readonly [start: number, brk: number];
  readonly startStack: number;
  readonly mmUsers: number;
  readonly mmCount: number;
  readonly findings: readonly Finding[];
}
