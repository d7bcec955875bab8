// Read-ahead: guessing from the reads of a file which pages come next, and reading them before they are asked for.
// Theory:     a sequential reader has two windows: the current one that it walks through and the one ahead, whose read was started
//             when it entered the current one. Windows grow while the guess is right (x2, small ones x4), shrink after a miss, and
//             stay away where everything is cached anyway. A random read switches them off.
//                 |<---- current ---->|<------- ahead ------->|
//                       ^ reader               already requested
// Source:     Linux 2.6.11 mm/readahead.c (page_cache_readahead, make_ahead_window, get_init_ra_size, get_next_ra_size,
//             __do_page_cache_readahead, read_pages, max_sane_readahead, handle_ra_miss); Gorman 10.2
// Simplified: the queue for reads is never congested.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pagevecLruAdd, putPage } from "../reclaim/lru";
import { PAGEVEC_SIZE } from "../reclaim/structs";
import { zone as zoneStruct } from "../structs";
import { file as fileStruct, inode } from "../structs-mm";
import { allocPages } from "../zones/alloc-pages";
import { __GFP_COLD, GFP_HIGHUSER } from "../zones/gfp";
import { addToPageCache, aOpsOf } from "./page-cache";
import { radixTreeLookup } from "./radix-tree";

const RA_FLAG_MISS = 1;
/** Everything that was asked for lately was cached: stop guessing until a miss. */
const RA_FLAG_INCACHE = 2;
const VM_MAX_CACHE_HIT = 256;
/** 16 KiB. */
const MIN_READAHEAD = 4;
const offsets = fileStruct.offset;
type RaField = Extract<keyof typeof fileStruct.fields, `ra_${string}`>;

/**
 * Told about a read of `reqSize` pages at `offset`; starts what it thinks will be needed.
 * @returns the page at which it wants to be told again.
 */
export function pageCacheReadahead(k: Kernel, file: Addr, offset: number, reqSize: number): number {
  const first = continuation(k, file, offset, reqSize);
  const max = get(k, file, "ra_pages");
  const sequential = first.offset === (get(k, file, "ra_prev_page") + 1) >>> 0;
  set(k, file, "ra_prev_page", first.offset);
  const size = Math.min(first.pages, max);
  if (size === 0 || (get(k, file, "ra_flags") & RA_FLAG_INCACHE) !== 0) return nextPage(k, file);
  set(k, file, "ra_prev_page", first.offset + size - 1);
  if (!sequential) {
    switchOff(k, file);
    readWindow(k, file, first.offset, size);
  } else if (get(k, file, "ra_size") === 0) {
    set(k, file, "ra_size", initialWindow(size, max));
    set(k, file, "ra_start", first.offset);
    const read = readWindow(k, file, first.offset, get(k, file, "ra_size"));
    if (read && first.pages >= max) makeAheadWindow(k, file, "always");
  } else advance(k, file);
  return nextPage(k, file);
}

/** handle_ra_miss: a page that read-ahead should have brought was not there. */
export function handleRaMiss(k: Kernel, file: Addr): void {
  set(k, file, "ra_flags", (get(k, file, "ra_flags") | RA_FLAG_MISS) & ~RA_FLAG_INCACHE);
}

/** max_sane_readahead: not more than half of what is free or inactive. */
export function maxSaneReadahead(k: Kernel, pages: number): number {
  let available = 0;
  for (const { zone } of k.zones) {
    available += k.memory.u32[(zone + zoneStruct.offset.nr_inactive) >>> 2]!;
    available += k.memory.u32[(zone + zoneStruct.offset.free_pages) >>> 2]!;
  }
  return Math.min(pages, Math.floor(available / 2));
}

/**
 * __do_page_cache_readahead: reads the pages of the range that exist and are not cached.
 * @returns how many; fewer if memory ran out.
 */
export function doPageCacheReadahead(k: Kernel, host: Addr, offset: number, pages: number): number {
  const size = k.memory.u32[(host + inode.offset.i_size) >>> 2]!;
  const end = Math.ceil(size / PAGE_SIZE);
  const mapping = host + inode.offset.i_mapping;
  const pool: { page: Addr; index: number }[] = [];
  for (let index = offset; index < Math.min(offset + pages, end); index++) {
    if (radixTreeLookup(k, mapping, index) !== 0) continue;
    const page = allocPages(k, GFP_HIGHUSER | __GFP_COLD, 0);
    if (page === 0) break;
    pool.push({ page, index });
  }
  if (pool.length === 0) return 0;
  if (k.events !== null) k.events.push({ kind: "read-ahead", ino: inoOf(k, host), offset, pages: pool.length });
  let batch: Addr[] = [];
  for (const { page, index } of pool) {
    if (addToPageCache(k, page, mapping, index) !== 0) {
      putPage(k, page);
      continue;
    }
    k.aOps[aOpsOf(k, mapping)]!.readpage!(k, page);
    batch.push(page);
    if (batch.length < PAGEVEC_SIZE) continue;
    pagevecLruAdd(k, batch);
    batch = [];
  }
  pagevecLruAdd(k, batch);
  return pool.length;
}

