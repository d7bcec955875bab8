// Moving page table entries to another address, for mremap.
// Theory:     the pages stay where they are; only the entries go. The area at the new address has a page offset that keeps
//             address and page offset of each page together, so the reverse map finds the pages there.
// Source:     Linux 2.6.11 mm/mremap.c (move_one_page, move_page_tables); Gorman 4.4.6
// Simplified: no locks; no entry is ever in use at the new address.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { getMm, getVma } from "../mm/vma";
import { flushTlbPage } from "../mmu/flush";
import { pteAlloc, pteLookup } from "../mmu/pgtable";
import { pteNone, readPte, takePte, writePte } from "../mmu/pte";

/**
 * Moves the entries of `length` bytes at `oldAddress` of area `vma` to `newAddress`.
 * @returns bytes moved; fewer than `length` if there was no memory for a page table (the caller moves the others back).
 */
export function movePageTables(k: Kernel, vma: Addr, newAddress: number, oldAddress: number, length: number): number {
  const mm = getVma(k.memory.u32, vma, "vm_mm");
  let moved = 0;
  let entries = 0;
  for (; moved < length; moved += PAGE_SIZE) {
    const result = moveOnePage(k, mm, oldAddress + moved, newAddress + moved);
    if (result === "no memory") break;
    if (result === "moved") entries++;
  }
  k.events?.push({ kind: "move-ptes", from: oldAddress, to: newAddress, moved: entries });
  return moved;
}

function moveOnePage(k: Kernel, mm: Addr, from: number, to: number): "moved" | "empty" | "no memory" {
  const pgd = getMm(k.memory.u32, mm, "pgd");
  if (isEmpty(k, pteLookup(k, pgd, from))) return "empty";
  const target = pteAlloc(k, mm, to);
  if (target === 0) return "no memory";
  // Making a table may have pushed the page out meanwhile: whatever the entry says now is moved.
  const source = pteLookup(k, pgd, from);
  if (isEmpty(k, source)) return "empty";
  const pte = takePte(k, source);
  flushTlbPage(k, mm, from);
  writePte(k, target, pte);
  return "moved";
}

function isEmpty(k: Kernel, ptep: Addr): boolean {
  return ptep === 0 || pteNone(readPte(k, ptep));
}
