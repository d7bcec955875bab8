// The global variables of the MMU: the processor's registers as the kernel set them, and the master page table.
// Source: Linux 2.6.11 arch/i386/mm/init.c (swapper_pg_dir), asm-i386/tlbflush.h
import { struct } from "../layout";

export const mmuData = struct("mmu_data", {
  /** Machine address of the master page table, whose kernel half every process shares; 0 before it is built. */
  swapper_pg_dir: "addr",
  cr0: "u32",
  /** Linear address of the last page fault. */
  cr2: "u32",
  /** Physical address of the top page table in use. */
  cr3: "u32",
  cr4: "u32",
});