/** A read that begins in the page where the last one ended counts from the next page on. */
function continuation(k: Kernel, file: Addr, offset: number, reqSize: number): { offset: number; pages: number } {
  if (offset !== get(k, file, "ra_prev_page")) return { offset, pages: reqSize };
  return reqSize > 1 ? { offset: offset + 1, pages: reqSize - 1 } : { offset, pages: 0 };
}

function nextPage(k: Kernel, file: Addr): number {
  return (get(k, file, "ra_prev_page") + 1) >>> 0;
}

/** A sequential reader with a window: start the one ahead, and shift when the reader has entered it. */
function advance(k: Kernel, file: Addr): void {
  if (get(k, file, "ra_ahead_start") === 0 && !makeAheadWindow(k, file, "if-needed")) return;
  if (get(k, file, "ra_prev_page") < get(k, file, "ra_ahead_start")) return;
  set(k, file, "ra_start", get(k, file, "ra_ahead_start"));
  set(k, file, "ra_size", get(k, file, "ra_ahead_size"));
  makeAheadWindow(k, file, "if-needed");
}

function makeAheadWindow(k: Kernel, file: Addr, when: "always" | "if-needed"): boolean {
  set(k, file, "ra_ahead_size", nextWindow(k, file));
  set(k, file, "ra_ahead_start", get(k, file, "ra_start") + get(k, file, "ra_size"));
  const read = readWindow(k, file, get(k, file, "ra_ahead_start"), get(k, file, "ra_ahead_size"));
  if (!read && when === "if-needed") {
    set(k, file, "ra_ahead_start", 0);
    set(k, file, "ra_ahead_size", 0);
  }
  return read;
}

/** @returns false when so much was cached that read-ahead gives up on this file for now. */
function readWindow(k: Kernel, file: Addr, offset: number, pages: number): boolean {
  const host = k.memory.u32[(file + offsets.f_inode) >>> 2]!;
  if (doPageCacheReadahead(k, host, offset, pages) > 0) {
    set(k, file, "ra_cache_hit", 0);
    return true;
  }
  set(k, file, "ra_cache_hit", get(k, file, "ra_cache_hit") + pages);
  if (get(k, file, "ra_cache_hit") < VM_MAX_CACHE_HIT) return true;
  switchOff(k, file);
  set(k, file, "ra_flags", RA_FLAG_INCACHE);
  return false;
}

/** get_init_ra_size: the first window of a sequential reader. */
function initialWindow(size: number, max: number): number {
  const rounded = 2 ** Math.ceil(Math.log2(size));
  if (rounded <= Math.floor(max / 64)) return rounded * rounded;
  return rounded <= Math.floor(max / 4) ? Math.floor(max / 4) : max;
}

/** get_next_ra_size. */
function nextWindow(k: Kernel, file: Addr): number {
  const max = get(k, file, "ra_pages");
  const now = get(k, file, "ra_size");
  const flags = get(k, file, "ra_flags");
  set(k, file, "ra_flags", flags & ~RA_FLAG_MISS);
  if ((flags & RA_FLAG_MISS) !== 0) return Math.min(Math.max(now - 2, MIN_READAHEAD), max);
  return Math.min(now < Math.floor(max / 16) ? 4 * now : 2 * now, max);
}

/** ra_off. */
function switchOff(k: Kernel, file: Addr): void {
  for (const field of ["ra_start", "ra_flags", "ra_size", "ra_ahead_start", "ra_ahead_size"] as const)
    set(k, file, field, 0);
}

function inoOf(k: Kernel, host: Addr): number {
  return k.memory.u32[(host + inode.offset.i_ino) >>> 2]!;
}

function get(k: Kernel, file: Addr, field: RaField): number {
  return k.memory.u32[(file + offsets[field]) >>> 2]!;
}

function set(k: Kernel, file: Addr, field: RaField, value: number): void {
  k.memory.u32[(file + offsets[field]) >>> 2] = value;
}
