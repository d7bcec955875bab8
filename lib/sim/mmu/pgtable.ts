// Page tables of processes and of the kernel: making them, finding entries in them, giving them back.
// Theory:     the top table of each address space has the kernel's entries copied from one master, swapper_pg_dir, so the kernel looks
//             the same from everywhere. Below it a table of entries (a "PTE page") exists only where something is mapped. With PAE
//             the top has 4 entries that always lead to directories (pmd pages); the kernel's directory is one and the same page.
// Source:     Linux 2.6.11 arch/i386/mm/pgtable.c (pgd_alloc, pgd_free, pte_alloc_one), mm/memory.c (pte_alloc_map,
//             pte_alloc_kernel, clear_page_range), asm-i386/pgtable.h (pmd_bad); Gorman 3.1-3.7
// Simplified: the top table has a page of its own with PAE too (the kernel has a slab cache of 32-byte objects). A machine that
//             booted straight to free zones builds the master with the first address space, from ordinary pages.
//
// Entries as values: pte.ts. Flushing the TLB after a change: flush.ts.
import { PAGE_SIZE } from "../constants";
import { ownerOf, pageToPfn, peekFrame, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr, Pfn } from "../machine";
import { pageState } from "../structs";
import { mmStruct } from "../structs-mm";
import { allocPages, freePages } from "../zones/alloc-pages";
import { __GFP_REPEAT, __GFP_ZERO, GFP_KERNEL } from "../zones/gfp";
import { mmuAddr } from "./cpu";
import { loadCr3 } from "./flush";
import {
  clearTable,
  clearTableEntry,
  entryPfn,
  PTRS_PER_PGD,
  pgdPhys,
  pmdOffset,
  pmdShift,
  pteOffset,
  setTableEntry,
  USER_PTRS_PER_PGD,
} from "./geometry";
import { initPageTables } from "./init-tables";
import { _KERNPG_TABLE, _PAGE_PRESENT, _PAGE_PSE, _PAGE_TABLE, _PAGE_USER } from "./pte";

const GFP_TABLE = GFP_KERNEL | __GFP_REPEAT | __GFP_ZERO;
const NR_PTES = mmStruct.offset.nr_ptes;
const NR_PAGE_TABLE_PAGES = pageState.offset.nr_page_table_pages;

/** Machine address of the master table; 0 when there is no memory to build it. */
export function swapperPgDir(k: Kernel): Addr {
  const at = mmuAddr(k, "swapper_pg_dir") >>> 2;
  if (k.memory.u32[at] !== 0) return k.memory.u32[at]!;
  const root = newTablePage(k);
  if (root < 0 || !initPageTables(k, root, () => newTablePage(k))) return 0;
  return k.memory.u32[at]!;
}

/** A top table with the kernel's entries and an empty user half: the machine address for `mm.pgd`, 0 when there is no memory. */
export function pgdAlloc(k: Kernel): Addr {
  const master = swapperPgDir(k);
  const pfn = master === 0 ? -1 : newTablePage(k);
  if (pfn < 0) return 0;
  const pgd = clearTable(k, pfn);
  const w = k.memory.u32;
  if (!k.config.pae) {
    const kernel = USER_PTRS_PER_PGD.twoLevel;
    w.copyWithin((pgd >>> 2) + kernel, (master >>> 2) + kernel, (master >>> 2) + PTRS_PER_PGD.twoLevel);
    return pgd;
  }
  w.copyWithin((pgd >>> 2) + 6, (master >>> 2) + 6, (master >>> 2) + 8);
  for (let index = 0; index < USER_PTRS_PER_PGD.pae; index++) {
    const directory = newTablePage(k);
    if (directory < 0) {
      pgdFree(k, pgd);
      return 0;
    }
    clearTable(k, directory);
    setTableEntry(k, pgd + index * 8, directory, _PAGE_PRESENT);
  }
  return pgd;
}

/**
 * Gives the top table back, with PAE the user directories too. PTE pages must be gone already (`clearPageRange`). A processor that still
 * had it loaded goes to the master.
 */
