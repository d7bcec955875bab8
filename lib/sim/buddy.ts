// Binary buddy allocator for one zone.
// Theory:     free memory is kept in blocks of 2^order pages, aligned to their size within the zone, one list per order. A block
//             and its buddy differ in one bit of their index. A request splits the first block that is large enough; a free
//             merges with the buddy as long as that one is free and whole.
// Source:     Linux 2.6.11 mm/page_alloc.c (__rmqueue, expand, __free_pages_bulk, page_is_buddy, set_page_order,
//             rmv_page_order, bad_range); Gorman 6.1-6.3
// Simplified: one node and no locks. A wild link is a KernelBug here; the kernel would oops or corrupt memory.
//
//     free(5):  . . . . [4] 5 . .     4 is free, order 0: merge  -> block 4, order 1
//               . . . . [4  5][6  7]  6 is free, order 1: merge  -> block 4, order 2
//               [0  1  2  3][4 . . .] 0 is in use:        stop   -> list 2: 4, ...
import { PG_private, PG_reserved } from "./constants";
import type { StopReason } from "./events";
import { KernelBug } from "./kernel-bug";
import { listAdd, listDel } from "./list";
import { type Addr, type BuddyMachine, badRange, type Order, pageToPfn } from "./machine";
import { freeArea, MAX_ORDER, page as pageStruct, zone as zoneStruct } from "./structs";

const PAGE = pageStruct.size;
const PAGE_BITS = Math.log2(PAGE);
const LRU = pageStruct.offset.lru;
const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;
const AREA = freeArea.size;
const FREE_AREA = zoneStruct.offset.free_area;
const NR_FREE = freeArea.offset.nr_free >>> 2;
const FREE_PAGES = zoneStruct.offset.free_pages >>> 2;
const PRIVATE_BIT = 1 << PG_private;
const FREE_MASK = PRIVATE_BIT | (1 << PG_reserved);

/**
 * Index of the block's buddy: the same index with bit `order` flipped.
 * @throws KernelBug `misaligned-block` if no block of that order starts at the index, `bad-order` outside 0..10.
 */
export function buddyOf(index: number, order: Order): number {
  checkBlock(index, order);
  return Math.floor(index / 2 ** (order + 1)) * 2 ** (order + 1) + (index % 2 ** (order + 1) === 0 ? 2 ** order : 0);
}

/** Index of the block of `order + 1` that the block and its buddy form. @throws KernelBug as `buddyOf`. */
export function parentOf(index: number, order: Order): number {
  checkBlock(index, order);
  return Math.floor(index / 2 ** (order + 1)) * 2 ** (order + 1);
}

function checkBlock(index: number, order: Order): void {
  if (!Number.isInteger(order) || order < 0 || order >= MAX_ORDER) throw new KernelBug("bad-order", { order });
  if (!Number.isInteger(index) || index < 0 || index % 2 ** order !== 0)
    throw new KernelBug("misaligned-block", { index, order });
}

/** The page heads a free block of exactly this order. */
export function pageIsBuddy(m: BuddyMachine, page: Addr, order: Order): boolean {
  const w = m.memory.u32;
  const at = page >>> 2;
  return (w[at + FLAGS]! & FREE_MASK) === PRIVATE_BIT && w[at + PRIVATE] === order && w[at + COUNT] === 0;
}

/**
 * Cuts the block at `page` from order `high` down to `low`: each upper half goes to the head of its list.
 * @returns the lower part, which is `page` itself.
 */
export function expand(m: BuddyMachine, zone: Addr, page: Addr, low: Order, high: Order): Addr {
  const w = m.memory.u32;
  let size = PAGE << high;
  for (let order = high - 1; order >= low; order--) {
    size >>>= 1;
    const upper = page + size;
    if (badRange(m, upper)) throw new KernelBug("bad-page-address", { address: upper, order });
    const area = zone + FREE_AREA + order * AREA;
    listAdd(w, upper + LRU, area);
    w[(area >>> 2) + NR_FREE]!++;
    w[(upper >>> 2) + PRIVATE] = order;
    w[(upper >>> 2) + FLAGS]! |= PRIVATE_BIT;
    if (m.events !== null)
      m.events.push({ kind: "split", pfn: pageToPfn(m, page), order: order + 1, upper: pageToPfn(m, upper) });
  }
  return page;
}

