// The steps of boot, for narration.
import type { E820Entry } from "../kernel";
import type { BootOwner } from "./structs";

export type BootEvent =
  /** The memory map: as the BIOS gave it, and as the kernel goes on with it. */
  | { readonly kind: "boot-map"; readonly bios: readonly E820Entry[]; readonly map: readonly E820Entry[] }
  /** Page numbers: end of memory, end of low memory; pages of DMA, Normal, HighMem. */
  | {
      readonly kind: "boot-split";
      readonly maxPfn: number;
      readonly maxLowPfn: number;
      readonly zones: readonly [number, number, number];
    }
  /** The tables of the first instructions: how many from physical `pg0` on. */
  | { readonly kind: "boot-early-tables"; readonly pg0: number; readonly tables: number }
  /** The bitmap starts at page `pfn`; everything is reserved. */
  | { readonly kind: "bootmem-init"; readonly pfn: number; readonly bytes: number }
  /** RAM from the map: page `start` up to, without, page `end` is free. */
  | { readonly kind: "bootmem-free"; readonly start: number; readonly end: number }
  | { readonly kind: "bootmem-reserve"; readonly owner: BootOwner; readonly addr: number; readonly bytes: number }
  /** A piece was handed out; afterwards the last one ends in page `lastPos` at `lastOffset`. */
  | {
      readonly kind: "bootmem-alloc";
      readonly owner: BootOwner;
      readonly addr: number;
      readonly bytes: number;
      readonly lastPos: number;
      readonly lastOffset: number;
    }
  /** Low memory went to the page allocator, then the bitmap. */
  | { readonly kind: "bootmem-retire"; readonly released: number; readonly reserved: number }
  | { readonly kind: "boot-highmem"; readonly released: number }
  /** The init section of the image is free. */
  | { readonly kind: "free-initmem"; readonly start: number; readonly end: number };
