// Pages for the whole kernel: which zones a request asks, how deep it may dig, and what it does when all are low.
// Theory:     a request walks its zonelist several times and is content with less each time. Only when every zone is below its marks
//             does it pay: wake kswapd, take more of the reserve, then free pages itself, then let somebody be killed.
//
//     A  every zone keeps pages_low           ---- nobody had it: wake kswapd for each zone ----
//     B  every zone keeps pages_min, less for callers that are urgent or cannot wait
//     C  no marks at all: only for who frees memory (PF_MEMALLOC) or is dying (TIF_MEMDIE); then fail
//        cannot wait: fail                    ---- free pages (direct reclaim) ----
//        progress:    B again, then maybe another round of reclaim
//        no progress: D, every zone keeps pages_high (somebody else was killed meanwhile?); else OOM killer, then A
//
// Source:     Linux 2.6.11 mm/page_alloc.c (__alloc_pages, __free_pages, free_hot_cold_page, get_zeroed_page), linux/mm.h (page_zone);
//             Gorman 6.3, 6.4, 10.6
// Simplified: no real-time tasks and no interrupts. A request that would try for ever ends after `zones_data.max_rounds` rounds without
//             progress as a deadlock. __GFP_COMP has no effect (no huge pages).
import { COLD, type Cold, HOT, PG_reserved } from "../constants";
import { dropContents, frameAt, pageToPfn, zeroFrame } from "../frames";
import { type Kernel, type ZoneIndex, zoneNames } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { type Addr, type BuddyMachine, badRange, type Order } from "../machine";
import { freePages as freeToZone, releasePage, takePages } from "../page-alloc";
import { MAX_ORDER, page as pageStruct, zone as zoneStruct } from "../structs";
import { taskStruct } from "../structs-mm";
import { PF_MEMALLOC, TIF_MEMDIE } from "../task-flags";
import { aboveMark } from "../watermark";
import {
  __GFP_COLD,
  __GFP_FS,
  __GFP_HIGH,
  __GFP_HIGHMEM,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  __GFP_REPEAT,
  __GFP_WAIT,
  __GFP_ZERO,
} from "./gfp";
import { PASS_HIGH, PASS_LOW, PASS_MIN, PASS_NOMARK, type PassNumber, recordFailure, recordTry } from "./record";
import { zonesData } from "./structs";
import { zonelistOf } from "./zonelist";

export { GFP_KERNEL } from "./gfp";

const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const RESERVED_BIT = 1 << PG_reserved;
const CURRENT = kernelData.offset.current;
const INIT_FLAGS = kernelData.offset.zones + zonesData.offset.init_flags;
const INIT_THREAD_FLAGS = kernelData.offset.zones + zonesData.offset.init_thread_flags;
const MAX_ROUNDS = kernelData.offset.zones + zonesData.offset.max_rounds;
const FAIL_COUNTDOWN = kernelData.offset.zones + zonesData.offset.fail_countdown;
const KSWAPD_AWAKE = kernelData.offset.zones + zonesData.offset.kswapd_awake;
/** Orders up to this one are tried again and again. */
const COSTLY_ORDER = 3;
/** Rounds with progress take pages from somebody, so they end by themselves, unless a replaced step claims progress without any. */
const MOST_ROUNDS = 10_000;
/** Jiffies: how long a retry sleeps, 20 ms. */
const RETRY_SLEEP = 20;

/** Not an address of a page: pages do not lie at odd addresses. */
const RESTART = 1;

const MARKS = [
  zoneStruct.offset.pages_low >>> 2,
  zoneStruct.offset.pages_min >>> 2,
  0,
  zoneStruct.offset.pages_high >>> 2,
] as const;

/**
 * A block of 2^order pages, its first page with one reference. A small request that may wait and may enter file systems does not
 * come back empty-handed: it frees, lets the OOM killer work and tries again.
 * @returns the first page, or 0.
 * @throws KernelBug `bad-gfp`; `memory-deadlock` if reclaim makes no progress for `max_rounds` rounds.
 */
