// The operations and states of the swap scene.
import type { Who } from "./who";

export const areaNames = ["A", "B", "C"] as const;
export type AreaName = (typeof areaNames)[number];

/** A device: pages in all, priority (null: automatic), pages that mkswap found bad. */
export interface DeviceConfig {
  readonly pages: number;
  readonly prio: number | null;
  readonly bad: readonly number[];
}

export interface SwapConfig {
  readonly devices: readonly DeviceConfig[];
  /** Slots of a cluster; the kernel's constant is 256. */
  readonly cluster: number;
  /** 2^window slots are read at a time. */
  readonly window: number;
  /** Pages of the program. */
  readonly pages: number;
}

export type SwapOp =
  | { readonly op: "write"; readonly page: number; readonly who: Who }
  | { readonly op: "read"; readonly page: number; readonly who: Who }
  /** Reclaim takes `count` pages, from `page` on. */
  | { readonly op: "out"; readonly page: number; readonly count: number }
  | { readonly op: "forget"; readonly page: number; readonly count: number }
  | { readonly op: "fork" }
  | { readonly op: "exit" }
  | { readonly op: "swapon"; readonly area: AreaName; readonly prio: number }
  | { readonly op: "swapoff"; readonly area: AreaName };

/** A slot's name: `A5`. */
export type SlotName = string;

/**
 * `zero`: the shared page of zeros. `cached`: in memory, with a slot. `swap`: the entry names a slot.
 */
export interface PageView {
  readonly place: "none" | "zero" | "memory" | "cached" | "swap";
  readonly pfn: number | null;
  readonly slot: SlotName | null;
  readonly writable: boolean;
}

export interface ProcessView {
  readonly pid: number;
  /** Identifies the address space in events. */
  readonly mm: number;
  readonly pages: readonly PageView[];
}

export interface AreaView {
  readonly name: AreaName;
  /** Number of the area, or the one that it had last; -1 if it was never in use. */
  readonly type: number;
  /** `leaving`: swapoff is bringing its pages back. */
  readonly state: "on" | "leaving" | "off";
  readonly prio: number;
  readonly usable: number;
  readonly inuse: number;
  readonly lowest: number;
  readonly highest: number;
  readonly clusterNext: number;
  readonly clusterNr: number;
  /** One for each slot of the device, also while it is off. */
  readonly counters: readonly number[];
  /** Slots whose page is in the swap cache. */
  readonly cached: readonly number[];
}

export interface CacheView {
  readonly slot: SlotName;
  readonly pfn: number;
  readonly mapcount: number;
  readonly dirty: boolean;
}

export interface SwapSceneState {
  readonly parent: ProcessView;
  readonly child: ProcessView | null;
  /** In the order of the devices. */
  readonly areas: readonly AreaView[];
  /** Names by priority, and the area asked first next time. */
  readonly order: readonly AreaName[];
  readonly next: AreaName | null;
  readonly free: number;
  readonly total: number;
  readonly full: boolean;
  readonly cluster: number;
  readonly cache: readonly CacheView[];
  readonly pswpin: number;
  readonly pswpout: number;
}
