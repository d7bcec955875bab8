// The observable state of the whole machine, as one picture and a few tables show it. Plain data; observe-whole.ts decodes it.
import type { FrameUse } from "./census";

export interface TaskRow {
  readonly pid: number;
  readonly parent: number;
  readonly comm: string;
  readonly state: "running" | "zombie";
  /** Pages. */
  readonly rss: number;
  readonly totalVm: number;
  readonly minFlt: number;
  readonly majFlt: number;
}

export interface ZoneRow {
  readonly name: string;
  readonly startPfn: number;
  readonly pages: number;
  readonly free: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  readonly active: number;
  readonly inactive: number;
  /** Pages of each use. */
  readonly uses: Readonly<Record<FrameUse, number>>;
  /** The zone's frames from the first on, in cells of a fixed number of frames, equal neighbours joined. */
  readonly strip: readonly Stretch[];
}

/** Frames next to each other that are mostly used for the same thing. */
export interface Stretch {
  readonly pfn: number;
  readonly pages: number;
  readonly use: FrameUse;
}

export interface WholeState {
  readonly kind: "whole";
  readonly pages: number;
  readonly jiffies: number;
  readonly zones: readonly ZoneRow[];
  readonly tasks: readonly TaskRow[];
  readonly swap: { readonly total: number; readonly free: number };
  /** Pages, as /proc/meminfo and /proc/vmstat count them; the page cache with the swap cache. */
  readonly pageCache: number;
  readonly swapCache: number;
  readonly mapped: number;
  readonly dirty: number;
  readonly writeback: number;
  readonly slab: number;
  readonly pageTables: number;
  /** What processes were promised. */
  readonly committed: number;
  readonly kswapdAwake: boolean;
  /** Tasks that the OOM killer ended so far. */
  readonly killed: number;
}
