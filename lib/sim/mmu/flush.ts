// The kernel's orders to forget cached translations, and what they do to the TLB.
// Theory:     after an entry became less permissive, was removed, or lost A or D, a copy of it may still be in the TLB. i386 can drop
//             one page (invlpg), everything that is not global (load CR3), or everything (turn CR4.PGE off and on).
// Source:     Linux 2.6.11 asm-i386/tlbflush.h (flush_tlb_page, flush_tlb_range, flush_tlb_mm, flush_tlb_kernel_range,
//             __flush_tlb_one, __flush_tlb, __flush_tlb_all); domain 6.5
// Simplified: one processor: no inter-processor interrupts.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { currentAsid, mmuAddr, tlbStatAt, vpnOf } from "./cpu";
import { pgdPhys } from "./geometry";
import { type TlbArray, tlbFlush, tlbInvalidate } from "./tlb";

const EVERYTHING = { keepGlobal: false, asid: null } as const;

/** One page of `mm` changed: invlpg if that address space is the active one. */
export function flushTlbPage(k: Kernel, mm: Addr, address: number): void {
  if (activeMm(k) === mm) flushTlbOne(k, address);
}

/** A range of `mm` changed. i386 has nothing finer than a reload of CR3. */
export function flushTlbRange(k: Kernel, mm: Addr, _start: number, _end: number): void {
  flushTlbMm(k, mm);
}

export function flushTlbMm(k: Kernel, mm: Addr): void {
  if (activeMm(k) === mm) reloadCr3(k);
}

/** Kernel mappings changed: global entries must go too. */
export function flushTlbKernelRange(k: Kernel, _start: number, _end: number): void {
  flushTlbAll(k);
}

/** Everything, global entries too. */
export function flushTlbAll(k: Kernel): void {
  k.memory.u32[tlbStatAt(k, "flush_all")]! += 1;
  const dropped = flushArrays(k, EVERYTHING);
  k.events?.push({ kind: "tlb-flush", what: "all", address: null, dropped });
}

/** invlpg: drops the page from every array, even if it is global. */
export function flushTlbOne(k: Kernel, address: number): void {
  k.memory.u32[tlbStatAt(k, "invlpg")]! += 1;
  const dropped = dropPage(k, address);
  k.events?.push({ kind: "tlb-flush", what: "page", address: vpnOf(address, 12) * 4096, dropped });
}

/** What invlpg and a page fault do to the entries of one page. @returns how many went. */
export function dropPage(k: Kernel, address: number): number {
  const { data, instruction, large, largeShift } = k.cpu;
  const w = k.memory.u32;
  const vpn = vpnOf(address, 12);
  const asid = currentAsid(k);
  return (
    tlbInvalidate(w, data, vpn, asid) +
    (instruction === null ? 0 : tlbInvalidate(w, instruction, vpn, asid)) +
    (large === null ? 0 : tlbInvalidate(w, large, vpnOf(address, largeShift), asid))
  );
}

/** Without numbers of address spaces everything that is not global has number 0. */
const UNTAGGED = { asid: 0, entries: "flush" } as const;

/**
 * Makes another top table the current one: entries that carry its number go, unless they are global.
 * @param mm whose it is, 0 for the kernel's own.
 */
export function loadCr3(
  k: Kernel,
  pgd: Addr,
  mm: Addr,
  tag: { readonly asid: number; readonly entries: "keep" | "flush" } = UNTAGGED,
): void {
  const w = k.memory.u32;
  w[mmuAddr(k, "cr3") >>> 2] = pgdPhys(k, pgd);
  w[mmuAddr(k, "active_mm") >>> 2] = mm;
  w[mmuAddr(k, "asid") >>> 2] = tag.asid;
  reloadCr3(k, tag.entries);
}

function reloadCr3(k: Kernel, entries: "keep" | "flush" = "flush"): void {
  k.memory.u32[tlbStatAt(k, "cr3_loads")]! += 1;
  const dropped = entries === "keep" ? 0 : flushArrays(k, { keepGlobal: true, asid: currentAsid(k) });
  k.events?.push({ kind: "tlb-flush", what: "cr3", address: null, dropped });
}

function activeMm(k: Kernel): Addr {
  return k.memory.u32[mmuAddr(k, "active_mm") >>> 2]!;
}

function flushArrays(k: Kernel, which: Parameters<typeof tlbFlush>[2]): number {
  const drop = (array: TlbArray | null) => (array === null ? 0 : tlbFlush(k.memory.u32, array, which));
  return drop(k.cpu.data) + drop(k.cpu.instruction) + drop(k.cpu.large);
}
