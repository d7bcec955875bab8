// The simulated disk: what every block of every file contains.
// Theory:     a file starts with contents that can be told from its number and the place (`initialWord`), so a disk of any size costs
//             nothing; only blocks that were written hold bytes, in runs of the machine's memory that belong to no frame. A block is
//             one page. Two levels of 1024 addresses each name the blocks of a file.
//                 disk_inode.i_block --> run of 1024 addresses --> run of 1024 addresses --> block
// Simplified: no file system format, no allocation of blocks, no directories: a file is known by its number from 1 on.
import { PAGE_SIZE } from "../constants";
import { dropContents, frameAt, newRun, peekFrame, releaseRun } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr, Pfn } from "../machine";
import { cacheVar, readCache } from "./cache-data";
import { diskInode } from "./structs";

const PAGE_WORDS = PAGE_SIZE >>> 2;
const PER_RUN = Math.floor(PAGE_SIZE / diskInode.size);
/** A block that was written with zeros and so needs no run. */
const ALL_ZERO = 1;
const MAX_FILES = PER_RUN * PAGE_WORDS;
/** The largest file in bytes: 2^20 - 1 pages, so that sizes stay below 2^32. */
export const MAX_FILE_BYTES = 0xfffff000;

/** Machine address of a file's `disk_inode`, 0 if there is no such file. */
export function diskInodeAt(k: Kernel, ino: number): Addr {
  if (!(ino >= 1 && ino <= readCache(k, "nr_files"))) return 0;
  const table = k.memory.u32[(readCache(k, "disk") >>> 2) + Math.floor((ino - 1) / PER_RUN)]!;
  return table + ((ino - 1) % PER_RUN) * diskInode.size;
}

/** @returns the number of a new empty file. @throws RangeError for too many files, or when `config.contents` is used up. */
export function newDiskInode(k: Kernel): number {
  const before = readCache(k, "nr_files");
  if (before === MAX_FILES) throw new RangeError(`the disk holds ${MAX_FILES} files already`);
  if (readCache(k, "disk") === 0) k.memory.u32[cacheVar(k, "disk") >>> 2] = newRun(k);
  const slot = (readCache(k, "disk") >>> 2) + Math.floor(before / PER_RUN);
  if (before % PER_RUN === 0) k.memory.u32[slot] = newRun(k);
  k.memory.u32[cacheVar(k, "nr_files") >>> 2] = before + 1;
  return before + 1;
}

/** What word `word` (0..1023) of page `index` of file `ino` reads as while nobody has written it. */
export function initialWord(ino: number, index: number, word: number): number {
  return (((ino & 0xff) << 24) | ((index & 0x3fff) << 10) | word) >>> 0;
}

/** Fills a frame with a block of the file. Bytes beyond the end are zeros. */
export function readBlock(k: Kernel, ino: number, index: number, pfn: Pfn): void {
  const at = diskInodeAt(k, ino);
  const block = blockOf(k, at, index);
  if (block > ALL_ZERO) {
    const frame = frameAt(k, pfn);
    k.memory.u8.copyWithin(frame, block, block + PAGE_SIZE);
    return;
  }
  dropContents(k, pfn, 0);
  const bytes = Math.min(field(k, at, "i_initial") - index * PAGE_SIZE, PAGE_SIZE);
  if (block === ALL_ZERO || bytes <= 0) return;
  const frame = frameAt(k, pfn);
  for (let word = 0; word < PAGE_WORDS; word++) k.memory.u32[(frame >>> 2) + word] = initialWord(ino, index, word);
  k.memory.u8.fill(0, frame + bytes, frame + PAGE_SIZE);
}

/** Keeps a copy of the frame as a block of the file. */
export function writeBlock(k: Kernel, ino: number, index: number, pfn: Pfn): void {
  const at = diskInodeAt(k, ino);
  const slot = blockSlot(k, at, index);
  const frame = peekFrame(k, pfn);
  const old = k.memory.u32[slot >>> 2]!;
  if (frame === 0) {
    if (old > ALL_ZERO) releaseRun(k, old);
    k.memory.u32[slot >>> 2] = ALL_ZERO;
    return;
  }
  const block = old > ALL_ZERO ? old : newRun(k);
  k.memory.u32[slot >>> 2] = block;
  k.memory.u8.copyWithin(block, frame, frame + PAGE_SIZE);
}

/** Puts bytes on the disk without going through the page cache: what a file contains from the start. */
export function writeBytes(k: Kernel, ino: number, bytes: Uint8Array): void {
  const at = diskInodeAt(k, ino);
  for (let start = 0; start < bytes.length; start += PAGE_SIZE) {
    const slot = blockSlot(k, at, start / PAGE_SIZE);
    const block = newRun(k);
    k.memory.u32[slot >>> 2] = block;
    k.memory.u8.set(bytes.subarray(start, start + PAGE_SIZE), block);
  }
}

/** Cuts the file's contents off at `size` bytes: what lies beyond reads as zeros from now on. */
export function truncateBlocks(k: Kernel, ino: number, size: number): void {
  const at = diskInodeAt(k, ino);
  const w = k.memory.u32;
  w[(at + diskInode.offset.i_initial) >>> 2] = Math.min(field(k, at, "i_initial"), size);
  const top = field(k, at, "i_block");
  if (top === 0) return;
  const first = Math.ceil(size / PAGE_SIZE);
  for (let high = first >>> 10; high < PAGE_WORDS; high++) {
    const low = w[(top >>> 2) + high]!;
    if (low === 0) continue;
    for (let entry = high === first >>> 10 ? first & 1023 : 0; entry < PAGE_WORDS; entry++) {
      const block = w[(low >>> 2) + entry]!;
      if (block > ALL_ZERO) releaseRun(k, block);
      w[(low >>> 2) + entry] = 0;
    }
    if (high > first >>> 10 || (first & 1023) === 0) {
      releaseRun(k, low);
      w[(top >>> 2) + high] = 0;
    }
  }
  const last = size % PAGE_SIZE === 0 ? 0 : blockOf(k, at, Math.floor(size / PAGE_SIZE));
  if (last > ALL_ZERO) k.memory.u8.fill(0, last + (size % PAGE_SIZE), last + PAGE_SIZE);
  if (size > 0) return;
  releaseRun(k, top);
  w[(at + diskInode.offset.i_block) >>> 2] = 0;
}

function blockOf(k: Kernel, at: Addr, index: number): Addr {
  const top = field(k, at, "i_block");
  const low = top === 0 ? 0 : k.memory.u32[(top >>> 2) + (index >>> 10)]!;
  return low === 0 ? 0 : k.memory.u32[(low >>> 2) + (index & 1023)]!;
}

/** Machine address of the word that names the block, made if it is missing. */
function blockSlot(k: Kernel, at: Addr, index: number): Addr {
  const top = (at + diskInode.offset.i_block) >>> 2;
  if (k.memory.u32[top] === 0) k.memory.u32[top] = newRun(k);
  const low = (k.memory.u32[top]! >>> 2) + (index >>> 10);
  if (k.memory.u32[low] === 0) k.memory.u32[low] = newRun(k);
  return k.memory.u32[low]! + (index & 1023) * 4;
}

function field(k: Kernel, at: Addr, name: keyof typeof diskInode.offset): number {
  return k.memory.u32[(at + diskInode.offset[name]) >>> 2]!;
}
