// The observable state of a slab cache: what a verdict compares and a figure draws. Plain data; observe-slab.ts decodes it.
import type { Finding } from "../finding";
import type { SlabListName } from "./events";

/** An object by its slab (pfn of the first page) and its index there. */
export interface ObjectRef {
  readonly slab: number;
  readonly index: number;
}

export interface ArrayState {
  /** Bottom to top: the last one is handed out next, the first one goes back first. Null where the entry is no object of the cache. */
  readonly objects: readonly (ObjectRef | null)[];
  readonly avail: number;
  readonly limit: number;
  readonly batchcount: number;
  readonly touched: boolean;
}

/** Where an object is: in its slab's chain, in an array, or with somebody who asked for it. */
export type ObjectPlace = "free" | "cpu" | "shared" | "used";

export interface SlabState {
  /** First page of the slab. */
  readonly pfn: number;
  /** Kernel virtual address of the descriptor. */
  readonly descriptor: number;
  /** Bytes by which colour shifts the slab. */
  readonly colour: number;
  /** Bytes from the first page to object 0. */
  readonly offset: number;
  readonly inuse: number;
  /** Free objects in the order in which they will be taken. */
  readonly chain: readonly number[];
  /** One entry an object: index of the next free one, `end`, or `used`. */
  readonly bufctl: readonly (number | "end" | "used")[];
  readonly places: readonly ObjectPlace[];
}

export interface CacheCounters {
  readonly allochit: number;
  readonly allocmiss: number;
  readonly freehit: number;
  readonly freemiss: number;
  readonly grown: number;
  readonly reaped: number;
  readonly errors: number;
  readonly ctorCalls: number;
  readonly dtorCalls: number;
}

export interface CacheState {
  readonly kind: "slab";
  readonly name: string;
  /** Bytes. */
  readonly objsize: number;
  readonly num: number;
  readonly order: number;
  readonly flags: number;
  readonly offSlab: boolean;
  /** Bytes of descriptor and bufctl array. */
  readonly slabSize: number;
  /** Bytes of a slab that neither objects nor the descriptor use. */
  readonly left: number;
  readonly colour: number;
  readonly colourOff: number;
  readonly colourNext: number;
  readonly limit: number;
  readonly batchcount: number;
  readonly freeLimit: number;
  readonly freeObjects: number;
  readonly freeTouched: boolean;
  /** Jiffies. */
  readonly nextReap: number;
  /** Head first. */
  readonly slabs: Readonly<Record<SlabListName, readonly SlabState[]>>;
  readonly cpu: ArrayState;
  readonly shared: ArrayState | null;
  readonly counters: CacheCounters;
  readonly findings: readonly Finding[];
}
