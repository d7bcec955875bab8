// How i386 cuts an address: shifts and table sizes of the two formats, and where an entry lies in its table.
// Source: Linux 2.6.11 asm-i386/pgtable-2level-defs.h, pgtable-3level-defs.h, pgtable.h
//
//     two levels | directory 31..22 | table 21..12 | offset 11..0 |                  4-byte entries, 1024 a table
//     PAE        | top 31..30 | directory 29..21 | table 20..12 | offset 11..0 |      8-byte entries, 4, 512 and 512 a table
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { frameAt, ownerOf, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr, Pfn } from "../machine";
import { _PAGE_PRESENT, _PAGE_PSE } from "./pte";

/** Entries of the top table for user addresses, 3 GiB: with PAE whole directories. */
export const USER_PTRS_PER_PGD = { twoLevel: 768, pae: 3 } as const;
export const PTRS_PER_PGD = { twoLevel: 1024, pae: 4 } as const;

/** log2 of what one pmd-level entry covers: 4 MiB, with PAE 2 MiB. */
export function pmdShift(k: Kernel): number {
  return k.config.pae ? 21 : 22;
}

/** Entries of a PTE page. */
export function ptrsPerPte(k: Kernel): number {
  return k.config.pae ? 512 : 1024;
}

export function pteBytes(k: Kernel): number {
  return k.config.pae ? 8 : 4;
}

/** The frame an entry points to. */
export function entryPfn(k: Kernel, entry: Addr): Pfn {
  const w = k.memory.u32;
  const low = w[entry >>> 2]! >>> PAGE_SHIFT;
  return k.config.pae ? ((w[(entry >>> 2) + 1]! << 20) | low) >>> 0 : low;
}

/** Machine address of the pmd-level entry for `address`; 0 if the top entry leads to no directory. The pgd itself without PAE. */
export function pmdOffset(k: Kernel, pgd: Addr, address: number): Addr {
  if (!k.config.pae) return pgd + ((address >>> 22) << 2);
  const top = pgd + ((address >>> 30) << 3);
  if ((k.memory.u32[top >>> 2]! & _PAGE_PRESENT) === 0) return 0;
  const directory = peekFrame(k, entryPfn(k, top));
  return directory === 0 ? 0 : directory + (((address >>> 21) & 511) << 3);
}

/** Machine address of the entry for `address` in the PTE page that `pmd` points to; 0 if it points to none (absent or a large page). */
export function pteOffset(k: Kernel, pmd: Addr, address: number): Addr {
  if ((k.memory.u32[pmd >>> 2]! & (_PAGE_PRESENT | _PAGE_PSE)) !== _PAGE_PRESENT) return 0;
  const table = peekFrame(k, entryPfn(k, pmd));
  if (table === 0) return 0;
  const index = (address >>> PAGE_SHIFT) & (ptrsPerPte(k) - 1);
  return table + (k.config.pae ? index << 3 : index << 2);
}

/** Makes a table entry point to the frame of another table. */
export function setTableEntry(k: Kernel, entry: Addr, pfn: Pfn, flags: number): void {
  k.memory.u32[entry >>> 2] = ((pfn << PAGE_SHIFT) | flags) >>> 0;
  if (k.config.pae) k.memory.u32[(entry >>> 2) + 1] = pfn >>> 20;
}

export function clearTableEntry(k: Kernel, entry: Addr): void {
  k.memory.u32[entry >>> 2] = 0;
  if (k.config.pae) k.memory.u32[(entry >>> 2) + 1] = 0;
}

/** Zeroed contents of a frame that becomes a table. */
export function clearTable(k: Kernel, pfn: Pfn): Addr {
  const table = frameAt(k, pfn);
  k.memory.u32.fill(0, table >>> 2, (table + PAGE_SIZE) >>> 2);
  return table;
}

/** What CR3 holds for a top table: its physical address. */
export function pgdPhys(k: Kernel, pgd: Addr): number {
  return ownerOf(k, pgd) * PAGE_SIZE;
}
