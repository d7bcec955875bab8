// A fault on a kernel address that another process mapped first: the directory entry is fetched from the master.
// Theory:     vmalloc writes the master table only. Each process has its own copy of the top table, so the first access through an
//             older one finds no directory entry; copying that one entry is enough, because the table below it is shared.
// Source:     Linux 2.6.11 arch/i386/mm/fault.c (do_page_fault, vmalloc_fault); domain 8.2; Gorman 4.5
import { PAGE_SIZE } from "../constants";
import { peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { mmuAddr } from "./cpu";
import { pmdOffset, pteOffset } from "./geometry";
import { swapperPgDir } from "./pgtable";
import { ptePresent, readPte } from "./pte";

/** Repairs the top table that CR3 names. @returns false if the master knows no such page: the access was wrong. */
export function vmallocFault(k: Kernel, address: number): boolean {
  const pgd = peekFrame(k, Math.floor(k.memory.u32[mmuAddr(k, "cr3") >>> 2]! / PAGE_SIZE));
  return pgd !== 0 && syncKernelEntry(k, swapperPgDir(k), pgd, address);
}

/** As `vmallocFault`, from one top table to another. */
function syncKernelEntry(k: Kernel, master: Addr, pgd: Addr, address: number): boolean {
  const from = master === 0 ? 0 : pmdOffset(k, master, address);
  const to = pmdOffset(k, pgd, address);
  const w = k.memory.u32;
  if (from === 0 || to === 0 || (w[from >>> 2]! & 1) === 0) return false;
  w[to >>> 2] = w[from >>> 2]!;
  if (k.config.pae) w[(to >>> 2) + 1] = w[(from >>> 2) + 1]!;
  const ptep = pteOffset(k, from, address);
  if (ptep === 0 || !ptePresent(readPte(k, ptep))) return false;
  if (k.events !== null) k.events.push({ kind: "vmalloc-fault", address, entry: w[from >>> 2]! });
  return true;
}
