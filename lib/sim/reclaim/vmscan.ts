// Reclaim: how much of which zone is scanned, for kswapd and for a request that frees pages itself.
// Theory:     a scan at priority p looks at the 2^-p part of each list, first of all very little (12), and at everything in the end (0).
//             It works in portions of 32 and stops when 32 pages were freed. Priorities that were reached are remembered per zone as
//             distress. kswapd goes over all zones up to the highest that is low, from the lowest up, so that low zones are never
//             left behind.
// Source:     Linux 2.6.11 mm/vmscan.c (shrink_zone, shrink_caches, try_to_free_pages, balance_pgdat, kswapd); Gorman 10.4, 10.6
// Simplified: one node. kswapd is a step of the driver of the machine (`runKswapd`) while it is awake.
import { readCache } from "../cache/cache-data";
import { wakeupBdflush } from "../cache/page-writeback";
import { type Kernel, type ZoneIndex, zoneIndices } from "../kernel";
import { kernelData } from "../kernel-data";
import type { BuddyMachine } from "../machine";
import { modPageState, readPageState } from "../page-state";
import { takeReclaimedSlab } from "../slab/reap";
import { zone as zoneStruct } from "../structs";
import { PF_KSWAPD, PF_MEMALLOC } from "../task-flags";
import { aboveMark } from "../watermark";
import { GFP_KERNEL } from "../zones/gfp";
import { zonesData } from "../zones/structs";
import { reclaimVar } from "./reclaim-data";
import { refillInactiveZone } from "./refill-inactive";
import { DEF_PRIORITY, type ScanControl, SWAP_CLUSTER_MAX, scanControl } from "./scan-control";
import { shrinkCache } from "./shrink-cache";
import { shrinkSlab } from "./shrink-slab";

/** 100 ms. */
const NAP = 100;
type ZoneField = Exclude<keyof typeof zoneStruct.fields, "lowmem_reserve" | "pageset" | "free_area">;

/**
 * Scans a zone at `sc.priority`. A list is scanned when at least 32 of its pages are due; until then they add up.
 * @throws KernelBug for broken lists.
 */
export function shrinkZone(k: Kernel, zone: BuddyMachine, sc: ScanControl): void {
  let active = due(k, zone, "nr_scan_active", read(k, zone, "nr_active") >>> sc.priority);
  let inactive = due(k, zone, "nr_scan_inactive", read(k, zone, "nr_inactive") >>> sc.priority);
  k.memory.u32[reclaimVar(k, "priority") >>> 2] = sc.priority;
  if (k.events !== null)
    k.events.push({ kind: "shrink-zone", startPfn: zone.startPfn, priority: sc.priority, active, inactive });
  sc.nrToReclaim = SWAP_CLUSTER_MAX;
  while (active > 0 || inactive > 0) {
    if (active > 0) {
      sc.nrToScan = Math.min(active, SWAP_CLUSTER_MAX);
      active -= sc.nrToScan;
      refillInactiveZone(k, zone, sc);
    }
    if (inactive > 0) {
      sc.nrToScan = Math.min(inactive, SWAP_CLUSTER_MAX);
      inactive -= sc.nrToScan;
      shrinkCache(k, zone, sc);
      if (sc.nrToReclaim <= 0) break;
    }
  }
}

/**
 * Direct reclaim: frees pages in the zones of a request, harder from round to round. What `k.ops.tryToFreePages` does.
 * @returns the pages freed once a round has freed 32 (the kernel says 1); 0 if none did, whatever came together before.
 */
