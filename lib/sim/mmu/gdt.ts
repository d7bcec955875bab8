// Linux's global descriptor table: 32 entries a processor, of which four make the flat model.
// Source:     Linux 2.6.11 arch/i386/kernel/head.S (cpu_gdt_table), asm-i386/segment.h, asm-i386/desc.h (load_TLS)
// Simplified: the entries of TSS, LDT, PnP BIOS and APM BIOS are left empty.
import type { Kernel } from "../kernel";
import { mmuAddr } from "./cpu";
import type { DescriptorTable, DescriptorTables } from "./segmentation";
import { GDT_ENTRIES } from "./structs";

export const __KERNEL_CS = 0x60;
export const __KERNEL_DS = 0x68;
export const __USER_CS = 0x73;
export const __USER_DS = 0x7b;

/** The four ordinary segments: index -> [low word, high word]. Base 0, limit 4 GiB; only privilege and kind differ. */
const flatDescriptors: readonly (readonly [index: number, low: number, high: number])[] = [
  [12, 0x0000ffff, 0x00cf9a00],
  [13, 0x0000ffff, 0x00cf9200],
  [14, 0x0000ffff, 0x00cffa00],
  [15, 0x0000ffff, 0x00cff200],
];

export function initGdt(k: Kernel): void {
  for (const [index, low, high] of flatDescriptors) setGdtEntry(k, index, low, high);
}

/** Writes a descriptor, e.g. a task's thread-local storage (entries 6 to 8). */
function setGdtEntry(k: Kernel, index: number, low: number, high: number): void {
  const at = (mmuAddr(k, "gdt") >>> 2) + index * 2;
  k.memory.u32[at] = low;
  k.memory.u32[at + 1] = high;
}

/** What GDTR and LDTR name: the machine's GDT and Linux's default LDT, which is empty. */
export function descriptorTables(k: Kernel): DescriptorTables {
  const empty: DescriptorTable = { limit: 7, word: () => 0 };
  const start = mmuAddr(k, "gdt") >>> 2;
  return { gdt: { limit: GDT_ENTRIES * 8 - 1, word: (index) => k.memory.u32[start + index]! }, ldt: empty };
}
