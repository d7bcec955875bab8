// Giving mapped pages another protection, for mprotect.
// Theory:     present entries keep their frame, A and D and get the area's plain protection. A private page that was writable becomes
//             read-only even if the area may be written: the next write faults and finds out whether the page is shared.
// Source:     Linux 2.6.11 mm/mprotect.c (change_protection, change_pte_range); Gorman 4.4.5
// Simplified: nothing.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { getMm, getVma } from "../mm/vma";
import { flushTlbRange } from "../mmu/flush";
import { pmdShift, pteBytes } from "../mmu/geometry";
import { pteLookup } from "../mmu/pgtable";
import { pteModify, ptePresent, readPte, writePte } from "../mmu/pte";

/** change_protection: present entries of [start, end), inside `vma`, get `prot`; then the range is flushed. */
export function changeProtection(k: Kernel, vma: Addr, start: number, end: number, prot: number): void {
  const mm = getVma(k.memory.u32, vma, "vm_mm");
  const pgd = getMm(k.memory.u32, mm, "pgd");
  const slot = 2 ** pmdShift(k);
  const step = pteBytes(k);
  let changed = 0;
  for (let address = start; address < end; ) {
    const stop = Math.min(end, Math.floor(address / slot) * slot + slot);
    let ptep = pteLookup(k, pgd, address);
    for (; ptep !== 0 && address < stop; address += PAGE_SIZE, ptep += step) {
      const pte = readPte(k, ptep);
      if (!ptePresent(pte)) continue;
      writePte(k, ptep, pteModify(pte, prot));
      changed++;
    }
    address = stop;
  }
  flushTlbRange(k, mm, start, end);
  k.events?.push({ kind: "protect", start, end, changed });
}
