// Changing the length of a file that may be mapped.
// Source: Linux 2.6.11 mm/memory.c (vmtruncate)
import { PAGE_SIZE } from "../constants";
import { unmapMappingRange } from "../fault/truncate";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { file as fileStruct, inode } from "../structs-mm";
import { diskInodeAt, truncateBlocks } from "./disk";
import { setInodeSize } from "./inode";
import { truncateInodePages } from "./truncate";

const ALL_PAGES = 0x100000;

/** Makes the file of `file` `size` bytes long. Who has pages beyond mapped gets SIGBUS from now on; new bytes are zeros. */
export function fileTruncate(k: Kernel, file: Addr, size: number): void {
  const host = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
  const mapping = host + inode.offset.i_mapping;
  const before = k.memory.u32[(host + inode.offset.i_size) >>> 2]!;
  setInodeSize(k, host, size);
  if (size >= before) return;
  unmapMappingRange(k, mapping, Math.ceil(size / PAGE_SIZE), ALL_PAGES, "even cows");
  truncateInodePages(k, mapping, size);
  const ino = k.memory.u32[(host + inode.offset.i_ino) >>> 2]!;
  if (diskInodeAt(k, ino) !== 0) truncateBlocks(k, ino, size);
}
