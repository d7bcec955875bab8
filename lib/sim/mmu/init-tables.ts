// The kernel's own page tables: low memory mapped once and for all, and empty tables for the fixmap and the permanent kmaps.
// Theory:     with PSE one directory entry maps 4 MiB (PAE: 2 MiB) of low memory by itself and costs nothing but its place; without
//             it each needs a table page. The fixmap and pkmap tables exist from the start, so that writing one of their entries
//             never has to allocate and every process shares them.
// Source:     Linux 2.6.11 arch/i386/mm/init.c (pagetable_init, kernel_physical_mapping_init, page_table_range_init,
//             permanent_kmaps_init), asm-i386/highmem.h (PKMAP_BASE); Gorman 3.6
// Simplified: the tables of head.S are not kept; the three user entries of a PAE master stay empty (the kernel points them at the
//             zero page until the first process runs).
import { PAGE_SIZE } from "../constants";
import { PAGE_OFFSET } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr, Pfn } from "../machine";
import { mmuAddr } from "./cpu";
import { clearTable, pmdOffset, pmdShift, pteBytes, ptrsPerPte, setTableEntry } from "./geometry";
import { _KERNPG_TABLE, _PAGE_PRESENT, PAGE_KERNEL, PAGE_KERNEL_LARGE } from "./pte";

/** Where the top 4 MiB (PAE: 2 MiB) with the fixmap begin, and below them the permanent kmaps. */
export function pkmapBase({ pae }: { readonly pae: boolean }): number {
  return pae ? 0xffc00000 : 0xff800000;
}
const FIXMAP_TABLE = 0xfffff000;

/**
 * Builds the master table.
 * @param root frame of swapper_pg_dir; @param tablePage gives one more low-memory frame, -1 when there is none.
 * @returns false when a frame was missing; swapper_pg_dir is then still 0.
 */
export function initPageTables(k: Kernel, root: Pfn, tablePage: () => Pfn): boolean {
  const pgd = clearTable(k, root);
  if (k.config.pae) {
    const directory = tablePage();
    if (directory < 0) return false;
    clearTable(k, directory);
    setTableEntry(k, pgd + 3 * 8, directory, _PAGE_PRESENT);
  }
  if (!mapLowMemory(k, pgd, tablePage)) return false;
  if (!newTable(k, pgd, FIXMAP_TABLE, tablePage)) return false;
  if (k.config.highmem && !newTable(k, pgd, pkmapBase(k.config), tablePage)) return false;
  k.memory.u32[mmuAddr(k, "swapper_pg_dir") >>> 2] = pgd;
  return true;
}

function mapLowMemory(k: Kernel, pgd: Addr, tablePage: () => Pfn): boolean {
  const tablePages = 2 ** (pmdShift(k) - 12);
  for (let pfn = 0; pfn < k.lowPages; pfn += tablePages) {
    const address = (PAGE_OFFSET + pfn * PAGE_SIZE) >>> 0;
    if (k.config.pse) setTableEntry(k, pmdOffset(k, pgd, address), pfn, PAGE_KERNEL_LARGE);
    else {
      const table = newTable(k, pgd, address, tablePage);
      if (table === 0) return false;
      const count = Math.min(ptrsPerPte(k), k.lowPages - pfn);
      for (let index = 0; index < count; index++)
        setTableEntry(k, table + index * pteBytes(k), pfn + index, PAGE_KERNEL);
    }
  }
  return true;
}

function newTable(k: Kernel, pgd: Addr, address: number, tablePage: () => Pfn): Addr {
  const pfn = tablePage();
  if (pfn < 0) return 0;
  setTableEntry(k, pmdOffset(k, pgd, address), pfn, _KERNPG_TABLE);
  return clearTable(k, pfn);
}
