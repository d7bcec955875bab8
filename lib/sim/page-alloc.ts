// alloc_pages and __free_pages: the buddy lists and per-CPU lists as the rest of the kernel sees them.
// Theory:     a block in use is known by the reference count of its first page; the last reference frees it. Pages are checked on
//             their way out and back in: what looks impossible is reported, repaired, and the machine goes on (tainted).
// Source:     Linux 2.6.11 mm/page_alloc.c (__alloc_pages, __free_pages, __free_pages_ok, prep_new_page, free_pages_check,
//             bad_page), linux/mm.h (put_page_testzero, PageAnon)
// Simplified: one zone and no watermarks, so no waiting and no reclaim; pages have no contents to zero (__GFP_ZERO) and are never
//             compound (__GFP_COMP).
import { type Cold, flagMask, HOT, PAGE_MAPPING_ANON, PG_reserved } from "./constants";
import { KernelBug } from "./kernel-bug";
import { type Addr, type BuddyMachine, badRange, type Order, pageToPfn } from "./machine";
import { MAX_ORDER, pageState, page as pageStruct, zone as zoneStruct } from "./structs";

const PAGE = pageStruct.size;
const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const MAPCOUNT = pageStruct.offset.mapcount >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;
const MAPPING = pageStruct.offset.mapping >>> 2;
const PGALLOC = pageState.offset.pgalloc >>> 2;
const PGFREE = pageState.offset.pgfree >>> 2;
const ALL_UNRECLAIMABLE = zoneStruct.offset.all_unreclaimable >>> 2;
const PAGES_SCANNED = zoneStruct.offset.pages_scanned >>> 2;

const RESERVED_BIT = 1 << PG_reserved;
const DIRTY_BIT = flagMask("PG_dirty");
/** No page may leave the allocator with one of these. */
const BAD_WHEN_NEW = flagMask(
  "PG_private",
  "PG_locked",
  "PG_lru",
  "PG_active",
  "PG_dirty",
  "PG_reclaim",
  "PG_swapcache",
  "PG_writeback",
);
/** No page may come back with one of these (a dirty one is just cleaned). */
const BAD_WHEN_FREED = flagMask(
  "PG_lru",
  "PG_private",
  "PG_locked",
  "PG_active",
  "PG_reclaim",
  "PG_slab",
  "PG_swapcache",
  "PG_writeback",
);
const CLEARED_WHEN_NEW = flagMask(
  "PG_uptodate",
  "PG_error",
  "PG_referenced",
  "PG_arch_1",
  "PG_checked",
  "PG_mappedtodisk",
);
const CLEARED_BY_REPAIR = flagMask(
  "PG_private",
  "PG_locked",
  "PG_lru",
  "PG_active",
  "PG_dirty",
  "PG_swapcache",
  "PG_writeback",
);

/**
 * A block of 2^order pages with one reference on its first page.
 * @returns the first page, or 0: nothing free, or order 11 and above.
 * @throws KernelBug if the lists are corrupt (`wild-link`) or a replaced step returned no page of the zone (`bad-page-address`).
 */
export function allocPages(m: BuddyMachine, cold: Cold, order: Order): Addr {
  const page = order < MAX_ORDER ? takePages(m, cold, order) : 0;
  if (m.events !== null) m.events.push({ kind: "alloc", order, pfn: page === 0 ? null : pageToPfn(m, page) });
  return page;
}

/** As `allocPages`, for an order below 11 and without its event: one zone of several is asked. */
export function takePages(m: BuddyMachine, cold: Cold, order: Order): Addr {
  const page = m.ops.bufferedRmqueue(m, m.zone, order, cold);
  if (page === 0) return 0;
  if (badRange(m, page)) throw new KernelBug("bad-page-address", { address: page, order });
  m.memory.u32[(m.pageState >>> 2) + PGALLOC]! += 1 << order;
  prepNewPage(m, page);
  return page;
}

/**
 * Drops one reference of the block's first page; the last one frees the block. Reserved pages are left alone.
 * `cold` chooses the per-CPU list for a single page; `__free_page` always uses the hot one.
 * @throws KernelBug `double-free` if there is no reference left to drop; `misaligned-block`, `bad-page-address`, `bad-order`.
 */
