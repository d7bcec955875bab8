// The allocator before the page allocator: one bit a page of low memory, first fit, and small requests packed into pages.
// Theory:     boot needs a few large and many small pieces that stay for ever, so nothing is written down but which pages are taken and
//             where the last piece ended. A request that fits behind it, in the rest of its page, starts there.
//
//     page   0 1 2 3 4 5 6 7        last_pos 4, last_offset 0x280: the next small piece starts in page 4 at 0x280,
//     bits   1 1 0 0 1 0 0 1        if page 5 is the free page that the search finds
//
// Source:     Linux 2.6.11 mm/bootmem.c (init_bootmem_core, free_bootmem_core, reserve_bootmem_core, __alloc_bootmem_core);
//             Gorman 5.1-5.4
// Simplified: one node. Where the search would read a bit behind the map, that page is not free. The kernel clears what it hands out;
//             here contents are zeros anyway.
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import type { Memory } from "../memory";
import { bootmemData } from "./structs";

/** A boot memory allocator in some memory: its `bootmem_data` lies at `data`. */
export interface Bootmem {
  readonly memory: Memory;
  readonly data: Addr;
}

/** As MAX_DMA_ADDRESS: ordinary boot allocations look above it first, to leave DMA memory alone. */
export const DMA_GOAL = 0x1000000;

export type BootmemField = keyof typeof bootmemData.offset;

export function readBootmem({ memory, data }: Bootmem, field: BootmemField): number {
  return memory.u32[(data + bootmemData.offset[field]) >>> 2]!;
}

function write({ memory, data }: Bootmem, field: BootmemField, value: number): void {
  memory.u32[(data + bootmemData.offset[field]) >>> 2] = value;
}

/** Bytes of the bitmap of that many pages: whole words. */
export function bootmapBytes(pages: number): number {
  return Math.ceil(Math.ceil(pages / 8) / 4) * 4;
}

/** Everything is reserved until `freeBootmem` says that there is RAM. `map`: machine address of the bitmap. @returns its bytes. */
export function initBootmem(b: Bootmem, map: Addr, lowPages: number): number {
  const bytes = bootmapBytes(lowPages);
  write(b, "node_boot_start", 0);
  write(b, "node_low_pfn", lowPages);
  write(b, "node_bootmem_map", map);
  write(b, "last_offset", 0);
  write(b, "last_pos", 0);
  write(b, "last_success", 0);
  b.memory.u8.fill(0xff, map, map + bytes);
  return bytes;
}

/** There is no boot allocator any more. */
export function endBootmem(b: Bootmem): void {
  write(b, "node_bootmem_map", 0);
}

/** Whether the page is reserved or allocated; pages behind the map are. */
export function bootmemBit(b: Bootmem, index: number): boolean {
  if (index >= readBootmem(b, "node_low_pfn")) return true;
  return (b.memory.u8[readBootmem(b, "node_bootmem_map") + (index >>> 3)]! & (1 << (index & 7))) !== 0;
}

function setBit(b: Bootmem, index: number): void {
  b.memory.u8[readBootmem(b, "node_bootmem_map") + (index >>> 3)]! |= 1 << (index & 7);
}

/**
 * Frees the pages that lie wholly inside the physical range.
 * @throws KernelBug `bootmem-range` for size 0 or a range beyond low memory, `bootmem-double-free` if a page is free already.
 */
export function freeBootmem(b: Bootmem, addr: number, size: number): void {
  const end = Math.floor((addr + size) / PAGE_SIZE);
  if (size === 0 || end > readBootmem(b, "node_low_pfn")) throw new KernelBug("bootmem-range", { addr, size });
  if (addr < readBootmem(b, "last_success")) write(b, "last_success", addr);
  const map = readBootmem(b, "node_bootmem_map");
  for (let index = Math.ceil(addr / PAGE_SIZE); index < end; index++) {
    const bit = 1 << (index & 7);
    if ((b.memory.u8[map + (index >>> 3)]! & bit) === 0) throw new KernelBug("bootmem-double-free", { pfn: index });
    b.memory.u8[map + (index >>> 3)]! &= ~bit;
  }
}

/**
 * Reserves every page that the physical range touches; pages that are reserved already stay so.
 * @throws KernelBug `bootmem-range` for size 0 or a range beyond low memory.
 */
export function reserveBootmem(b: Bootmem, addr: number, size: number): void {
  const end = Math.ceil((addr + size) / PAGE_SIZE);
  const low = readBootmem(b, "node_low_pfn");
  if (size === 0 || addr >>> PAGE_SHIFT >= low || end > low) throw new KernelBug("bootmem-range", { addr, size });
  for (let index = addr >>> PAGE_SHIFT; index < end; index++) setBit(b, index);
}