export function tryToFreePages(k: Kernel, zonelist: readonly ZoneIndex[], gfp: number): number {
  const zones = zonelist.map((index) => k.zones[index]);
  const sc = scanControl(k, gfp);
  let totalScanned = 0;
  let lruPages = 0;
  let freed = 0;
  let success = false;
  modPageState(k, "allocstall", 1);
  takeReclaimedSlab(k);
  for (const zone of zones) {
    write(k, zone, "temp_priority", DEF_PRIORITY);
    lruPages += read(k, zone, "nr_active") + read(k, zone, "nr_inactive");
  }
  for (let priority = DEF_PRIORITY; priority >= 0 && !success; priority--) {
    Object.assign(sc, { nrMapped: scanControl(k, gfp).nrMapped, nrScanned: 0, nrReclaimed: 0, priority });
    if (k.events !== null) k.events.push({ kind: "reclaim-round", by: "direct", priority, endZone: zonelist[0] ?? 0 });
    for (const zone of zones) if (setPriority(k, zone, priority)) shrinkZone(k, zone, sc);
    shrinkSlab(k, sc.nrScanned, gfp, lruPages);
    sc.nrReclaimed += takeReclaimedSlab(k);
    freed += sc.nrReclaimed;
    success = sc.nrReclaimed >= SWAP_CLUSTER_MAX;
    if (!success) {
      totalScanned += sc.nrScanned;
      if (totalScanned > SWAP_CLUSTER_MAX + SWAP_CLUSTER_MAX / 2) {
        wakeupBdflush(k, readCache(k, "laptop_mode") === 1 ? 0 : totalScanned);
        sc.mayWritepage = true;
      }
      if (sc.nrScanned > 0 && priority < DEF_PRIORITY - 2) k.ops.congestionWait(k, NAP);
    }
  }
  for (const zone of zones) write(k, zone, "prev_priority", read(k, zone, "temp_priority"));
  return success ? freed : 0;
}

/**
 * kswapd's work: frees pages until every zone has pages_high free, or nothing can be freed any more.
 * @returns pages freed in the last pass.
 */
export function balancePgdat(k: Kernel, order: number): number {
  for (;;) {
    modPageState(k, "pageoutrun", 1);
    const sc = scanControl(k, GFP_KERNEL);
    for (const zone of k.zones) write(k, zone, "temp_priority", DEF_PRIORITY);
    const { ok, reclaimed } = pass(k, sc, order);
    for (const zone of k.zones) write(k, zone, "prev_priority", read(k, zone, "temp_priority"));
    if (ok) return reclaimed;
  }
}

/** Runs kswapd if it is awake, until it sleeps again; called by its own requests for memory it does nothing. @returns pages it freed. */
export function runKswapd(k: Kernel): number {
  const zones = k.data + kernelData.offset.zones;
  const awake = (zones + zonesData.offset.kswapd_awake) >>> 2;
  const wanted = (zones + zonesData.offset.kswapd_max_order) >>> 2;
  const current = (k.data + kernelData.offset.current) >>> 2;
  const flags = (zones + zonesData.offset.init_flags) >>> 2;
  const runs = reclaimVar(k, "kswapd_runs") >>> 2;
  if (k.memory.u32[awake] === 0 || k.memory.u32[runs] !== 0) return 0;
  const before = { task: k.memory.u32[current]!, flags: k.memory.u32[flags]! };
  const start = readPageState(k, "kswapd_steal");
  k.memory.u32[current] = 0;
  k.memory.u32[flags]! |= PF_MEMALLOC | PF_KSWAPD;
  k.memory.u32[runs] = 1;
  for (let order = -1; k.memory.u32[wanted]! > order || order < 0; ) {
    order = Math.max(order, k.memory.u32[wanted]!);
    k.memory.u32[wanted] = 0;
    balancePgdat(k, order);
  }
  k.memory.u32[runs] = 0;
  k.memory.u32[flags] = before.flags;
  k.memory.u32[current] = before.task;
  k.memory.u32[awake] = 0;
  const freed = readPageState(k, "kswapd_steal") - start;
  if (k.events !== null) k.events.push({ kind: "kswapd-sleep", reclaimed: freed });
  return freed;
}