export function pgdFree(k: Kernel, pgd: Addr): void {
  if (k.memory.u32[mmuAddr(k, "cr3") >>> 2] === pgdPhys(k, pgd)) loadCr3(k, swapperPgDir(k), 0);
  if (k.config.pae)
    for (let index = 0; index < USER_PTRS_PER_PGD.pae; index++)
      if ((k.memory.u32[(pgd + index * 8) >>> 2]! & _PAGE_PRESENT) !== 0)
        freeTablePage(k, entryPfn(k, pgd + index * 8));
  freeTablePage(k, ownerOf(k, pgd));
}

/** Machine address of the entry for `address`; 0 if a table on the way is missing or a large page maps it. */
export function pteLookup(k: Kernel, pgd: Addr, address: number): Addr {
  const pmd = pmdOffset(k, pgd, address);
  return pmd === 0 ? 0 : pteOffset(k, pmd, address);
}

/** pte_alloc_map: as `pteLookup`, making the PTE page if there is none; 0 when there is no memory. */
export function pteAlloc(k: Kernel, mm: Addr, address: number): Addr {
  const pmd = pmdOffset(k, k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!, address);
  if (pmd === 0) return 0;
  if ((k.memory.u32[pmd >>> 2]! & _PAGE_PRESENT) === 0) {
    const pfn = newTablePage(k);
    if (pfn < 0) return 0;
    clearTable(k, pfn);
    setTableEntry(k, pmd, pfn, _PAGE_TABLE);
    k.memory.u32[(mm + NR_PTES) >>> 2]! += 1;
    k.memory.u32[(k.pageState + NR_PAGE_TABLE_PAGES) >>> 2]! += 1;
    k.events?.push({ kind: "pte-page", address: (address & -(2 ** pmdShift(k))) >>> 0, pfn, made: true });
  }
  return pteOffset(k, pmd, address);
}

/** pte_alloc_kernel: in the master table, charged to nobody. Processes get the directory entry at their first fault there. */
export function pteAllocKernel(k: Kernel, address: number): Addr {
  const master = swapperPgDir(k);
  const pmd = master === 0 ? 0 : pmdOffset(k, master, address);
  if (pmd === 0) return 0;
  if ((k.memory.u32[pmd >>> 2]! & _PAGE_PRESENT) === 0) {
    const pfn = newTablePage(k);
    if (pfn < 0) return 0;
    clearTable(k, pfn);
    setTableEntry(k, pmd, pfn, _KERNPG_TABLE);
    k.events?.push({ kind: "pte-page", address: (address & -(2 ** pmdShift(k))) >>> 0, pfn, made: true });
  }
  return pteOffset(k, pmd, address);
}

/** A present entry that is no proper table entry: its flags other than US are not exactly P, RW, A and D. */
export function pmdBad(entry: number): boolean {
  return (entry & (PAGE_SIZE - 1) & ~_PAGE_USER) !== _KERNPG_TABLE;
}

/**
 * clear_page_range: gives back the PTE pages of every whole slot (4 MiB, with PAE 2 MiB) inside [start, end). Their entries must be
 * empty already. A slot covered in part keeps its page.
 */
export function clearPageRange(k: Kernel, mm: Addr, start: number, end: number): void {
  const pgd = k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!;
  const slot = 2 ** pmdShift(k);
  for (let address = Math.ceil(start / slot) * slot; address + slot <= end; address += slot) {
    const pmd = pmdOffset(k, pgd, address);
    if (pmd === 0 || (k.memory.u32[pmd >>> 2]! & (_PAGE_PRESENT | _PAGE_PSE)) !== _PAGE_PRESENT) continue;
    const pfn = entryPfn(k, pmd);
    clearTableEntry(k, pmd);
    k.memory.u32[(k.pageState + NR_PAGE_TABLE_PAGES) >>> 2]! -= 1;
    k.memory.u32[(mm + NR_PTES) >>> 2]! -= 1;
    freeTablePage(k, pfn);
    k.events?.push({ kind: "pte-page", address, pfn, made: false });
  }
}

function newTablePage(k: Kernel): Pfn {
  const page = allocPages(k, GFP_TABLE, 0);
  return page === 0 ? -1 : pageToPfn(k, page);
}

function freeTablePage(k: Kernel, pfn: Pfn): void {
  if (peekFrame(k, pfn) !== 0) freePages(k, pfnToPage(k, pfn), 0);
}
