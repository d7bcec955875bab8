// Atomic kmaps: an address for a page of high memory where nobody may sleep.
// Theory:     each CPU has one slot for each kind of use. Whoever uses a slot must be done before anybody uses the same kind again:
//             the second mapping destroys the first without a word.
// Source:     Linux 2.6.11 arch/i386/mm/highmem.c (kmap_atomic, kunmap_atomic, kmap_atomic_to_page); domain 5.7; Gorman 9.4
// Simplified: preemption is not counted. `debugSlab` stands for the debug build that clears the entry at the end.
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { flushTlbOne } from "../mmu/flush";
import { mkPte, PAGE_KERNEL, pteNone, ptePfn, readPte, writePte } from "../mmu/pte";
import { fixedAddresses, fixmapPte, fixToVirt, KM_TYPE_NR, type KmType, kmTypes } from "./fixmap";
import { isHighmem, pageAddress } from "./page-address";

/** Fixmap slot of a kind of atomic kmap on a CPU. */
export function kmapSlot(type: KmType, cpu = 0): number {
  return fixedAddresses.FIX_KMAP_BEGIN + kmTypes.indexOf(type) + KM_TYPE_NR * cpu;
}

/** Kernel virtual address of the page until `kunmapAtomic` of the same kind. Never sleeps. */
export function kmapAtomic(k: Kernel, page: Addr, type: KmType): number {
  if (!isHighmem(k, page)) return pageAddress(k, page);
  const slot = kmapSlot(type);
  const ptep = fixmapPte(k, slot);
  const before = readPte(k, ptep);
  const pfn = pageToPfn(k, page);
  writePte(k, ptep, mkPte(k, pfn, PAGE_KERNEL));
  flushTlbOne(k, fixToVirt(slot));
  const replaced = pteNone(before) ? null : ptePfn(k, before);
  k.events?.push({ kind: "kmap-atomic", pfn, slot, address: fixToVirt(slot), replaced });
  return fixToVirt(slot);
}

/** @throws KernelBug `kmap-atomic-type` in a debug build if the address is not that of the kind. */
export function kunmapAtomic(k: Kernel, virtual: number, type: KmType): void {
  const slot = kmapSlot(type);
  if (k.events !== null) {
    const entry = k.config.debugSlab ? "cleared" : "kept";
    k.events.push({ kind: "kunmap-atomic", slot, address: virtual, entry });
  }
  if (!k.config.debugSlab || virtual < fixToVirt(fixedAddresses.end_of_permanent)) return;
  if (virtual !== fixToVirt(slot)) throw new KernelBug("kmap-atomic-type", { address: virtual, slot });
  writePte(k, fixmapPte(k, slot), 0);
  flushTlbOne(k, virtual);
}
