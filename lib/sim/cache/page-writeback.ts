// How much may be dirty, and who writes when it is too much.
// Theory:     two limits in percent of memory. Above the lower one pdflush writes in the background; above the upper one whoever
//             dirties pages must write some itself first. The check is made once every `ratelimit_pages` dirtied pages.
// Source:     Linux 2.6.11 mm/page-writeback.c (get_dirty_limits, balance_dirty_pages, balance_dirty_pages_ratelimited,
//             background_writeout, wb_kupdate, wakeup_bdflush, page_writeback_init, set_ratelimit)
// Simplified: pdflush is a step of the driver (`runPdflush`), and so is its timer (`wbTimer`), which writes itself.
import { HZ } from "../constants";
import { current, jiffies } from "../current";
import type { Kernel } from "../kernel";
import { readPageState } from "../page-state";
import { reclaimVar } from "../reclaim/reclaim-data";
import { zone as zoneStruct } from "../structs";
import { taskStruct } from "../structs-mm";
import { PF_LESS_THROTTLE } from "../task-flags";
import { cacheVar, readCache, writeCache } from "./cache-data";
import { type WritebackControl, writebackInodes } from "./fs-writeback";

const MAX_WRITEBACK_PAGES = 1024;
/** dirty_expire_centisecs: 30 s. */
export const DIRTY_EXPIRE_JIFFIES = 30 * HZ;
/** dirty_writeback_centisecs: 5 s. */
const DIRTY_WRITEBACK_JIFFIES = 5 * HZ;

export interface DirtyLimits {
  /** In pages. */
  readonly background: number;
  readonly dirty: number;
}

/** The limits for a machine of `total` pages of which `mapped` stand in page tables. Percents truncate. */
export function dirtyLimits(
  total: number,
  mapped: number,
  ratio: { readonly background: number; readonly dirty: number },
): DirtyLimits {
  const unmappedRatio = 100 - Math.trunc((mapped * 100) / total);
  const dirtyRatio = Math.max(Math.min(ratio.dirty, Math.trunc(unmappedRatio / 2)), 5);
  const backgroundRatio = ratio.background >= dirtyRatio ? Math.trunc(dirtyRatio / 2) : ratio.background;
  return { background: Math.trunc((backgroundRatio * total) / 100), dirty: Math.trunc((dirtyRatio * total) / 100) };
}

/** get_dirty_limits for the current task. */
export function getDirtyLimits(k: Kernel): DirtyLimits {
  const ratio = { background: readCache(k, "dirty_background_ratio"), dirty: readCache(k, "vm_dirty_ratio") };
  const limits = dirtyLimits(readCache(k, "total_pages"), readPageState(k, "nr_mapped"), ratio);
  const task = current(k);
  if (task === 0 || (k.memory.u32[(task + taskStruct.offset.flags) >>> 2]! & PF_LESS_THROTTLE) === 0) return limits;
  return {
    background: limits.background + Math.trunc(limits.background / 4),
    dirty: limits.dirty + Math.trunc(limits.dirty / 4),
  };
}

/** A page was dirtied by a write: now and then the limits are looked at. */
export function balanceDirtyPagesRatelimited(k: Kernel): void {
  const often = readCache(k, "dirty_exceeded") === 1 ? 8 : readCache(k, "ratelimit_pages");
  const dirtied = readCache(k, "ratelimits");
  writeCache(k, "ratelimits", dirtied >= often ? 0 : dirtied + 1);
  if (dirtied >= often) balanceDirtyPages(k);
}

/** Writes back until the dirty pages are within the upper limit or this writer has done its share. */
function balanceDirtyPages(k: Kernel): void {
  const rate = readCache(k, "ratelimit_pages");
  const chunk = rate + Math.trunc(rate / 2);
  let written = 0;
  let limits = getDirtyLimits(k);
  while (readPageState(k, "nr_dirty") + readPageState(k, "nr_writeback") > limits.dirty) {
    writeCache(k, "dirty_exceeded", 1);
    if (k.events !== null)
      k.events.push({
        kind: "throttle",
        dirty: readPageState(k, "nr_dirty"),
        writeback: readPageState(k, "nr_writeback"),
        limit: limits.dirty,
      });
    if (readPageState(k, "nr_dirty") > 0) {
      const wbc = control(chunk, { nonblocking: false });
      writebackInodes(k, wbc);
      limits = getDirtyLimits(k);
      if (readPageState(k, "nr_dirty") + readPageState(k, "nr_writeback") <= limits.dirty) break;
      written += chunk - wbc.nrToWrite;
      if (written >= chunk) break;
    }
    k.ops.congestionWait(k, HZ / 10);
    limits = getDirtyLimits(k);
  }
  if (readPageState(k, "nr_dirty") + readPageState(k, "nr_writeback") <= limits.dirty)
    writeCache(k, "dirty_exceeded", 0);
  const laptop = readCache(k, "laptop_mode") === 1;
  if (laptop ? written > 0 : readPageState(k, "nr_dirty") > limits.background) wakePdflush(k, 0);
}

