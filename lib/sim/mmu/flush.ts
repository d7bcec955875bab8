// The kernel's orders to forget cached translations.
// Source:     Linux 2.6.11 asm-i386/tlbflush.h (flush_tlb_page, flush_tlb_range, flush_tlb_mm, flush_tlb_kernel_range, flush_tlb_all)
// Simplified: one processor: no inter-processor interrupts.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";

/** One page of `mm` changed: invlpg if that address space is the active one. */
export function flushTlbPage(_k: Kernel, _mm: Addr, _address: number): void {}

/** A range of `mm` changed. i386 has nothing finer than a reload of CR3. */
export function flushTlbRange(k: Kernel, mm: Addr, _start: number, _end: number): void {
  flushTlbMm(k, mm);
}

export function flushTlbMm(_k: Kernel, _mm: Addr): void {}

/** Kernel mappings changed: global entries must go too. */
export function flushTlbKernelRange(k: Kernel, _start: number, _end: number): void {
  flushTlbAll(k);
}

export function flushTlbAll(_k: Kernel): void {}
