// The simulated processor as far as memory management sees it: where its TLB lies and how it reads page tables.
// Source:     Intel IA-32 manual, volume 3, "Control Registers"; Linux 2.6.11 arch/i386/kernel/head.S (CR0), asm-i386/tlbflush.h (PGE)
// Simplified: one processor; paging is on from the start.
import { PAGE_SIZE } from "../constants";
import { frameAt, peekFrame } from "../frames";
import type { Kernel, KernelConfig } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { mmuData, TLB_WORDS } from "./structs";
import { type TlbArray, tlbArrayAt, tlbArrayWords, tlbReset } from "./tlb";
import { type TlbArrayGeometry, tlbStats } from "./tlb-structs";
import { CR0_WP, newWalk, type PhysMemory, type Walk } from "./walk";
import { type WalkFormat, walkFormats } from "./walk-formats";

const CR0_PE = 0x1;
const CR0_PG = 0x80000000;
const CR4_PSE = 0x10;
const CR4_PAE = 0x20;
export const CR4_PGE = 0x80;

/** What the hardware is; its state lies in `mmu_data`. `walk` is where the last walk left what it found. */
export interface Cpu {
  readonly data: TlbArray;
  readonly instruction: TlbArray | null;
  readonly large: TlbArray | null;
  /** log2 of a large page. */
  readonly largeShift: number;
  readonly format: WalkFormat;
  readonly memory: PhysMemory;
  readonly walk: Walk;
}

const MMU = kernelData.offset.mmu;
const ASID = MMU + mmuData.offset.asid;

/** Machine address of a variable of `mmu_data`. */
export function mmuAddr(k: Kernel, field: keyof typeof mmuData.offset): Addr {
  return k.data + MMU + mmuData.offset[field];
}

/** Word index of a counter of the TLB. */
export function tlbStatAt(k: Kernel, counter: keyof typeof tlbStats.offset): number {
  return (k.data + MMU + mmuData.offset.stats + tlbStats.offset[counter]) >>> 2;
}

/** The number that new TLB entries carry and that found ones must carry. */
export function currentAsid(k: Kernel): number {
  return k.memory.u32[(k.data + ASID) >>> 2]!;
}

/** Number of the page of 2^shift bytes that holds an address of up to 48 bits. */
export function vpnOf(address: number, shift: number): number {
  return address <= 0xffffffff ? address >>> shift : Math.floor(address / 2 ** shift);
}

/** The counter of hits as byte offset from `k.data`: every access needs it. */
export const HITS = MMU + mmuData.offset.stats + tlbStats.offset.hits;

/** @param data machine address of `kernel_data`. @param format another than that of the configuration: long mode. @throws RangeError for a TLB that cannot be or does not fit. */
export function newCpu(
  config: Pick<KernelConfig, "pae" | "pse" | "tlb">,
  data: Addr,
  kernel: () => Kernel,
  format: WalkFormat = config.pae ? walkFormats.pae : config.pse ? walkFormats.pse : walkFormats.i386,
): Cpu {
  let at = (data + MMU + mmuData.offset.tlb) >>> 2;
  const end = at + TLB_WORDS;
  const place = (geometry: TlbArrayGeometry): TlbArray => {
    const array = tlbArrayAt(geometry, at);
    at += tlbArrayWords(geometry);
    if (at > end) throw new RangeError(`the TLB does not fit into ${TLB_WORDS} words`);
    return array;
  };
  return {
    data: place(config.tlb.data),
    instruction: config.tlb.instruction === null ? null : place(config.tlb.instruction),
    large: config.tlb.large === null ? null : place(config.tlb.large),
    largeShift: format.entryBytes === 8 ? 21 : 22,
    format,
    memory: {
      read32: (paddr) => {
        const k = kernel();
        const contents = peekFrame(k, Math.floor(paddr / PAGE_SIZE));
        return contents === 0 ? 0 : k.memory.u32[(contents + (paddr & (PAGE_SIZE - 1))) >>> 2]!;
      },
      write32: (paddr, value) => {
        const k = kernel();
        const pfn = Math.floor(paddr / PAGE_SIZE);
        if (pfn < k.pages) k.memory.u32[(frameAt(k, pfn) + (paddr & (PAGE_SIZE - 1))) >>> 2] = value;
      },
    },
    walk: newWalk(),
  };
}

/** Registers as Linux leaves them, an empty TLB. */
export function initCpu(k: Kernel): void {
  const w = k.memory.u32;
  w[mmuAddr(k, "cr0") >>> 2] = (CR0_PG | CR0_WP | CR0_PE) >>> 0;
  w[mmuAddr(k, "cr4") >>> 2] = CR4_PGE | (k.config.pse ? CR4_PSE : 0) | (k.config.pae ? CR4_PAE : 0);
  tlbReset(w, k.cpu.data);
  if (k.cpu.instruction) tlbReset(w, k.cpu.instruction);
  if (k.cpu.large) tlbReset(w, k.cpu.large);
}