/**
 * `__alloc_bootmem_core`: zeroed memory of that many bytes, at or above `goal` if there is any.
 * @param align a power of two, or 0, which also makes `goal` meaningless.
 * @returns the physical address, or null.
 * @throws KernelBug `bootmem-request` for size 0 or an alignment that is no power of two.
 */
export function allocBootmemCore(b: Bootmem, size: number, align: number, goal: number): number | null {
  if (size <= 0 || (align & (align - 1)) !== 0) throw new KernelBug("bootmem-request", { size, align });
  const pages = Math.ceil(size / PAGE_SIZE);
  const step = align >>> PAGE_SHIFT || 1;
  const preferred = preferredPage(b, align, goal);
  let start = findArea(b, preferred, pages, step);
  if (start === null && preferred > 0) start = findArea(b, 0, pages, step);
  if (start === null) return null;
  write(b, "last_success", start << PAGE_SHIFT);
  return place(b, { start, pages, size, align });
}

/** `__alloc_bootmem`: as the core. @throws KernelBug `bootmem-out-of-memory`: the kernel panics. */
export function allocBootmem(b: Bootmem, size: number, align: number, goal: number): number {
  const addr = allocBootmemCore(b, size, align, goal);
  if (addr === null) throw new KernelBug("bootmem-out-of-memory", { size });
  return addr;
}

/** The last search ended at `last_success`, so one with a goal goes on from there; one without starts at page 0 again. */
function preferredPage(b: Bootmem, align: number, goal: number): number {
  if (goal === 0 || goal >>> PAGE_SHIFT >= readBootmem(b, "node_low_pfn")) return 0;
  return roundUp(Math.max(goal, readBootmem(b, "last_success")), align) >>> PAGE_SHIFT;
}

/** The kernel's rounding expression, which gives 0 for align 0. */
function roundUp(value: number, align: number): number {
  return align === 0 ? 0 : Math.ceil(value / align) * align;
}

/** First of `pages` free pages in a row at a multiple of `step`, or null. */
function findArea(b: Bootmem, from: number, pages: number, step: number): number | null {
  const end = readBootmem(b, "node_low_pfn");
  for (let start = from; start < end; start += step) {
    start = roundUp(nextFree(b, start, end), step);
    if (bootmemBit(b, start)) continue;
    let next = start + 1;
    while (next < start + pages && !bootmemBit(b, next)) next++;
    if (next >= start + pages) return start;
    // The loop adds another step on top: the kernel passes over one slot that may be free.
    start = roundUp(next, step);
  }
  return null;
}

/** The first free page from there on, or `end`. */
function nextFree(b: Bootmem, from: number, end: number): number {
  const map = readBootmem(b, "node_bootmem_map");
  const { u8 } = b.memory;
  let index = from;
  while (index < end) {
    if ((index & 7) === 0 && u8[map + (index >>> 3)] === 0xff) index += 8;
    else if ((u8[map + (index >>> 3)]! & (1 << (index & 7))) !== 0) index++;
    else return index;
  }
  return end;
}

/** Puts the piece behind the last one if that ended inside the page before `start`, else at `start`, and marks the new pages. */
function place(b: Bootmem, { start, pages, size, align }: Placement): number {
  const lastPos = readBootmem(b, "last_pos");
  const lastOffset = readBootmem(b, "last_offset");
  if (align >= PAGE_SIZE || lastOffset === 0 || lastPos + 1 !== start) {
    write(b, "last_pos", start + pages - 1);
    write(b, "last_offset", size % PAGE_SIZE);
    for (let index = start; index < start + pages; index++) setBit(b, index);
    return start * PAGE_SIZE;
  }
  const offset = roundUp(lastOffset, align);
  const room = PAGE_SIZE - offset;
  if (size < room) {
    write(b, "last_offset", offset + size);
    return lastPos * PAGE_SIZE + offset;
  }
  const rest = size - room;
  const more = Math.ceil(rest / PAGE_SIZE);
  write(b, "last_pos", start + more - 1);
  write(b, "last_offset", rest % PAGE_SIZE);
  for (let index = start; index < start + more; index++) setBit(b, index);
  return lastPos * PAGE_SIZE + offset;
}

interface Placement {
  readonly start: number;
  readonly pages: number;
  readonly size: number;
  readonly align: number;
}