/** One descent through the priorities. @returns whether all zones are well now. */
function pass(k: Kernel, sc: ScanControl, order: number): { ok: boolean; reclaimed: number } {
  let totalScanned = 0;
  let totalReclaimed = 0;
  let ok = true;
  for (let priority = DEF_PRIORITY; priority >= 0; priority--) {
    const endZone = highestLowZone(k, order, priority);
    if (endZone < 0) return { ok: true, reclaimed: totalReclaimed };
    if (k.events !== null) k.events.push({ kind: "reclaim-round", by: "kswapd", priority, endZone });
    const zones = k.zones.slice(0, endZone + 1);
    const lruPages = zones.reduce((sum, zone) => sum + read(k, zone, "nr_active") + read(k, zone, "nr_inactive"), 0);
    ok = true;
    for (const zone of zones) {
      if (skipped(k, zone, priority)) continue;
      if (!aboveMark(k.memory, zone.zone, order, read(k, zone, "pages_high"), endZone)) ok = false;
      setPriority(k, zone, priority);
      Object.assign(sc, { nrScanned: 0, nrReclaimed: 0, priority });
      shrinkZone(k, zone, sc);
      takeReclaimedSlab(k);
      shrinkSlab(k, sc.nrScanned, GFP_KERNEL, lruPages);
      totalReclaimed += sc.nrReclaimed + takeReclaimedSlab(k);
      totalScanned += sc.nrScanned;
      giveUpIfHopeless(k, zone);
      if (totalScanned > SWAP_CLUSTER_MAX * 2 && totalScanned > totalReclaimed + Math.trunc(totalReclaimed / 2))
        sc.mayWritepage = true;
    }
    if (ok) break;
    if (totalScanned > 0 && priority < DEF_PRIORITY - 2) k.ops.congestionWait(k, NAP);
    if (totalReclaimed >= SWAP_CLUSTER_MAX) break;
  }
  return { ok, reclaimed: totalReclaimed };
}

/** The zone of the highest index that is below pages_high, reserves left aside; -1 if there is none. */
function highestLowZone(k: Kernel, order: number, priority: number): number {
  return zoneIndices.findLastIndex((index) => {
    const zone = k.zones[index];
    return !skipped(k, zone, priority) && !aboveMark(k.memory, zone.zone, order, read(k, zone, "pages_high"), 0);
  });
}

/** Nothing is there, or nothing to be had; a hopeless zone is tried at the first priority only. */
function skipped(k: Kernel, zone: BuddyMachine, priority: number): boolean {
  return zone.pages === 0 || (read(k, zone, "all_unreclaimable") !== 0 && priority !== DEF_PRIORITY);
}

/** Notes the priority of a scan in the zone. @returns whether the zone shall be scanned. */
function setPriority(k: Kernel, zone: BuddyMachine, priority: number): boolean {
  if (zone.pages === 0) return false;
  write(k, zone, "temp_priority", priority);
  if (read(k, zone, "prev_priority") > priority) write(k, zone, "prev_priority", priority);
  return !skipped(k, zone, priority);
}

function giveUpIfHopeless(k: Kernel, zone: BuddyMachine): void {
  if (read(k, zone, "all_unreclaimable") !== 0) return;
  if (read(k, zone, "pages_scanned") < (read(k, zone, "nr_active") + read(k, zone, "nr_inactive")) * 4) return;
  write(k, zone, "all_unreclaimable", 1);
  if (k.events !== null) k.events.push({ kind: "all-unreclaimable", startPfn: zone.startPfn });
}

/** Adds what one call adds to the pages due of a list. @returns them if they are enough for a scan, else 0. */
function due(k: Kernel, zone: BuddyMachine, field: "nr_scan_active" | "nr_scan_inactive", part: number): number {
  const pages = read(k, zone, field) + part + 1;
  write(k, zone, field, pages >= SWAP_CLUSTER_MAX ? 0 : pages);
  return pages >= SWAP_CLUSTER_MAX ? pages : 0;
}

function read(k: Kernel, zone: BuddyMachine, field: ZoneField): number {
  return k.memory.u32[(zone.zone + zoneStruct.offset[field]) >>> 2]!;
}

function write(k: Kernel, zone: BuddyMachine, field: ZoneField, value: number): void {
  k.memory.u32[(zone.zone + zoneStruct.offset[field]) >>> 2] = value;
}