/**
 * Takes a block of `order` from the zone's buddy lists, splitting the smallest sufficient one.
 * @returns its first page, or 0 when no list from `order` upward has a block.
 * @throws KernelBug `wild-link` if the head of the list is no page of the zone.
 */
export function rmqueue(m: BuddyMachine, zone: Addr, order: Order): Addr {
  const w = m.memory.u32;
  for (let current = order; current < MAX_ORDER; current++) {
    const area = zone + FREE_AREA + current * AREA;
    const first = w[area >>> 2]!;
    if (first === area) continue;
    const page = first - LRU;
    if (badRange(m, page)) throw new KernelBug("wild-link", { address: first, order: current });
    listDel(w, first);
    w[(page >>> 2) + FLAGS]! &= ~PRIVATE_BIT;
    w[(page >>> 2) + PRIVATE] = 0;
    w[(area >>> 2) + NR_FREE]!--;
    w[(zone >>> 2) + FREE_PAGES]! -= 1 << order;
    if (m.events !== null) m.events.push({ kind: "take", pfn: pageToPfn(m, page), order, from: current });
    return m.ops.expand(m, zone, page, order, current);
  }
  return 0;
}

/**
 * Gives a block back to the buddy lists, merging upward with every free buddy; the result goes to the head of its list.
 * Does not notice that a block is already free, nor that `order` is not the order it was allocated with.
 * @throws KernelBug `misaligned-block`, `bad-page-address` or `bad-order`.
 */
export function freePagesBulk(m: BuddyMachine, zone: Addr, page: Addr, order: Order): void {
  if (order >>> 0 >= MAX_ORDER) throw new KernelBug("bad-order", { order });
  if (badRange(m, page)) throw new KernelBug("bad-page-address", { address: page, order });
  const w = m.memory.u32;
  let index = (page - m.memMap) >>> PAGE_BITS;
  if ((index & ((1 << order) - 1)) !== 0) throw new KernelBug("misaligned-block", { index, order });
  w[(zone >>> 2) + FREE_PAGES]! += 1 << order;
  while (order < MAX_ORDER - 1) {
    const buddyIndex = index ^ (1 << order);
    if (buddyIndex >= m.pages) break;
    const at = (m.memMap + (buddyIndex << PAGE_BITS)) >>> 2;
    if ((w[at + FLAGS]! & FREE_MASK) !== PRIVATE_BIT || w[at + PRIVATE] !== order || w[at + COUNT] !== 0) break;
    listDel(w, (at << 2) + LRU);
    w[((zone + FREE_AREA + order * AREA) >>> 2) + NR_FREE]!--;
    w[at + FLAGS]! &= ~PRIVATE_BIT;
    w[at + PRIVATE] = 0;
    if (m.events !== null) recordMerge(m, index, buddyIndex, order);
    index &= buddyIndex;
    order++;
  }
  if (m.events !== null) recordInsert(m, index, order);
  const merged = m.memMap + (index << PAGE_BITS);
  w[(merged >>> 2) + PRIVATE] = order;
  w[(merged >>> 2) + FLAGS]! |= PRIVATE_BIT;
  const area = zone + FREE_AREA + order * AREA;
  listAdd(w, merged + LRU, area);
  w[(area >>> 2) + NR_FREE]!++;
}

function recordMerge(m: BuddyMachine, index: number, buddy: number, order: Order): void {
  const at = m.startPfn;
  m.events?.push({ kind: "merge", pfn: at + index, buddy: at + buddy, order, parent: at + (index & buddy) });
}

function recordInsert(m: BuddyMachine, index: number, order: Order): void {
  const buddy = index ^ (1 << order);
  m.events?.push(
    { kind: "stop", pfn: m.startPfn + index, order, buddy: m.startPfn + buddy, reason: stopReason(m, buddy, order) },
    { kind: "insert", pfn: m.startPfn + index, order },
  );
}

function stopReason(m: BuddyMachine, buddy: number, order: Order): StopReason {
  if (order === MAX_ORDER - 1) return "max-order";
  if (buddy >= m.pages) return "outside-zone";
  const flags = m.memory.u32[((m.memMap + (buddy << PAGE_BITS)) >>> 2) + FLAGS]!;
  return (flags & FREE_MASK) === PRIVATE_BIT ? "other-order" : "not-free";
}