export function allocPages(k: Kernel, gfp: number, order: Order): Addr {
  if (order >>> 0 >= MAX_ORDER) return recordFailure(k, gfp, order, "order");
  const zonelist = zonelistOf(k.zonelists, gfp);
  const countdown = (k.data + FAIL_COUNTDOWN) >>> 2;
  if (k.memory.u32[countdown] !== 0 && --k.memory.u32[countdown]! === 0)
    return recordFailure(k, gfp, order, "injected");
  if (zonelist.length === 0) return recordFailure(k, gfp, order, "no-zone");
  if ((gfp & __GFP_WAIT) !== 0 && k.memory.u32[(k.data + KSWAPD_AWAKE) >>> 2] !== 0) k.ops.condResched(k);
  const page = takeFrom(k, zonelist, gfp, order, PASS_LOW) || allocSlowly(k, zonelist, gfp, order);
  if (page !== 0 && k.events !== null) k.events.push({ kind: "alloc", order, pfn: pageToPfn(k, page) });
  return page;
}

/** A frame of zeros in low memory: the machine address of its contents, or 0. @throws as `allocPages`. */
export function getZeroedPage(k: Kernel, gfp: number): Addr {
  if ((gfp & __GFP_HIGHMEM) !== 0) throw new KernelBug("bad-gfp", { gfp });
  const page = allocPages(k, gfp | __GFP_ZERO, 0);
  return page === 0 ? 0 : frameAt(k, pageToPfn(k, page));
}

/**
 * Drops a reference; the last one frees the block and forgets its contents. Reserved pages are left alone.
 * @throws KernelBug as `freePages` of page-alloc.ts.
 */
export function freePages(k: Kernel, page: Addr, order: Order, cold: Cold = HOT): void {
  const at = page >>> 2;
  const last = k.memory.i32[at + COUNT] === 1 && (k.memory.u32[at + FLAGS]! & RESERVED_BIT) === 0;
  freeToZone(zoneOf(k, page), page, order, cold);
  if (last) dropContents(k, pageToPfn(k, page), order);
}

/** Frees a page whose last reference is already gone to the hot or the cold list, and forgets its contents. */
export function freeHotColdPage(k: Kernel, page: Addr, cold: Cold): void {
  const zone = zoneOf(k, page);
  if (badRange(zone, page)) throw new KernelBug("bad-page-address", { address: page, order: 0 });
  releasePage(zone, page, cold);
  dropContents(k, pageToPfn(k, page), 0);
}

/** The zone a page belongs to, by its frame number. */
export function zoneOf(k: Kernel, page: Addr): BuddyMachine {
  return k.zones[zoneIndexOf(k, page)];
}

export function zoneIndexOf(k: Kernel, page: Addr): ZoneIndex {
  const pfn = pageToPfn(k, page);
  if (pfn >= k.lowPages) return 2;
  return pfn < k.zones[0].pages ? 0 : 1;
}

/** Steps 2 to 8: pass A found nothing. Starts over after each call of the OOM killer. */
function allocSlowly(k: Kernel, zonelist: readonly ZoneIndex[], gfp: number, order: Order): Addr {
  for (let kills = 0; kills <= maxRounds(k); kills++) {
    if (kills > 0) {
      const page = takeFrom(k, zonelist, gfp, order, PASS_LOW);
      if (page !== 0) return page;
    }
    for (const zone of zonelist) k.ops.wakeupKswapd(k, zone, order);
    const page = takeFrom(k, zonelist, gfp, order, PASS_MIN);
    if (page !== 0) return page;
    if (mayTakeLastPages(k))
      return takeFrom(k, zonelist, gfp, order, PASS_NOMARK) || recordFailure(k, gfp, order, "last-pages");
    if ((gfp & __GFP_WAIT) === 0) return recordFailure(k, gfp, order, "cannot-wait");
    const result = rebalance(k, zonelist, gfp, order);
    if (result !== RESTART) return result;
  }
  throw new KernelBug("memory-deadlock", { order, gfp });
}

/** Steps 6 and 7: reclaim, round after round. @returns a page, 0 for failure, RESTART after the OOM killer was called. */
function rebalance(k: Kernel, zonelist: readonly ZoneIndex[], gfp: number, order: Order): Addr {
  let idle = 0;
  for (let round = 1; idle <= maxRounds(k) && round <= MOST_ROUNDS; round++) {
    const freed = reclaim(k, zonelist, gfp, order);
    idle = freed > 0 ? 0 : idle + 1;
    if (freed > 0) {
      const page = takeFrom(k, zonelist, gfp, order, PASS_MIN);
      if (page !== 0) return page;
    } else if ((gfp & __GFP_FS) !== 0 && (gfp & __GFP_NORETRY) === 0) {
      const page = takeFrom(k, zonelist, gfp, order, PASS_HIGH);
      if (page !== 0) return page;
      if (k.events !== null) k.events.push({ kind: "call-oom", order });
      k.ops.outOfMemory(k, gfp);
      return RESTART;
    }
    if (!retries(gfp, order)) return recordFailure(k, gfp, order, "no-retry");
    if (k.events !== null) k.events.push({ kind: "alloc-retry", order, round });
    k.ops.congestionWait(k, RETRY_SLEEP);
  }
  throw new KernelBug("memory-deadlock", { order, gfp });
}

