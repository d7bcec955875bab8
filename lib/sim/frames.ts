// What page frames contain, and the three names of one place: frame number and offset, machine address, kernel virtual address.
// Theory:     a machine has more frames than anybody ever looks into, so contents are kept only for frames that were written:
//             `frameTable[pfn]` is the machine address of 4096 bytes, or 0 for "all zeros, never written". A block of 2^order frames
//             gets its contents in one run, so a slab is contiguous in the machine's memory too.
// Source:     Linux 2.6.11 asm-i386/page.h (__va, __pa, virt_to_page), linux/mm.h (page_address) for the names
// Simplified: freeing a block drops its contents.
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

/** Machine address of the frame's contents, 0 if it was never written. */
export function peekFrame(k: Kernel, pfn: Pfn): Addr {
  return pfn < k.pages ? k.memory.u32[(k.frameTable >>> 2) + pfn]! : 0;
}

/**
 * Machine address of the contents of the block of 2^order frames at `pfn`, made (zeroed) at the first call.
 * @throws RangeError when `config.contents` frames are in use.
 */
export function frameAt(k: Kernel, pfn: Pfn, order: Order = 0): Addr {
  return peekFrame(k, pfn) || makeContents(k, pfn, order);
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
  for (let each = pfn; each < pfn + (1 << order); each++) {
    const at = peekFrame(k, each);
    if (at === 0) continue;
    k.memory.u32[(k.frameTable >>> 2) + each] = 0;
    releaseRun(k, at);
  }
}

/** Moves the contents of a frame out of its hands, e.g. to a disk block; 0 if it had none. */
export function takeContents(k: Kernel, pfn: Pfn): Addr {
  const at = peekFrame(k, pfn);
  k.memory.u32[(k.frameTable >>> 2) + pfn] = 0;
  return at;
}

/** Gives a run of one frame that `takeContents` returned to a frame without contents. */
export function giveContents(k: Kernel, pfn: Pfn, at: Addr): void {
  dropContents(k, pfn, 0);
  if (at === 0) return;
  k.memory.u32[(k.frameTable >>> 2) + pfn] = at;
  k.memory.u32[(k.contentsOwner >>> 2) + ((at - k.contents) >>> PAGE_SHIFT)] = pfn;
}

/** A zeroed run of one page that belongs to no frame: what a disk block holds. */
export function newRun(k: Kernel): Addr {
  const at = takeRun(k, 0);
  k.memory.u8.fill(0, at, at + PAGE_SIZE);
  return at;
}

export function releaseRun(k: Kernel, at: Addr): void {
  const w = k.memory.u32;
  const head = (k.data + FREE) >>> 2;
  w[at >>> 2] = w[head]!;
  w[head] = at;
  w[(k.data + HELD) >>> 2]! -= 1;
}

function makeContents(k: Kernel, pfn: Pfn, order: Order): Addr {
  if (pfn + (1 << order) > k.pages)
    throw new RangeError(`frame ${pfn} of order ${order}: the machine has ${k.pages} frames`);
  const at = takeRun(k, order);
  const w = k.memory.u32;
  w.fill(0, at >>> 2, (at >>> 2) + (PAGE_WORDS << order));
  for (let index = 0; index < 1 << order; index++) {
    w[(k.frameTable >>> 2) + pfn + index] = at + index * PAGE_SIZE;
    w[(k.contentsOwner >>> 2) + ((at - k.contents) >>> PAGE_SHIFT) + index] = pfn + index;
  }
  return at;
}

/** Runs are freed page by page, so only single pages are ever reused; longer runs come from untouched contents. */
function takeRun(k: Kernel, order: Order): Addr {
  const w = k.memory.u32;
  const size = 1 << order;
  w[(k.data + HELD) >>> 2]! += size;
  const head = (k.data + FREE) >>> 2;
  if (order === 0 && w[head] !== 0) {
    const at = w[head]!;
    w[head] = w[at >>> 2]!;
    return at;
  }
  const used = w[(k.data + USED) >>> 2]!;
  if (order >= MAX_ORDER || used + size > k.config.contents)
    throw new RangeError(
      `${k.config.contents} frames hold contents already and ${size} more are wanted: boot the machine with more \`contents\``,
    );
  w[(k.data + USED) >>> 2] = used + size;
  return k.contents + used * PAGE_SIZE;
}
