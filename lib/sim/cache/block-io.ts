// Reads and writes on their way to a device.
// Theory:     a reader sleeps until its data are there, so a read is done when it returns. A write is only started. With
//             `config.io` "sync" the device answers at once; with "async" the write stays under way until the driver of the machine
//             says `ioDone`, somebody waits for it, or the queue is full and the oldest must end first.
// Source:     Linux 2.6.11 drivers/block/ll_rw_blk.c (submit_bio, get_request_wait, queue_congestion_on_threshold,
//             blk_congestion_wait), linux/backing-dev.h (bdi_write_congested)
// Simplified: one queue for all devices, one request a page, never merged or reordered. Congested from nr_requests * 7/8 + 1 on (the
//             kernel has a lower mark for ending it). The data are on the device when the write starts. A nap ends all writes that
//             are under way.
import { newRun, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { testPageFlag } from "../page-fields";
import { reclaimVar } from "../reclaim/reclaim-data";
import { pageState } from "../structs";
import { cacheVar } from "./cache-data";
import { endPageWriteback } from "./page-cache";
import { requestQueue } from "./structs";

const SECTORS_PER_PAGE = 8;
/** BLKDEV_MAX_RQ. */
export const BLKDEV_MAX_RQ = 128;
/** Writes under way at most: the places of the ring. */
export const RING = 1024;
const PGPGIN = pageState.offset.pgpgin >>> 2;
const PGPGOUT = pageState.offset.pgpgout >>> 2;
const FIRST = requestQueue.offset.first >>> 2;
const NR = requestQueue.offset.nr >>> 2;
const NR_REQUESTS = requestQueue.offset.nr_requests >>> 2;

/** A page was read from a device: counts it, in sectors as the kernel does. */
export function submitRead(k: Kernel, page: Addr): void {
  k.memory.u32[(k.pageState >>> 2) + PGPGIN]! += SECTORS_PER_PAGE;
  if (k.events !== null) k.events.push({ kind: "io-read", pfn: pageToPfn(k, page) });
}

/** Starts the write of an unlocked page under writeback whose data the device has taken over. */
export function submitWrite(k: Kernel, page: Addr): void {
  k.memory.u32[(k.pageState >>> 2) + PGPGOUT]! += SECTORS_PER_PAGE;
  if (k.events !== null) k.events.push({ kind: "io-write", pfn: pageToPfn(k, page) });
  if (k.config.io === "sync") {
    endPageWriteback(k, page);
    return;
  }
  const queue = cacheVar(k, "queue") >>> 2;
  if (k.memory.u32[queue] === 0) k.memory.u32[queue] = newRun(k);
  if (k.memory.u32[queue + NR]! >= Math.min(k.memory.u32[queue + NR_REQUESTS]!, RING)) finishWrites(k, 1);
  const w = k.memory.u32;
  w[slot(k, w[queue + NR]!)] = page;
  w[queue + NR]! += 1;
}

/** The device has written this page. @throws KernelBug `no-writeback` if its write is not under way. */
export function ioDone(k: Kernel, page: Addr): void {
  const w = k.memory.u32;
  const queue = cacheVar(k, "queue") >>> 2;
  const nr = w[queue + NR]!;
  let place = 0;
  while (place < nr && w[slot(k, place)] !== page) place++;
  if (place === nr) throw new KernelBug("no-writeback", { pfn: pageToPfn(k, page) });
  for (; place + 1 < nr; place++) w[slot(k, place)] = w[slot(k, place + 1)]!;
  w[queue + NR] = nr - 1;
  if (k.events !== null) k.events.push({ kind: "io-done", pfn: pageToPfn(k, page) });
  endPageWriteback(k, page);
}

/** Ends up to `most` writes, oldest first. @returns how many. */
export function finishWrites(k: Kernel, most: number): number {
  let done = 0;
  for (; done < most && writesUnderWay(k) > 0; done++) ioDone(k, k.memory.u32[slot(k, 0)]!);
  return done;
}

export function writesUnderWay(k: Kernel): number {
  return k.memory.u32[(cacheVar(k, "queue") >>> 2) + NR]!;
}

/** bdi_write_congested: the queue is nearly full; only kswapd and pdflush may add to it. */
export function writeCongested(k: Kernel): boolean {
  const requests = k.memory.u32[(cacheVar(k, "queue") >>> 2) + NR_REQUESTS]!;
  return k.config.io === "async" && writesUnderWay(k) >= requests - (requests >>> 3) + 1;
}

/** wait_on_page_writeback. */
export function waitOnPageWriteback(k: Kernel, page: Addr): void {
  if (testPageFlag(k, page, "PG_writeback")) ioDone(k, page);
}

/** blk_congestion_wait: sleeps; meanwhile the device ends what is under way. */
export function congestionWait(k: Kernel, jiffies: number): void {
  k.memory.u32[reclaimVar(k, "napped") >>> 2]! += jiffies;
  if (k.events !== null) k.events.push({ kind: "nap", jiffies });
  finishWrites(k, RING);
}

/** Word index of a place in the ring, counted from the oldest write. */
function slot(k: Kernel, place: number): number {
  const queue = cacheVar(k, "queue") >>> 2;
  return (k.memory.u32[queue]! >>> 2) + ((k.memory.u32[queue + FIRST]! + place) % RING);
}
