// Who refers to which slot: counted anew from page tables, tmpfs tables and the swap cache.
// Source: domain 10.1 (users of a slot); Linux 2.6.11 mm/swapfile.c (what swap_map counts)
import { faultVar } from "../fault/task";
import { addressSpaces, eachUserEntry } from "../fault/user-entries";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pteFile, ptePresent, pteToSwpEntry } from "../mmu/pte";
import { pagePrivate, testPageFlag } from "../page-fields";
import { readTable, tmpfsFiles } from "../shmem/walk-files";
import { page as pageStruct } from "../structs";
import { mmStruct } from "../structs-mm";
import type { SwapEntry } from "./entry";

/** Pages that carry PG_swapcache, by their entry. */
export interface CachedPages {
  readonly byEntry: ReadonlyMap<SwapEntry, Addr>;
  readonly pages: readonly Addr[];
}

export function cachedPages(k: Kernel): CachedPages {
  const byEntry = new Map<SwapEntry, Addr>();
  const pages: Addr[] = [];
  for (let pfn = 0; pfn < k.pages; pfn++) {
    const page = k.memMap + pfn * pageStruct.size;
    if (!testPageFlag(k, page, "PG_swapcache")) continue;
    pages.push(page);
    byEntry.set(pagePrivate(k, page), page);
  }
  return { byEntry, pages };
}

export interface References {
  /** How many page table and tmpfs entries name the slot. */
  readonly entries: ReadonlyMap<SwapEntry, number>;
  /** Address spaces with such entries that are not on the list that swapoff goes through. */
  readonly unlisted: readonly Addr[];
}

export function slotReferences(k: Kernel): References {
  const entries = new Map<SwapEntry, number>();
  const unlisted: Addr[] = [];
  const count = (entry: SwapEntry) => entries.set(entry, (entries.get(entry) ?? 0) + 1);
  const spaces = addressSpaces(k);
  const listed = mmlist(k, spaces.length);
  for (const mm of spaces) {
    let swapped = 0;
    eachUserEntry(k, mm, (_address, pte) => {
      if (ptePresent(pte) || pteFile(pte)) return;
      swapped++;
      count(pteToSwpEntry(k, pte));
    });
    if (swapped > 0 && !listed.has(mm)) unlisted.push(mm);
  }
  for (const { info } of tmpfsFiles(k)) for (const { entry } of readTable(k, info).entries) count(entry);
  return { entries, unlisted };
}

/** Address spaces on the list, at most `most` and a few dying ones. */
function mmlist(k: Kernel, most: number): Set<Addr> {
  const w = k.memory.u32;
  const anchor = faultVar(k, "mmlist");
  const listed = new Set<Addr>();
  const limit = 2 * most + 16;
  for (let link = w[anchor >>> 2]!; link !== anchor && link !== 0 && listed.size < limit; link = w[link >>> 2] ?? 0) {
    const mm = link - mmStruct.offset.mmlist;
    if (listed.has(mm)) break;
    listed.add(mm);
  }
  return listed;
}