function maxRounds(k: Kernel): number {
  return k.memory.u32[(k.data + MAX_ROUNDS) >>> 2]!;
}

/** NOFAIL does not override NORETRY: nobody sets both. */
function retries(gfp: number, order: Order): boolean {
  if ((gfp & __GFP_NORETRY) !== 0) return false;
  return order <= COSTLY_ORDER || (gfp & (__GFP_REPEAT | __GFP_NOFAIL)) !== 0;
}

/** The first zone of the list that may give a block and has one. @returns its first page, or 0. */
function takeFrom(k: Kernel, zonelist: readonly ZoneIndex[], gfp: number, order: Order, pass: PassNumber): Addr {
  const classzone = zonelist[0]!;
  for (let position = 0; position < zonelist.length; position++) {
    const index = zonelist[position]!;
    const m = k.zones[index];
    let mark = 0;
    if (pass !== PASS_NOMARK) {
      mark = k.memory.u32[(m.zone >>> 2) + MARKS[pass]]!;
      if (pass === PASS_MIN) mark = relaxed(mark, gfp);
      if (!aboveMark(k.memory, m.zone, order, mark, classzone)) {
        if (k.events !== null) recordTry(k, { index, classzone, order, pass, mark, ok: false });
        continue;
      }
    }
    if (k.events !== null) recordTry(k, { index, classzone, order, pass, mark, ok: true });
    const page = takePages(m, (gfp & __GFP_COLD) === 0 ? HOT : COLD, order);
    if (page === 0) {
      if (k.events !== null) k.events.push({ kind: "zone-empty", zone: zoneNames[index], order });
      continue;
    }
    if ((gfp & __GFP_ZERO) !== 0) zeroPages(k, page, order);
    return page;
  }
  return 0;
}

/** Urgent callers may go down to half of the mark, and who cannot wait to three quarters of what is left of it. */
function relaxed(mark: number, gfp: number): number {
  const min = (gfp & __GFP_HIGH) === 0 ? mark : mark - (mark >>> 1);
  return (gfp & __GFP_WAIT) === 0 ? min - Math.trunc(min / 4) : min;
}

function zeroPages(k: Kernel, page: Addr, order: Order): void {
  const pfn = pageToPfn(k, page);
  for (let each = pfn; each < pfn + (1 << order); each++) zeroFrame(k, each);
}

/** Direct reclaim, with PF_MEMALLOC on the task so that it does not start another one inside. @returns pages freed. */
function reclaim(k: Kernel, zonelist: readonly ZoneIndex[], gfp: number, order: Order): number {
  if (k.events !== null) k.events.push({ kind: "direct-reclaim", order });
  const flags = taskFlags(k);
  k.memory.u32[flags]! |= PF_MEMALLOC;
  const freed = k.ops.tryToFreePages(k, zonelist, gfp, order);
  k.memory.u32[flags]! &= ~PF_MEMALLOC;
  if (k.events !== null) k.events.push({ kind: "direct-reclaim-done", freed });
  return freed;
}

/** Word index of the flags of the current task; while there is none, of the kernel's own. */
function taskFlags(k: Kernel): number {
  const current = k.memory.u32[(k.data + CURRENT) >>> 2]!;
  return (current === 0 ? k.data + INIT_FLAGS : current + taskStruct.offset.flags) >>> 2;
}

function mayTakeLastPages(k: Kernel): boolean {
  const { u32 } = k.memory;
  const current = u32[(k.data + CURRENT) >>> 2]!;
  const threadFlags = current === 0 ? k.data + INIT_THREAD_FLAGS : current + taskStruct.offset.thread_flags;
  return (u32[taskFlags(k)]! & PF_MEMALLOC) !== 0 || (u32[threadFlags >>> 2]! & TIF_MEMDIE) !== 0;
}