export function freePages(m: BuddyMachine, page: Addr, order: Order, cold: Cold = HOT): void {
  if (order >>> 0 >= MAX_ORDER) throw new KernelBug("bad-order", { order });
  if (badRange(m, page)) throw new KernelBug("bad-page-address", { address: page, order });
  const { i32 } = m.memory;
  const at = page >>> 2;
  const pfn = pageToPfn(m, page);
  const reserved = (i32[at + FLAGS]! & RESERVED_BIT) !== 0;
  if (!reserved && i32[at + COUNT]! <= 0) throw new KernelBug("double-free", { pfn, order });
  if (reserved || --i32[at + COUNT]! > 0) {
    if (m.events !== null) m.events.push({ kind: "kept", order, pfn, count: i32[at + COUNT]! });
    return;
  }
  if (order === 0) {
    releasePage(m, page, cold);
    return;
  }
  m.memory.u32[(m.pageState >>> 2) + PGFREE]! += 1 << order;
  if (m.events !== null) m.events.push({ kind: "free", order, pfn });
  // A wrong order may name pages beyond the zone; the kernel would read past mem_map.
  const end = Math.min(page + (PAGE << order), m.memMap + m.memMapBytes);
  for (let each = page; each < end; each += PAGE) freePagesCheck(m, each);
  freeToBuddy(m, page, order);
}

/** Frees a single page that has no reference any more (`free_hot_page`, `free_cold_page`). The page must lie in the zone. */
export function releasePage(m: BuddyMachine, page: Addr, cold: Cold): void {
  const { i32 } = m.memory;
  const at = page >>> 2;
  m.memory.u32[(m.pageState >>> 2) + PGFREE]!++;
  if (m.events !== null) m.events.push({ kind: "free", order: 0, pfn: pageToPfn(m, page) });
  if ((i32[at + MAPPING]! & PAGE_MAPPING_ANON) !== 0) i32[at + MAPPING] = 0;
  freePagesCheck(m, page);
  if (m.config.pcp) m.ops.freeHotColdPage(m, m.zone, page, cold);
  else freeToBuddy(m, page, 0);
}

function freeToBuddy(m: BuddyMachine, page: Addr, order: Order): void {
  m.memory.u32[(m.zone >>> 2) + ALL_UNRECLAIMABLE] = 0;
  m.memory.u32[(m.zone >>> 2) + PAGES_SCANNED] = 0;
  m.ops.freePagesBulk(m, m.zone, page, order);
}

/** Only the first page of a block gets a reference; the others keep count 0. */
function prepNewPage(m: BuddyMachine, page: Addr): void {
  const { i32 } = m.memory;
  const at = page >>> 2;
  if (i32[at + MAPPING] !== 0 || i32[at + MAPCOUNT] !== 0 || (i32[at + FLAGS]! & BAD_WHEN_NEW) !== 0)
    badPage(m, page, "alloc");
  i32[at + FLAGS]! &= ~CLEARED_WHEN_NEW;
  i32[at + PRIVATE] = 0;
  i32[at + COUNT] = 1;
}

function freePagesCheck(m: BuddyMachine, page: Addr): void {
  const { i32 } = m.memory;
  const at = page >>> 2;
  if (
    i32[at + MAPCOUNT] !== 0 ||
    i32[at + MAPPING] !== 0 ||
    i32[at + COUNT] !== 0 ||
    (i32[at + FLAGS]! & BAD_WHEN_FREED) !== 0
  )
    badPage(m, page, "free");
  i32[at + FLAGS]! &= ~DIRTY_BIT;
}

function badPage(m: BuddyMachine, page: Addr, during: "alloc" | "free"): void {
  const { i32 } = m.memory;
  const at = page >>> 2;
  i32[at + FLAGS]! &= ~CLEARED_BY_REPAIR;
  i32[at + COUNT] = 0;
  i32[at + MAPCOUNT] = 0;
  i32[at + MAPPING] = 0;
  m.tainted++;
  if (m.events !== null) m.events.push({ kind: "bad-page", pfn: pageToPfn(m, page), during });
}
