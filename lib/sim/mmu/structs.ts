// The global variables of the MMU: the processor's registers as the kernel set them, its TLB, and the master page table.
// Source: Linux 2.6.11 arch/i386/mm/init.c (swapper_pg_dir), asm-i386/tlbflush.h, arch/i386/kernel/head.S (cpu_gdt_table)
import { arrayOf, struct } from "../layout";
import { tlbStats } from "./tlb-structs";

/** Descriptors of the GDT, 8 bytes each. */
export const GDT_ENTRIES = 32;
/** Room for the arrays of the TLB; the default shape takes 656 words. */
export const TLB_WORDS = 2048;

export const mmuData = struct("mmu_data", {
  /** Machine address of the master page table, whose kernel half every process shares; 0 before it is built. */
  swapper_pg_dir: "addr",
  cr0: "u32",
  /** Linear address of the last page fault. */
  cr2: "u32",
  /** Physical address of the top page table in use; 0 before there is one. */
  cr3: "u32",
  cr4: "u32",
  /** The address space that CR3 belongs to: 0 for the kernel's own. A kernel thread leaves it as it is. */
  active_mm: "addr",
  /** Which address space's entries the TLB uses: 0, unless an extension gives them numbers (12 bits). */
  asid: "u32",
  stats: tlbStats,
  gdt: arrayOf("u32", GDT_ENTRIES * 2),
  tlb: arrayOf("u32", TLB_WORDS),
});
