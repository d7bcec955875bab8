// What page frames contain, and the three names of one place: frame number and offset, machine address, kernel virtual address.
// Theory:     a machine has more frames than anybody ever looks into, so contents are kept only for frames that were written:
//             `frameTable[pfn]` is the machine address of 4096 bytes, or 0 for "all zeros, never written". A block of 2^order frames
//             gets its contents in one run, so a slab is contiguous in the machine's memory too. Runs come from untouched memory
//             and are cut, used again and, when nothing else is left, put together.
// Source:     Linux 2.6.11 asm-i386/page.h (__va, __pa, virt_to_page), linux/mm.h (page_address) for the names
// Simplified: freeing a block drops its contents, so a new page reads as zeros even without __GFP_ZERO.
//
//     pfn 0x123 --frameTable--> machine address 0x40_5000 <--> kernel virtual 0xC012_3000 (low memory only)
import { PAGE_SHIFT, PAGE_SIZE } from "./constants";
import type { Kernel } from "./kernel";
import { contentsData, kernelData } from "./kernel-data";
import type { Addr, Order, Pfn } from "./machine";
import { MAX_ORDER, page as pageStruct } from "./structs";

export const PAGE_OFFSET = 0xc0000000;
const PAGE_WORDS = PAGE_SIZE >>> 2;
const CONTENTS = kernelData.offset.contents;
const USED = CONTENTS + contentsData.offset.used;
const HELD = CONTENTS + contentsData.offset.held;
const FREE = CONTENTS + contentsData.offset.free;

/** The `struct page` of a frame, 0 if the machine has no such frame. */
export function pfnToPage(k: Kernel, pfn: Pfn): Addr {
  return pfn >= 0 && pfn < k.pages ? k.memMap + pfn * pageStruct.size : 0;
}

/** The frame of a `struct page`. */
export function pageToPfn(k: Kernel, page: Addr): Pfn {
  return ((page - k.memMap) / pageStruct.size) >>> 0;
}

/** A `struct page` of the machine lies at this address. */
export function isPage(k: Kernel, address: Addr): boolean {
  const offset = address - k.memMap;
  return offset >= 0 && offset < k.pages * pageStruct.size && offset % pageStruct.size === 0;
}

/** An address at which a structure of this size can lie: inside the memory, on a word. */
export function canHold(k: Kernel, address: number, bytes: number): boolean {
  return address > 0 && address % 4 === 0 && address + bytes <= k.memory.byteLength;
}

/** Machine address of the frame's contents, 0 if it was never written. */
export function peekFrame(k: Kernel, pfn: Pfn): Addr {
  return pfn < k.pages ? k.memory.u32[(k.frameTable >>> 2) + pfn]! : 0;
}

/**
 * Machine address of the contents of the block of 2^order frames at `pfn`, made (zeroed) at the first call.
 * @throws RangeError when `config.contents` frames are in use.
 */
export function frameAt(k: Kernel, pfn: Pfn, order: Order = 0): Addr {
  const at = peekFrame(k, pfn);
  return at !== 0 && (order === 0 || isOneRun(k, pfn, order)) ? at : makeContents(k, pfn, order);
}

/** Machine address -> kernel virtual address of a low-memory frame's byte. */
export function virtOf(k: Kernel, address: Addr): number {
  return (PAGE_OFFSET + ownerOf(k, address) * PAGE_SIZE + (address & (PAGE_SIZE - 1))) >>> 0;
}

/** Kernel virtual address in low memory -> machine address. Makes contents if there are none. */
export function machineAddress(k: Kernel, virt: number): Addr {
  const phys = (virt - PAGE_OFFSET) >>> 0;
  return frameAt(k, phys >>> PAGE_SHIFT) + (phys & (PAGE_SIZE - 1));
}

/** virt_to_page for a machine address inside the contents: the struct page of the frame that owns it. */
export function addressToPage(k: Kernel, address: Addr): Addr {
  return pfnToPage(k, ownerOf(k, address));
}

/** The frame that owns this machine address; meaningless outside the contents. */
export function ownerOf(k: Kernel, address: Addr): Pfn {
  return k.memory.u32[(k.contentsOwner >>> 2) + ((address - k.contents) >>> PAGE_SHIFT)]!;
}

export function isContents(k: Kernel, address: Addr): boolean {
  return address >= k.contents && address < k.contents + k.config.contents * PAGE_SIZE;
}

/** One word of physical memory; an untouched frame reads as zeros. `paddr` is a multiple of 4. */
export function readPhys(k: Kernel, paddr: number): number {
  const at = peekFrame(k, paddr >>> PAGE_SHIFT);
  return at === 0 ? 0 : k.memory.u32[(at + (paddr & (PAGE_SIZE - 1))) >>> 2]!;
}

export function writePhys(k: Kernel, paddr: number, value: number): void {
  const at = frameAt(k, paddr >>> PAGE_SHIFT);
  k.memory.u32[(at + (paddr & (PAGE_SIZE - 1))) >>> 2] = value;
}

/** Copies a frame; an untouched source leaves the target without contents. */
export function copyFrame(k: Kernel, from: Pfn, to: Pfn): void {
  const source = peekFrame(k, from);
  if (source === 0) {
    zeroFrame(k, to);
    return;
  }
  const target = frameAt(k, to);
  k.memory.u8.copyWithin(target, source, source + PAGE_SIZE);
}

export function zeroFrame(k: Kernel, pfn: Pfn): void {
  const at = peekFrame(k, pfn);
  if (at !== 0) k.memory.u8.fill(0, at, at + PAGE_SIZE);
}

