// What happened inside one operation, for narration. The simulator appends to `machine.events` and never reads it.
import type { BootEvent } from "./boot/events";
import type { CacheEvent } from "./cache/events";
import type { FaultEvent } from "./fault/events";
import type { MmEvent } from "./mm/events";
import type { MmuEvent } from "./mmu/events";
import type { OomEvent } from "./oom/events";
import type { ReclaimEvent } from "./reclaim/events";
import type { ShmemEvent } from "./shmem/events";
import type { SlabEvent } from "./slab/events";
import type { SwapEvent } from "./swap/events";
import type { VmallocEvent } from "./vmalloc/events";
import type { ZoneEvent } from "./zones/events";

export type ListName = "hot" | "cold";

/** Of one zone on its own. */
export type BuddyEvent =
  /** The head of list `from` was taken to serve a request of `order`. */
  | { readonly kind: "take"; readonly pfn: number; readonly order: number; readonly from: number }
  /** A block of `order` was halved: its upper half `upper` went to the head of list `order - 1`. */
  | { readonly kind: "split"; readonly pfn: number; readonly order: number; readonly upper: number }
  /** Block `pfn` of `order` found its `buddy` free, took it from its list and became `parent` of `order + 1`. */
  | {
      readonly kind: "merge";
      readonly pfn: number;
      readonly buddy: number;
      readonly order: number;
      readonly parent: number;
    }
  /** Why merging ended at this order. */
  | {
      readonly kind: "stop";
      readonly pfn: number;
      readonly order: number;
      readonly buddy: number;
      readonly reason: StopReason;
    }
  /** A free block was marked with its order and put at the head of its list. */
  | { readonly kind: "insert"; readonly pfn: number; readonly order: number }
  /** A per-CPU list was at or below `low`: `pages` single pages were appended at its tail. */
  | {
      readonly kind: "refill";
      readonly list: ListName;
      readonly pages: number;
      readonly low: number;
      readonly batch: number;
    }
  /** A per-CPU list was at or above `high`: `pages` pages went back from its tail. */
  | {
      readonly kind: "drain";
      readonly list: ListName;
      readonly pages: number;
      readonly high: number;
      readonly batch: number;
    }
  /** A page left a per-CPU list at its head. */
  | { readonly kind: "pcp-take"; readonly list: ListName; readonly pfn: number; readonly count: number }
  /** A page was put at the head of a per-CPU list. */
  | { readonly kind: "pcp-put"; readonly list: ListName; readonly pfn: number; readonly count: number }
  /** `allocPages` is done; `pfn` null when nothing was found. */
  | { readonly kind: "alloc"; readonly order: number; readonly pfn: number | null }
  /** `freePages` let go of the last reference. */
  | { readonly kind: "free"; readonly order: number; readonly pfn: number }
  /** `freePages` dropped one of several references, or the page is reserved: nothing was freed. */
  | { readonly kind: "kept"; readonly order: number; readonly pfn: number; readonly count: number }
  /** A page was in a state it must not be in; it has been repaired and the kernel is tainted. */
  | { readonly kind: "bad-page"; readonly pfn: number; readonly during: "alloc" | "free" };

/** Of the whole machine: one union a part, in the part's own events.ts. `kind` is unique over all of them. */
export type SimEvent =
  | BuddyEvent
  | FaultEvent
  | MmEvent
  | MmuEvent
  | VmallocEvent
  | ReclaimEvent
  | SwapEvent
  | OomEvent
  | ShmemEvent
  | ZoneEvent
  | CacheEvent
  | SlabEvent
  | BootEvent;

export type StopReason = "max-order" | "outside-zone" | "not-free" | "other-order";
