// A disk to swap to: pages of bytes that lie outside the machine's frames.
// Theory:     the disk is hardware, so it takes no frame and no page of the kernel. Its contents are runs (frames.ts) that belong to no
//             frame; a page never written is all zeros and has no run. One run of 1024 words is the disk itself: how many pages it has,
//             how often it was read and written, then the addresses of tables of 1024 pages each.
// Source:     none: this stands for the block device below Linux 2.6.11 mm/page_io.c.
// Simplified: no request queue and no errors. The whole device is one file; a partition is a device of its own.
//
//     device -> [ pages | reads | writes | - | table 0 | table 1 | ... ]      table -> [ page 0 | page 1 | ... ]      page -> 4096 bytes
import { PAGE_SIZE } from "../constants";
import { frameAt, newRun, peekFrame, zeroFrame } from "../frames";
import type { Kernel } from "../kernel";
import { struct } from "../layout";
import type { Addr, Pfn } from "../machine";

export const swapDevice = struct("swap_device", { pages: "u32", reads: "u32", writes: "u32", unused: "u32" });

const TABLE_ENTRIES = PAGE_SIZE / 4;
const TABLES = swapDevice.size;
const MAX_DEVICE_PAGES = (TABLE_ENTRIES - TABLES / 4) * TABLE_ENTRIES;

/** A blank disk. @throws RangeError for a size outside 1..MAX_DEVICE_PAGES, or when no contents are left. */
export function createDevice(k: Kernel, pages: number): Addr {
  if (!Number.isInteger(pages) || pages < 1 || pages > MAX_DEVICE_PAGES)
    throw new RangeError(`a disk of ${pages} pages: it must have 1 to ${MAX_DEVICE_PAGES}`);
  const device = newRun(k);
  k.memory.u32[device >>> 2] = pages;
  return device;
}

export function devicePages(k: Kernel, device: Addr): number {
  return k.memory.u32[device >>> 2]!;
}

/** Machine address of a page of the disk, 0 if it was never written or does not exist. */
function peekDevice(k: Kernel, device: Addr, page: number): Addr {
  const w = k.memory.u32;
  if (page >= devicePages(k, device)) return 0;
  const table = w[(device + TABLES + Math.floor(page / TABLE_ENTRIES) * 4) >>> 2]!;
  return table === 0 ? 0 : w[(table >>> 2) + (page % TABLE_ENTRIES)]!;
}

/** Machine address of a page of the disk, made (zeroed) if needed. @throws RangeError beyond the end or without contents. */
export function deviceAt(k: Kernel, device: Addr, page: number): Addr {
  if (page >= devicePages(k, device)) throw new RangeError(`page ${page} of a disk of ${devicePages(k, device)} pages`);
  const slot = (device + TABLES + Math.floor(page / TABLE_ENTRIES) * 4) >>> 2;
  if (k.memory.u32[slot] === 0) k.memory.u32[slot] = newRun(k);
  const entry = (k.memory.u32[slot]! >>> 2) + (page % TABLE_ENTRIES);
  if (k.memory.u32[entry] === 0) k.memory.u32[entry] = newRun(k);
  return k.memory.u32[entry]!;
}

/** Copies a page of the disk into a frame. */
export function readDevice(k: Kernel, device: Addr, page: number, pfn: Pfn): void {
  k.memory.u32[(device + swapDevice.offset.reads) >>> 2]! += 1;
  const source = peekDevice(k, device, page);
  if (source === 0) zeroFrame(k, pfn);
  else k.memory.u8.copyWithin(frameAt(k, pfn), source, source + PAGE_SIZE);
}

/** Copies a frame to a page of the disk. */
export function writeDevice(k: Kernel, device: Addr, page: number, pfn: Pfn): void {
  k.memory.u32[(device + swapDevice.offset.writes) >>> 2]! += 1;
  const source = peekFrame(k, pfn);
  if (source === 0 && peekDevice(k, device, page) === 0) return;
  const target = deviceAt(k, device, page);
  if (source === 0) k.memory.u8.fill(0, target, target + PAGE_SIZE);
  else k.memory.u8.copyWithin(target, source, source + PAGE_SIZE);
}
