// What boot knows: the memory map, the boot memory allocator, and who took what.
// Source:     Linux 2.6.11 asm-i386/e820.h (e820map), linux/bootmem.h (bootmem_data), arch/i386/kernel/setup.c (max_low_pfn, ...)
// Simplified: 64-bit values as two words, low one first.
import { arrayOf, struct } from "../layout";

export const E820MAX = 32;
export const BOOT_LOG_ENTRIES = 64;

export const e820Entry = struct("e820entry", {
  addr: arrayOf("u32", 2),
  size: arrayOf("u32", 2),
  type: "u32",
});

/** A bit a page of low memory: 1 reserved or allocated, 0 free. `node_bootmem_map` is its machine address, 0 once boot is over. */
export const bootmemData = struct("bootmem_data", {
  node_boot_start: "u32",
  node_low_pfn: "u32",
  node_bootmem_map: "addr",
  /** Bytes used in page `last_pos`; 0 when it is full. */
  last_offset: "u32",
  last_pos: "u32",
  /** Physical address where the last search ended. */
  last_success: "u32",
});

/** Physical range and its owner, an index of `bootOwners`. */
export const bootLogEntry = struct("boot_log_entry", { start: "u32", bytes: "u32", owner: "u32" });

export const bootOwners = [
  "kernel image",
  "early page tables",
  "bootmem bitmap",
  "page 0",
  "BIOS data",
  "trampoline",
  "AMD errata page",
  "initrd",
  "page tables",
  "mem_map",
  "wait table DMA",
  "wait table Normal",
  "wait table HighMem",
] as const;
export type BootOwner = (typeof bootOwners)[number];

export const bootData = struct("boot_data", {
  e820_nr_map: "u32",
  e820_map: arrayOf(e820Entry, E820MAX),
  init_pg_tables_end: "u32",
  /** First frame behind the early page tables, where the bitmap starts. */
  min_low_pfn: "u32",
  max_low_pfn: "u32",
  max_pfn: "u32",
  highstart_pfn: "u32",
  highend_pfn: "u32",
  /** Bytes of the bitmap. */
  bootmap_size: "u32",
  bdata: bootmemData,
  log_entries: "u32",
  log: arrayOf(bootLogEntry, BOOT_LOG_ENTRIES),
  /** Pages that free_all_bootmem gave to the page allocator. */
  released: "u32",
});
