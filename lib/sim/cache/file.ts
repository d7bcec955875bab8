// Files: made on the disk, opened, and let go.
// Source:     Linux 2.6.11 fs/file_table.c (get_empty_filp, fget, fput), fs/open.c (dentry_open), mm/readahead.c (file_ra_state_init)
// Simplified: no descriptors, names or directories; files are opened by number.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { freeObject, newObject } from "../objects";
import { FMODE_READ, FMODE_WRITE, file as fileStruct } from "../structs-mm";
import { diskInodeAt, MAX_FILE_BYTES, newDiskInode, writeBytes } from "./disk";
import { I_BUFFERS, iget, iput } from "./inode";
import { diskInode } from "./structs";

/** VM_MAX_READAHEAD: 128 KiB. */
const DEFAULT_RA_PAGES = 32;
const NO_PREVIOUS_PAGE = 0xffffffff;

export interface NewFile {
  /** One of the first three says how large it is. */
  readonly pages?: number;
  readonly bytes?: number;
  readonly data?: Uint8Array;
  /** Reads as zeros instead of the initial pattern (disk.ts). */
  readonly sparse?: boolean;
  /** Its pages get buffers when they are written. */
  readonly buffers?: boolean;
}

/**
 * A file on the disk. @returns its number, from 1 on.
 * @throws RangeError for a size outside 0..4 GiB - 4096.
 */
export function createFile(k: Kernel, { pages, bytes, data, sparse, buffers }: NewFile): number {
  const size = data?.length ?? bytes ?? (pages ?? 0) * PAGE_SIZE;
  if (!(Number.isInteger(size) && size >= 0 && size <= MAX_FILE_BYTES))
    throw new RangeError(`a file of ${size} bytes: 0 to ${MAX_FILE_BYTES} are possible`);
  const ino = newDiskInode(k);
  const at = diskInodeAt(k, ino);
  const set = (name: keyof typeof diskInode.offset, value: number) => {
    k.memory.u32[(at + diskInode.offset[name]) >>> 2] = value;
  };
  set("i_size", size);
  set("i_nlink", 1);
  set("i_flags", buffers ? I_BUFFERS : 0);
  set("i_initial", sparse || data ? 0 : size);
  if (data) writeBytes(k, ino, data);
  return ino;
}

/** @returns the open file with one reference; 0 if there is no such file or no memory. */
export function openFile(k: Kernel, ino: number, mode: number = FMODE_READ | FMODE_WRITE): Addr {
  const host = iget(k, ino);
  if (host === 0) return 0;
  const file = newFilp(k, host, mode, DEFAULT_RA_PAGES);
  if (file === 0) iput(k, host);
  return file;
}

/** get_empty_filp: an open file of an inode whose reference it takes over; 0 without memory. */
function newFilp(k: Kernel, host: Addr, mode: number, raPages: number): Addr {
  const file = newObject(k, "filp");
  if (file === 0) return 0;
  const w = k.memory.u32;
  w[(file + fileStruct.offset.f_inode) >>> 2] = host;
  w[(file + fileStruct.offset.f_mode) >>> 2] = mode;
  w[(file + fileStruct.offset.f_count) >>> 2] = 1;
  w[(file + fileStruct.offset.ra_prev_page) >>> 2] = NO_PREVIOUS_PAGE;
  w[(file + fileStruct.offset.ra_pages) >>> 2] = raPages;
  return file;
}

/** get_file: one more reference. */
export function getFile(k: Kernel, file: Addr): void {
  k.memory.i32[(file + fileStruct.offset.f_count) >>> 2]! += 1;
}

/** Drops a reference; the last one closes the file. */
export function fput(k: Kernel, file: Addr): void {
  const w = k.memory.u32;
  const count = (file + fileStruct.offset.f_count) >>> 2;
  w[count]! -= 1;
  if (w[count]! > 0) return;
  const host = w[(file + fileStruct.offset.f_inode) >>> 2]!;
  freeObject(k, "filp", file);
  iput(k, host);
}
