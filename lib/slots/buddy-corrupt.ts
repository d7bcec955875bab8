// Damages a zone in named ways, so that a checker has something to find.
// Theory: every kind breaks one rule of the buddy allocator and leaves the lists walkable: a checker may be wrong, never stuck.
import { PG_private } from "@/lib/sim/constants";
import { listAdd, listDel } from "@/lib/sim/list";
import { type BuddyMachine, pfnToPage } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { freeArea, page as pageStruct, zone as zoneStruct } from "@/lib/sim/structs";

/** Damages the `nth` block on the free list of `order`. */
export interface CorruptOp {
  readonly op: "corrupt";
  readonly how: Corruption;
  readonly order: number;
  readonly nth: number;
}

interface Victim {
  readonly pfn: number;
  readonly order: number;
}
interface Damage {
  /** Only blocks of at least this order can be damaged so. */
  readonly fromOrder: number;
  apply(m: BuddyMachine, block: Victim): void;
}

const FLAGS = pageStruct.offset.flags;
const PRIVATE = pageStruct.offset.private;
const LRU = pageStruct.offset.lru;
const FREE_PAGES = zoneStruct.offset.free_pages;
const PRIVATE_BIT = 1 << PG_private;

const damages = {
  /** The middle page keeps the mark of a block that was merged away. */
  "stale-mark": { fromOrder: 1, apply: (m, { pfn, order }) => mark(m, pfn + 2 ** (order - 1), order - 1) },
  /** Both halves stand on the list below, as if nobody had merged them. */
  "unmerged-buddies": {
    fromOrder: 1,
    apply: (m, { pfn, order }) => {
      take(m, pfn, order);
      put(m, pfn + 2 ** (order - 1), order - 1);
      put(m, pfn, order - 1);
    },
  },
  /** The block starts one page later than it may. */
  "misaligned-block": {
    fromOrder: 1,
    apply: (m, { pfn, order }) => {
      // Where it stood on the list, so that a checker has to look beyond the first block.
      const before = m.memory.u32[((pfnToPage(m, pfn) + LRU) >>> 2) + 1]!;
      take(m, pfn, order);
      put(m, pfn + 1, order, before);
    },
  },
  /** The counter of the list says one block too many. */
  "nr-free": { fromOrder: 0, apply: (m, { order }) => add(m, areaOf(m, order) + freeArea.offset.nr_free, 1) },
  /** The zone's counter says one block too many. */
  "free-pages": { fromOrder: 0, apply: (m, { order }) => add(m, m.zone + FREE_PAGES, 2 ** order) },
  /** The head of the block is not marked. */
  "unmarked-block": { fromOrder: 0, apply: (m, { pfn }) => unmark(m, pfn) },
  /** The head claims to be one order larger than its list. */
  "wrong-order-mark": { fromOrder: 0, apply: (m, { pfn, order }) => mark(m, pfn, order + 1) },
} as const satisfies Record<string, Damage>;

export type Corruption = keyof typeof damages;
export const corruptions = Object.keys(damages) as [Corruption, ...Corruption[]];

/**
 * The block that the operation damages, or null if there is none, or it cannot be damaged in that way. One that earlier damage has
 * moved, or that covers the head of another, is left alone: a page would come to stand on two lists, and they could not be walked.
 */
export function victimOf(state: BuddyState, { how, order, nth }: CorruptOp): Victim | null {
  const pfn = state.freeLists[order]?.[nth];
  if (pfn === undefined || order < damages[how].fromOrder) return null;
  const end = pfn + 2 ** order;
  const moved = (pfn - state.startPfn) % 2 ** order !== 0;
  const covers = state.freeLists.some((list) => list.some((other) => other > pfn && other < end));
  const shifted = how === "misaligned-block" && end + 1 > state.startPfn + state.pages;
  return moved || covers || shifted ? null : { pfn, order };
}

export function corrupt(m: BuddyMachine, how: Corruption, block: Victim): void {
  const damage: Damage = damages[how];
  damage.apply(m, block);
}

function areaOf(m: BuddyMachine, order: number): number {
  return m.zone + zoneStruct.offset.free_area + order * freeArea.size;
}

function add(m: BuddyMachine, address: number, amount: number): void {
  m.memory.u32[address >>> 2]! += amount;
}

function mark(m: BuddyMachine, pfn: number, order: number): void {
  const page = pfnToPage(m, pfn);
  m.memory.u32[(page + FLAGS) >>> 2]! |= PRIVATE_BIT;
  m.memory.u32[(page + PRIVATE) >>> 2] = order;
}

function unmark(m: BuddyMachine, pfn: number): void {
  const page = pfnToPage(m, pfn);
  m.memory.u32[(page + FLAGS) >>> 2]! &= ~PRIVATE_BIT;
  m.memory.u32[(page + PRIVATE) >>> 2] = 0;
}

function take(m: BuddyMachine, pfn: number, order: number): void {
  listDel(m.memory.u32, pfnToPage(m, pfn) + LRU);
  add(m, areaOf(m, order) + freeArea.offset.nr_free, -1);
  unmark(m, pfn);
}

function put(m: BuddyMachine, pfn: number, order: number, after = areaOf(m, order)): void {
  listAdd(m.memory.u32, pfnToPage(m, pfn) + LRU, after);
  add(m, areaOf(m, order) + freeArea.offset.nr_free, 1);
  mark(m, pfn, order);
}
