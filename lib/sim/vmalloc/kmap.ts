// Permanent kmaps: kernel addresses for pages of high memory, for as long as somebody uses them.
// Theory:     one table page of entries with a counter each: 0 free, 1 unmapped but perhaps still in the TLB, n used n - 1 times.
//             Releasing costs nothing; only when the search for a free entry comes round to entry 0 are all entries with counter 1
//             cleared and the TLB flushed once. Until then a page that is mapped again finds its old entry.
// Source:     Linux 2.6.11 mm/highmem.c (kmap_high, map_new_virtual, flush_all_zero_pkmaps, kunmap_high), arch/i386/mm/highmem.c
//             (kmap, kunmap); domain 5.6; Gorman 9.1-9.3
// Simplified: sleeping is the caller's: kmap returns 0 and wants to be called again after an entry was released.
import { PAGE_SIZE } from "../constants";
import { pageToPfn, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { flushTlbKernelRange } from "../mmu/flush";
import { pkmapBase } from "../mmu/init-tables";
import { pteLookup, swapperPgDir } from "../mmu/pgtable";
import { mkPte, PAGE_KERNEL, pteNone, ptePfn, readPte, writePte } from "../mmu/pte";
import { highmemAddr, initPageAddress, isHighmem, pageAddress, setPageAddress } from "./page-address";
import { MAX_PKMAP } from "./structs";

/** What `kmap` returns when every entry is in use. */
export const KMAP_SLEEP = 0;

/** The whole table, every entry free. */
export function initHighmem(k: Kernel): void {
  k.memory.u32[highmemAddr(k, "last_pkmap") >>> 2] = k.config.pae ? MAX_PKMAP / 2 : MAX_PKMAP;
  initPageAddress(k);
}

/** Makes the table smaller for a lesson. @param entries a power of two, 2 or more, before the first kmap. */
export function setLastPkmap(k: Kernel, entries: number): void {
  k.memory.u32[highmemAddr(k, "last_pkmap") >>> 2] = entries;
}

/** LAST_PKMAP, within what the table can hold. */
export function lastPkmap(k: Kernel): number {
  return Math.min(k.memory.u32[highmemAddr(k, "last_pkmap") >>> 2]!, MAX_PKMAP);
}

/** PKMAP_ADDR */
export function pkmapAddr(k: Kernel, entry: number): number {
  return pkmapBase(k.config) + entry * PAGE_SIZE;
}

/** Machine address of an entry of pkmap_page_table. */
function pkmapPte(k: Kernel, entry: number): Addr {
  return pteLookup(k, swapperPgDir(k), pkmapAddr(k, entry));
}

export function pkmapCount(k: Kernel, entry: number): number {
  return k.memory.i32[(highmemAddr(k, "pkmap_count") >>> 2) + entry]!;
}

/** Kernel virtual address of the page, which counts one user more. KMAP_SLEEP: no entry is free. */
export function kmap(k: Kernel, page: Addr): number {
  if (!isHighmem(k, page)) return pageAddress(k, page);
  const known = pageAddress(k, page);
  const virtual = known || mapNewVirtual(k, page);
  if (virtual === KMAP_SLEEP) {
    k.events?.push({ kind: "kmap-sleep", pfn: pageToPfn(k, page) });
    return KMAP_SLEEP;
  }
  const entry = entryOf(k, virtual);
  const count = pkmapCount(k, entry) + 1;
  if (count < 2) throw new KernelBug("pkmap-count", { entry, count });
  setCount(k, entry, count);
  k.events?.push({ kind: "kmap", pfn: pageToPfn(k, page), entry, count, reused: known !== 0 });
  return virtual;
}

/**
 * One user less.
 * @returns whether the last user went, so that a sleeper may try again.
 * @throws KernelBug `pkmap-not-mapped`; `pkmap-count` if nobody uses the entry.
 */
export function kunmap(k: Kernel, page: Addr): boolean {
  if (!isHighmem(k, page)) return false;
  const virtual = pageAddress(k, page);
  if (virtual === 0) throw new KernelBug("pkmap-not-mapped", { pfn: pageToPfn(k, page) });
  const entry = entryOf(k, virtual);
  const count = pkmapCount(k, entry) - 1;
  setCount(k, entry, count);
  if (count < 1) throw new KernelBug("pkmap-count", { entry, count });
  k.events?.push({ kind: "kunmap", pfn: pageToPfn(k, page), entry, count });
  return count === 1;
}

function mapNewVirtual(k: Kernel, page: Addr): number {
  const w = k.memory.u32;
  const last = highmemAddr(k, "last_pkmap_nr") >>> 2;
  const entries = lastPkmap(k);
  for (let left = entries; left > 0; left--) {
    w[last] = (w[last]! + 1) % entries;
    if (w[last] === 0) {
      flushAllZeroPkmaps(k);
      left = entries;
    }
    if (pkmapCount(k, w[last]!) !== 0) continue;
    const entry = w[last]!;
    writePte(k, pkmapPte(k, entry), mkPte(k, pageToPfn(k, page), PAGE_KERNEL));
    setCount(k, entry, 1);
    setPageAddress(k, page, pkmapAddr(k, entry));
    return pkmapAddr(k, entry);
  }
  return KMAP_SLEEP;
}

function flushAllZeroPkmaps(k: Kernel): void {
  const entries = lastPkmap(k);
  let cleared = 0;
  for (let entry = 0; entry < entries; entry++) {
    if (pkmapCount(k, entry) !== 1) continue;
    setCount(k, entry, 0);
    const ptep = pkmapPte(k, entry);
    const pte = readPte(k, ptep);
    if (pteNone(pte)) throw new KernelBug("pkmap-empty", { entry });
    writePte(k, ptep, 0);
    setPageAddress(k, pfnToPage(k, ptePfn(k, pte)), 0);
    cleared++;
  }
  flushTlbKernelRange(k, pkmapAddr(k, 0), pkmapAddr(k, entries));
  k.memory.u32[highmemAddr(k, "flushes") >>> 2]! += 1;
  k.events?.push({ kind: "kmap-flush", cleared });
}

function entryOf(k: Kernel, virtual: number): number {
  return (virtual - pkmapBase(k.config)) / PAGE_SIZE;
}

function setCount(k: Kernel, entry: number, count: number): void {
  k.memory.i32[(highmemAddr(k, "pkmap_count") >>> 2) + entry] = count;
}
