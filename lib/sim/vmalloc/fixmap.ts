// The fixmap: kernel addresses that are known when the kernel is compiled, and whose frames are set while it runs.
// Theory:     slot i lies at FIXADDR_TOP - i pages, counted from the top of the address space downwards. The table page behind the
//             slots exists from the start, so who maps something there has nothing to allocate.
// Source:     Linux 2.6.11 asm-i386/fixmap.h (fixed_addresses, __fix_to_virt); Gorman 3.6
// Simplified: one page for the local APIC, none for I/O APICs, PCI or machine types.
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pteLookup, swapperPgDir } from "../mmu/pgtable";

export const FIXADDR_TOP = 0xfffff000;
/** Kinds of atomic kmaps, each with a slot of its own on each CPU. */
export const kmTypes = [
  "KM_BOUNCE_READ",
  "KM_SKB_SUNRPC_DATA",
  "KM_SKB_DATA_SOFTIRQ",
  "KM_USER0",
  "KM_USER1",
  "KM_BIO_SRC_IRQ",
  "KM_BIO_DST_IRQ",
  "KM_PTE0",
  "KM_PTE1",
  "KM_IRQ0",
  "KM_IRQ1",
  "KM_SOFTIRQ0",
  "KM_SOFTIRQ1",
] as const;
export type KmType = (typeof kmTypes)[number];
export const KM_TYPE_NR = kmTypes.length;

const ACPI_PAGES = 4;
const BTMAPS = 16;

/** First slot of each use. The boot-time slots may lie over a table boundary, so they come after the permanent ones. */
export const fixedAddresses = {
  FIX_HOLE: 0,
  FIX_VSYSCALL: 1,
  FIX_APIC_BASE: 2,
  FIX_KMAP_BEGIN: 3,
  FIX_ACPI_BEGIN: 3 + KM_TYPE_NR,
  end_of_permanent: 3 + KM_TYPE_NR + ACPI_PAGES,
  FIX_WP_TEST: 3 + KM_TYPE_NR + ACPI_PAGES + BTMAPS,
  end: 3 + KM_TYPE_NR + ACPI_PAGES + BTMAPS + 1,
} as const;

export function fixToVirt(slot: number): number {
  return FIXADDR_TOP - slot * PAGE_SIZE;
}

/** Machine address of a slot's entry. */
export function fixmapPte(k: Kernel, slot: number): Addr {
  const master = swapperPgDir(k);
  return master === 0 ? 0 : pteLookup(k, master, fixToVirt(slot));
}
