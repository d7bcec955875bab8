// The buddy machine: its configuration, its state beside the memory, and the steps that can be replaced.
// Theory: everything the kernel knows lies in `memory`. What stands here is what the kernel gets from the hardware and the
//         compiler (where mem_map lies, how large the zone is), so a learner's stray write cannot mislead the simulator.
import type { Cold } from "./constants";
import type { SimEvent } from "./events";
import type { Memory } from "./memory";
import { page as pageStruct } from "./structs";

const PAGE = pageStruct.size;

/** A byte offset in the machine's memory; 0 is NULL. */
export type Addr = number;
export type Pfn = number;
export type Order = number;

/** In which order the pages of a zone are freed at boot. A zone starts with every page in use. */
export const zoneInits = ["one-block", "boot32", "pages_asc", "pages_desc", "holes", "none"] as const;
export type ZoneInit = (typeof zoneInits)[number];

export interface PcpMarks {
  readonly low: number;
  readonly high: number;
  readonly batch: number;
}

export interface BuddyConfig {
  /** Size of the zone, 1..2^20. */
  readonly pages: number;
  /** First pfn of the zone; default 0. */
  readonly startPfn?: number;
  /**
   * `one-block`: the largest aligned blocks, ascending. `boot32`: order-5 blocks ascending, the rest as single pages.
   * `pages_asc`, `pages_desc`: single pages. `holes`: ascending, pages with (index * 7) % 13 == 0 stay reserved.
   * `none`: nothing is freed; each page is in use by itself.
   */
  readonly init: ZoneInit;
  /** Absent or null: no per-CPU lists, single pages come straight from the buddy lists. */
  readonly pcp?: { readonly batch: number } | { readonly hot: PcpMarks; readonly cold: PcpMarks } | null;
}

/** The steps that an implementation may replace. Each takes and returns addresses and numbers; 0 stands for NULL. */
export interface PageAllocOps {
  expand(m: BuddyMachine, zone: Addr, page: Addr, low: Order, high: Order): Addr;
  rmqueue(m: BuddyMachine, zone: Addr, order: Order): Addr;
  freePagesBulk(m: BuddyMachine, zone: Addr, page: Addr, order: Order): void;
  bufferedRmqueue(m: BuddyMachine, zone: Addr, order: Order, cold: Cold): Addr;
  freeHotColdPage(m: BuddyMachine, zone: Addr, page: Addr, cold: Cold): void;
}

export interface BuddyMachine {
  readonly config: BuddyConfig;
  readonly memory: Memory;
  /** Address of the one `struct zone`. */
  readonly zone: Addr;
  /** Address of the first `struct page`. */
  readonly memMap: Addr;
  readonly memMapBytes: number;
  readonly pages: number;
  readonly startPfn: Pfn;
  /** Address of `struct page_state`. */
  readonly pageState: Addr;
  /** This machine's own table: replacing an entry changes this machine only. */
  ops: PageAllocOps;
  /** Null: nothing is recorded. */
  events: SimEvent[] | null;
  /** How many bad pages were met and repaired; the kernel is tainted when it is not 0. */
  tainted: number;
}

/** No `struct page` of the zone lies at this address. True for NaN and fractions as well. */
export function badRange(m: BuddyMachine, address: Addr): boolean {
  const offset = address - m.memMap;
  return !(offset >= 0 && offset < m.memMapBytes && offset % PAGE === 0);
}

/** The page with that number, or 0 outside the zone. */
export function pfnToPage(m: BuddyMachine, pfn: Pfn): Addr {
  const index = pfn - m.startPfn;
  return index >= 0 && index < m.pages && Number.isInteger(index) ? m.memMap + index * PAGE : 0;
}

/** The number of the page at that address; meaningless unless `badRange` is false. */
export function pageToPfn(m: BuddyMachine, address: Addr): Pfn {
  return m.startPfn + (address - m.memMap) / PAGE;
}