/** Forgets the contents of the frames of a block: called when the block is freed. */
export function dropContents(k: Kernel, pfn: Pfn, order: Order): void {
  const table = (k.frameTable >>> 2) + pfn;
  const first = k.memory.u32[table]!;
  if (order > 0 && first !== 0 && pfn + (1 << order) <= k.pages && isOneRun(k, pfn, order)) {
    k.memory.u32.fill(0, table, table + (1 << order));
    putRun(k, first, order);
    return;
  }
  // A wrong order may name frames beyond the machine.
  for (let index = 0; index < Math.min(1 << order, k.pages - pfn); index++) {
    const at = k.memory.u32[table + index]!;
    if (at === 0) continue;
    k.memory.u32[table + index] = 0;
    putRun(k, at, 0);
  }
}

/** A zeroed run of one page that belongs to no frame: what a disk block holds. */
export function newRun(k: Kernel): Addr {
  const at = takeRun(k, 0);
  k.memory.u8.fill(0, at, at + PAGE_SIZE);
  return at;
}

/** Gives back what `newRun` returned. */
export function releaseRun(k: Kernel, at: Addr): void {
  putRun(k, at, 0);
}

/** The contents of the block's frames lie one behind the other. */
function isOneRun(k: Kernel, pfn: Pfn, order: Order): boolean {
  const table = (k.frameTable >>> 2) + pfn;
  const first = k.memory.u32[table]!;
  for (let index = 1; index < 1 << order; index++)
    if (k.memory.u32[table + index] !== first + index * PAGE_SIZE) return false;
  return true;
}

/** Makes one run for the block; frames of it that were written one by one before keep what they hold. */
function makeContents(k: Kernel, pfn: Pfn, order: Order): Addr {
  if (pfn + (1 << order) > k.pages)
    throw new RangeError(`frame ${pfn} of order ${order}: the machine has ${k.pages} frames`);
  const at = takeRun(k, order);
  const w = k.memory.u32;
  w.fill(0, at >>> 2, (at >>> 2) + (PAGE_WORDS << order));
  for (let index = 0; index < 1 << order; index++) {
    const slot = (k.frameTable >>> 2) + pfn + index;
    const old = w[slot]!;
    if (old !== 0) {
      w.copyWithin((at >>> 2) + index * PAGE_WORDS, old >>> 2, (old >>> 2) + PAGE_WORDS);
      putRun(k, old, 0);
    }
    w[slot] = at + index * PAGE_SIZE;
    w[(k.contentsOwner >>> 2) + ((at - k.contents) >>> PAGE_SHIFT) + index] = pfn + index;
  }
  return at;
}

/** Word index of the list of free runs of that order, linked through their first words. */
function freeRuns(k: Kernel, order: Order): number {
  return (k.data + FREE + 4 * order) >>> 2;
}

function putRun(k: Kernel, at: Addr, order: Order): void {
  linkRun(k, at, order);
  k.memory.u32[(k.data + HELD) >>> 2]! -= 1 << order;
}

/** A run that was used before, a piece of a longer one, one that was never used, or one put together from pieces. */
function takeRun(k: Kernel, order: Order): Addr {
  let at = takeFree(k, order) || takeUnused(k, order);
  if (at === 0) {
    joinRuns(k);
    at = takeFree(k, order);
  }
  if (at === 0)
    throw new RangeError(
      `${k.config.contents} frames can hold contents and ${1 << order} more in a row are wanted: boot the machine with more \`contents\``,
    );
  k.memory.u32[(k.data + HELD) >>> 2]! += 1 << order;
  return at;
}

/** The first free run of the smallest sufficient order; what is left of it goes to the lists of its parts. */
function takeFree(k: Kernel, order: Order): Addr {
  const w = k.memory.u32;
  for (let current = order; current < MAX_ORDER; current++) {
    const head = freeRuns(k, current);
    const at = w[head]!;
    if (at === 0) continue;
    w[head] = w[at >>> 2]!;
    for (let part = current - 1; part >= order; part--) linkRun(k, at + (PAGE_SIZE << part), part);
    return at;
  }
  return 0;
}

function linkRun(k: Kernel, at: Addr, order: Order): void {
  const head = freeRuns(k, order);
  k.memory.u32[at >>> 2] = k.memory.u32[head]!;
  k.memory.u32[head] = at;
}

function takeUnused(k: Kernel, order: Order): Addr {
  const used = (k.data + USED) >>> 2;
  const before = k.memory.u32[used]!;
  if (order >= MAX_ORDER || before + (1 << order) > k.config.contents) return 0;
  k.memory.u32[used] = before + (1 << order);
  return k.contents + before * PAGE_SIZE;
}

/** Sorts all free runs by place and cuts what lies together into the longest runs: only when memory for contents runs out. */
function joinRuns(k: Kernel): void {
  const w = k.memory.u32;
  const pages: Addr[] = [];
  for (let order = 0; order < MAX_ORDER; order++) {
    for (let at = w[freeRuns(k, order)]!; at !== 0; at = w[at >>> 2]!) {
      if (!isContents(k, at) || pages.length > k.config.contents)
        throw new RangeError(`the list of free runs of order ${order} leads to ${at}: somebody wrote into it`);
      for (let page = 0; page < 1 << order; page++) pages.push(at + page * PAGE_SIZE);
    }
    w[freeRuns(k, order)] = 0;
  }
  pages.sort((a, b) => a - b);
  for (let start = 0; start < pages.length; ) {
    let length = 1;
    while (length < 1 << (MAX_ORDER - 1) && pages[start + length] === pages[start]! + length * PAGE_SIZE) length++;
    const order = 31 - Math.clz32(length);
    linkRun(k, pages[start]!, order);
    start += 1 << order;
  }
}