/** wakeup_bdflush: pdflush shall write at least that many pages, 0 for all that are dirty now. */
export function wakeupBdflush(k: Kernel, pages: number): void {
  wakePdflush(k, pages || readPageState(k, "nr_dirty"));
}

/** The background writer, if it was woken: writes until the dirty pages are below the lower limit. @returns pages written. */
export function runPdflush(k: Kernel): number {
  if (readCache(k, "pdflush_wanted") === 0) return 0;
  let least = k.memory.i32[cacheVar(k, "pdflush_pages") >>> 2]!;
  let total = 0;
  writeCache(k, "pdflush_wanted", 0);
  for (;;) {
    if (readPageState(k, "nr_dirty") < getDirtyLimits(k).background && least <= 0) break;
    const wbc = control(MAX_WRITEBACK_PAGES, { nonblocking: true });
    writebackInodes(k, wbc);
    const written = MAX_WRITEBACK_PAGES - wbc.nrToWrite;
    total += written;
    least -= written;
    if (wbc.nrToWrite === 0) continue;
    k.ops.congestionWait(k, HZ / 10);
    if (!wbc.encounteredCongestion) break;
  }
  if (k.events !== null) k.events.push({ kind: "pdflush", pages: total });
  return total;
}

/** The periodic writer: writes what has been dirty for more than 30 s. @returns pages written. */
export function wbKupdate(k: Kernel): number {
  const now = jiffies(k);
  let left = readPageState(k, "nr_dirty") + readCache(k, "nr_inodes") - readCache(k, "nr_unused");
  let total = 0;
  while (left > 0) {
    const wbc = control(MAX_WRITEBACK_PAGES, {
      olderThanThis: now - DIRTY_EXPIRE_JIFFIES,
      nonblocking: true,
      forKupdate: true,
    });
    writebackInodes(k, wbc);
    const written = MAX_WRITEBACK_PAGES - wbc.nrToWrite;
    total += written;
    left -= written;
    if (wbc.nrToWrite === 0) continue;
    if (!wbc.encounteredCongestion) break;
    k.ops.congestionWait(k, HZ / 10);
  }
  if (k.events !== null) k.events.push({ kind: "pdflush", pages: total });
  return total;
}

/** wb_timer_fn, at any time: the periodic writer runs if its 5 s are over. @returns pages written. */
export function wbTimer(k: Kernel): number {
  const now = jiffies(k);
  if (((now - readCache(k, "wb_expires")) | 0) < 0) return 0;
  writeCache(k, "wb_expires", now + DIRTY_WRITEBACK_JIFFIES);
  return wbKupdate(k);
}

/**
 * page_writeback_init: limits and how often to check, from the memory that can be cached. The kernel does so early in its start, before
 * the zones have marks; total_memory (kswapd_init) comes after.
 */
export function initPageWriteback(k: Kernel): void {
  const all = zonePages(k, k.zonelists[2]!, "pages");
  const buffers = zonePages(k, k.zonelists[0]!, "pages");
  const correction = all === 0 ? 100 : Math.min(Math.trunc((400 * buffers) / all), 100);
  writeCache(k, "total_pages", all);
  writeCache(k, "dirty_background_ratio", Math.trunc((10 * correction) / 100));
  writeCache(k, "vm_dirty_ratio", Math.trunc((40 * correction) / 100));
  writeCache(k, "ratelimit_pages", Math.min(Math.max(Math.trunc(all / 32), 16), 1024));
  writeCache(k, "wb_expires", DIRTY_WRITEBACK_JIFFIES);
  k.memory.u32[reclaimVar(k, "total_memory") >>> 2] = zonePages(k, k.zonelists[2]!, "pages above pages_high");
}

/** nr_free_zone_pages: what the zones of a zonelist hold, above their pages_high once they have marks. */
function zonePages(k: Kernel, zonelist: readonly (0 | 1 | 2)[], what: "pages" | "pages above pages_high"): number {
  let sum = 0;
  for (const index of zonelist) {
    const { zone } = k.zones[index];
    const present = k.memory.u32[(zone + zoneStruct.offset.present_pages) >>> 2]!;
    const high = what === "pages" ? 0 : k.memory.u32[(zone + zoneStruct.offset.pages_high) >>> 2]!;
    sum += Math.max(0, present - high);
  }
  return sum;
}

function wakePdflush(k: Kernel, pages: number): void {
  writeCache(k, "pdflush_wanted", 1);
  writeCache(k, "pdflush_pages", pages);
  if (k.events !== null) k.events.push({ kind: "pdflush-wake", pages });
}

function control(nrToWrite: number, how: Partial<WritebackControl>): WritebackControl {
  return {
    nrToWrite,
    olderThanThis: null,
    nonblocking: false,
    forKupdate: false,
    encounteredCongestion: false,
    ...how,
  };
}
