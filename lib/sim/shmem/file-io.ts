// read and write on a tmpfs file.
// Theory:     as with any file, page by page; but there is nothing to read ahead and nothing to write back. A hole reads as zeros and
//             stays a hole.
// Source:     Linux 2.6.11 mm/shmem.c (do_shmem_file_read, shmem_file_write)
// Simplified: the bytes come from and go to the caller, not a user's buffer, so nothing can fault half-way.
import { setPageDirty } from "../cache/page-cache";
import { PAGE_SIZE } from "../constants";
import { EBADF } from "../errno";
import { frameAt, pageToPfn, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { testPageFlag } from "../page-fields";
import { markPageAccessed, putPage } from "../reclaim/lru";
import { FMODE_READ, FMODE_WRITE, file as fileStruct, inode as inodeStruct } from "../structs-mm";
import { shmemGetpage } from "./getpage";
import { sizeOfInode } from "./info";

/** Reads from byte `pos` on. @returns bytes read, 0 at the end of the file; -EBADF if it is not open for reading; -ENOMEM. */
export function shmemFileRead(k: Kernel, file: Addr, pos: number, into: Uint8Array): number {
  if ((fileField(k, file, "f_mode") & FMODE_READ) === 0) return -EBADF;
  const inode = fileField(k, file, "f_inode");
  let done = 0;
  while (done < into.length && pos + done < sizeOfInode(k, inode)) {
    const offset = (pos + done) % PAGE_SIZE;
    const got = shmemGetpage(k, inode, Math.floor((pos + done) / PAGE_SIZE), "read");
    if (typeof got === "number") return done || got;
    const bytes = Math.min(PAGE_SIZE - offset, into.length - done, sizeOfInode(k, inode) - pos - done);
    const frame = peekFrame(k, pageToPfn(k, got.page));
    if (frame === 0) into.fill(0, done, done + bytes);
    else into.set(k.memory.u8.subarray(frame + offset, frame + offset + bytes), done);
    if (offset === 0 && !testPageFlag(k, got.page, "PG_reserved")) markPageAccessed(k, got.page);
    putPage(k, got.page);
    done += bytes;
  }
  return done;
}

/**
 * Writes bytes at `pos`; the file grows if they reach beyond its end.
 * @returns bytes written; -EBADF if it is not open for writing; -ENOSPC, -EFBIG, -ENOMEM before the first byte.
 */
export function shmemFileWrite(k: Kernel, file: Addr, pos: number, bytes: Uint8Array): number {
  if ((fileField(k, file, "f_mode") & FMODE_WRITE) === 0) return -EBADF;
  const inode = fileField(k, file, "f_inode");
  let done = 0;
  while (done < bytes.length) {
    const offset = (pos + done) % PAGE_SIZE;
    const got = shmemGetpage(k, inode, Math.floor((pos + done) / PAGE_SIZE), "write");
    if (typeof got === "number") return done || got;
    const part = bytes.subarray(done, done + Math.min(PAGE_SIZE - offset, bytes.length - done));
    k.memory.u8.set(part, frameAt(k, pageToPfn(k, got.page)) + offset);
    done += part.length;
    if (pos + done > sizeOfInode(k, inode)) k.memory.u32[(inode + inodeStruct.offset.i_size) >>> 2] = pos + done;
    setPageDirty(k, got.page);
    markPageAccessed(k, got.page);
    putPage(k, got.page);
  }
  return done;
}

function fileField(k: Kernel, file: Addr, name: "f_mode" | "f_inode"): number {
  return k.memory.u32[(file + fileStruct.offset[name]) >>> 2]!;
}
