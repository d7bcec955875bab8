// swapoff and tmpfs: finding the file that a slot belongs to.
// Theory:     files that may have pages in swap are on a list; each table is searched for the entry. The file found becomes the first to
//             be asked next time.
// Source:     Linux 2.6.11 mm/shmem.c (shmem_unuse, shmem_unuse_inode, shmem_find_swp)
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { listAddTail, listDel, listInit } from "../list";
import type { Addr } from "../machine";
import { type SwapEntry, swpOffset, swpType } from "../swap/entry";
import { swapFree } from "../swap/slots";
import { moveFromSwapCache } from "../swap/swap-cache";
import { ENTRIES_PER_PAGE } from "./index-path";
import { infoAt, inoOf, locate, mappingOf, SHMEM_PAGEIN, shmemSwpSet } from "./info";
import { SHMEM_NR_DIRECT, shmemData, shmemInodeInfo } from "./structs";

const ANCHOR = kernelData.offset.shmem + shmemData.offset.swaplist;
const LINK = shmemInodeInfo.offset.swaplist;

/**
 * Brings a page from the swap cache into the file whose table holds its entry.
 * @returns whether there is such a file. Its reference to the slot is dropped even if the page could not be moved.
 */
export function shmemUnuse(k: Kernel, entry: SwapEntry, page: Addr): boolean {
  const w = k.memory.u32;
  const anchor = k.data + ANCHOR;
  for (let link = w[anchor >>> 2]!; link !== anchor; ) {
    const next = w[link >>> 2]!;
    const info = link - LINK;
    if (w[infoAt(info, "swapped")] === 0) {
      listDel(w, link);
      listInit(w, link);
    } else if (unuseInode(k, info, entry, page)) {
      // The anchor moves, not the file: the search starts here next time.
      listDel(w, anchor);
      listAddTail(w, anchor, link);
      return true;
    }
    link = next;
  }
  return false;
}

function unuseInode(k: Kernel, info: Addr, entry: SwapEntry, page: Addr): boolean {
  const w = k.memory.u32;
  const limit = w[infoAt(info, "next_index")]!;
  for (let index = 0; index < limit; ) {
    const place = locate(k, info, index);
    if (place === null) return false;
    if ("missing" in place) {
      index = startOfNextTable(index);
      continue;
    }
    if (w[place.entry >>> 2] === entry) {
      const inode = w[infoAt(info, "inode")]!;
      if (moveFromSwapCache(k, page, index, mappingOf(inode)) === 0) {
        w[infoAt(info, "flags")]! |= SHMEM_PAGEIN;
        shmemSwpSet(k, info, place.entry, 0);
      }
      swapFree(k, entry);
      if (k.events !== null) {
        const [type, slot] = [swpType(entry), swpOffset(entry)];
        k.events.push({ kind: "shmem-unuse", ino: inoOf(k, inode), index, type, slot });
      }
      return true;
    }
    index++;
  }
  return false;
}

function startOfNextTable(index: number): number {
  const table = Math.floor((index - SHMEM_NR_DIRECT) / ENTRIES_PER_PAGE);
  return SHMEM_NR_DIRECT + (table + 1) * ENTRIES_PER_PAGE;
}
