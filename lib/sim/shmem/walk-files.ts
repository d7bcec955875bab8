// Walking all tmpfs files and their tables, whose bytes somebody may have damaged.
// Theory:     the list of inodes is followed until it leads nowhere or back; each index page is visited once, and has a fixed
//             number of entries. So it ends whatever the bytes say.
import { walkInodes } from "../cache/walk-inodes";
import { canHold, isContents, isPage, pageToPfn, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { page as pageStruct } from "../structs";
import { inodeKinds, inode as inodeStruct } from "../structs-mm";
import { ENTRIES_PER_PAGE, HALF } from "./index-path";
import { infoAt } from "./info";
import { SHMEM_NR_DIRECT, shmemInodeInfo } from "./structs";

export interface TmpfsFile {
  readonly inode: Addr;
  readonly info: Addr;
}

export function tmpfsFiles(k: Kernel): TmpfsFile[] {
  const w = k.memory.u32;
  const files: TmpfsFile[] = [];
  for (const inode of walkInodes(k, "inodes", [])) {
    const info = w[(inode + inodeStruct.offset.i_private) >>> 2]!;
    const kind = w[(inode + inodeStruct.offset.i_kind) >>> 2];
    if (kind === inodeKinds.shmem && canHold(k, info, shmemInodeInfo.size)) files.push({ inode, info });
  }
  return files;
}

/** A page of entries: how many are in use, and how many its page says. */
export interface EntryTable {
  readonly pfn: number;
  readonly used: number;
  readonly stored: number;
}

export interface FileTable {
  /** Swap entries in use, ascending by page of the file. */
  readonly entries: readonly { readonly index: number; readonly entry: number }[];
  readonly tables: readonly EntryTable[];
  /** All index pages, tables included. */
  readonly indexPages: number;
}

/** The whole table of a file. A link that leads to no page, or to one that came up before, is not followed. */
export function readTable(k: Kernel, info: Addr): FileTable {
  const w = k.memory.u32;
  const entries: { index: number; entry: number }[] = [];
  const tables: EntryTable[] = [];
  const visited = new Set<Addr>();
  for (let index = 0; index < SHMEM_NR_DIRECT; index++) {
    const entry = w[(info + shmemInodeInfo.offset.i_direct) / 4 + index]!;
    if (entry !== 0) entries.push({ index, entry });
  }
  /** The words of an index page; null if there is none to look at. */
  const open = (page: Addr): Uint32Array | null => {
    if (!isPage(k, page) || visited.has(page)) return null;
    visited.add(page);
    const frame = peekFrame(k, pageToPfn(k, page));
    return frame !== 0 && isContents(k, frame)
      ? w.subarray(frame >>> 2, (frame >>> 2) + ENTRIES_PER_PAGE)
      : new Uint32Array(ENTRIES_PER_PAGE);
  };
  const table = (page: Addr, start: number) => {
    const words = open(page);
    if (words === null) return;
    let used = 0;
    for (const [slot, entry] of words.entries()) {
      if (entry === 0) continue;
      used++;
      entries.push({ index: start + slot, entry });
    }
    tables.push({ pfn: pageToPfn(k, page), used, stored: w[(page + pageStruct.offset.private) >>> 2]! });
  };
  for (const [slot, link] of (open(w[infoAt(info, "i_indirect")]!) ?? []).entries()) {
    if (slot < HALF) table(link, SHMEM_NR_DIRECT + slot * ENTRIES_PER_PAGE);
    else {
      const first = SHMEM_NR_DIRECT + (HALF + (slot - HALF) * ENTRIES_PER_PAGE) * ENTRIES_PER_PAGE;
      for (const [sub, inner] of (open(link) ?? []).entries()) table(inner, first + sub * ENTRIES_PER_PAGE);
    }
  }
  return { entries, tables, indexPages: visited.size };
}
