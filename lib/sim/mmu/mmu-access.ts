// An access of the running program to a linear address, as the processor sees it: TLB, walk, fault.
// Theory:     the TLB answers if it knows the page and its copy of the rights allows the access. Otherwise the tables are walked and
//             the result is kept. A write through a copy loaded while the page was clean walks again, to set D in memory. Refusals
//             are never kept: whatever the TLB held about the page is forgotten, so that a repaired entry is seen at the retry.
// Source:     Intel IA-32 manual, volume 3, "Translation Lookaside Buffers"; Linux 2.6.11 asm-i386/mmu_context.h (switch_mm,
//             enter_lazy_tlb); domain 6.4, 6.5
// Simplified: logical addresses are linear (Linux's segments are flat; segmentation.ts has the check).
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { mmStruct } from "../structs-mm";
import { CR4_PGE, currentAsid, HITS, mmuAddr, tlbStatAt, vpnOf } from "./cpu";
import type { TlbArrayName, WalkStep } from "./events";
import { dropPage, loadCr3 } from "./flush";
import { walkQuietly } from "./observe-mmu";
import { swapperPgDir } from "./pgtable";
import { type TlbArray, type TlbEntryAt, tlbEntries, tlbFill, tlbFind } from "./tlb";
import { TLB_DIRTY, TLB_GLOBAL, TLB_NX, TLB_RW, TLB_US, tlbEntry } from "./tlb-structs";
import { type Access, CR0_WP, FETCH, PF_INSTR, PF_PROT, PF_USER, PF_WRITE, READ, WRITE, walk } from "./walk";

const FLAGS = tlbEntry.offset.flags >>> 2;
const PFN = tlbEntry.offset.pfn >>> 2;
const [MISSES, D_WALKS, FAULTS] = ["misses", "d_walks", "faults"] as const;

/**
 * One access to one byte.
 * @param cpl 3 for user code, 0 for the kernel.
 * @returns the physical address; below 0 a page fault, with the address in CR2 and the code from `faultCode`.
 */
export function mmuAccess(k: Kernel, address: number, access: Access, cpl: number): number {
  const { cpu } = k;
  const w = k.memory.u32;
  const small = access === FETCH && cpu.instruction !== null ? cpu.instruction : cpu.data;
  let shift = 12;
  const asid = currentAsid(k);
  let entry = tlbFind(w, small, vpnOf(address, 12), asid);
  if (entry < 0 && cpu.large !== null && small === cpu.data) {
    shift = cpu.largeShift;
    entry = tlbFind(w, cpu.large, vpnOf(address, shift), asid);
  }
  if (entry < 0) {
    w[tlbStatAt(k, MISSES)]! += 1;
    return walkAndFill(k, small, address, access, cpl, "miss");
  }
  const flags = w[entry + FLAGS]!;
  if (!permits(k, flags, access, cpl)) return faultFromTlb(k, address, access, cpl);
  if (access === WRITE && (flags & TLB_DIRTY) === 0) return setDirty(k, small, address, cpl);
  w[(k.data + HITS) >>> 2]! += 1;
  const paddr = w[entry + PFN]! * 4096 + (address & ((1 << shift) - 1));
  if (k.events !== null) k.events.push({ kind: "tlb-hit", address, array: nameOf(k, shift, small), paddr });
  return paddr;
}

/** The error code of a result of `mmuAccess` below 0. */
export function faultCode(result: number): number {
  return -1 - result;
}

/** switch_mm: the processor works in this address space from now on. 0, a kernel thread: it stays in the one that is there. */
export function switchMm(k: Kernel, mm: Addr): void {
  if (mm === 0 || k.memory.u32[mmuAddr(k, "active_mm") >>> 2] === mm) return;
  loadCr3(k, k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!, mm);
}

/**
 * Extension, not of 2.6.11: as `switchMm`, for a processor whose TLB entries carry a number of their address space (PCID).
 * @param asid 1..4095; @param entries of that number: `keep` is CR3 with the no-flush bit, `flush` without.
 */
export function switchMmTagged(k: Kernel, mm: Addr, asid: number, entries: "keep" | "flush"): void {
  if (k.memory.u32[mmuAddr(k, "active_mm") >>> 2] === mm && currentAsid(k) === asid) return;
  loadCr3(k, k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!, mm, { asid, entries });
}

/** leave_mm: back to the kernel's own page table, before an address space that nobody needs goes away. */
export function leaveMm(k: Kernel): void {
  const master = swapperPgDir(k);
  if (master !== 0) loadCr3(k, master, 0);
}

function permits(k: Kernel, flags: number, access: Access, cpl: number): boolean {
  if (cpl === 3 && (flags & TLB_US) === 0) return false;
  if (access === READ) return true;
  if (access === FETCH) return (flags & TLB_NX) === 0;
  return (flags & TLB_RW) !== 0 || (cpl !== 3 && (cr0(k) & CR0_WP) === 0);
}

function setDirty(k: Kernel, small: TlbArray, address: number, cpl: number): number {
  k.memory.u32[tlbStatAt(k, D_WALKS)]! += 1;
  dropPage(k, address);
  return walkAndFill(k, small, address, WRITE, cpl, "dirty");
}

function faultFromTlb(k: Kernel, address: number, access: Access, cpl: number): number {
  dropPage(k, address);
  const error =
    PF_PROT |
    (access === WRITE ? PF_WRITE : 0) |
    (cpl === 3 ? PF_USER : 0) |
    (access === FETCH && k.cpu.format.nx ? PF_INSTR : 0);
  return raise(k, address, error, "tlb");
}

function walkAndFill(
  k: Kernel,
  small: TlbArray,
  address: number,
  access: Access,
  cpl: number,
  why: "miss" | "dirty",
): number {
  const { format, memory, walk: found } = k.cpu;
  if (k.memory.u32[mmuAddr(k, "cr3") >>> 2] === 0 && k.memory.u32[mmuAddr(k, "active_mm") >>> 2] === 0) leaveMm(k);
  const cr3 = k.memory.u32[mmuAddr(k, "cr3") >>> 2]!;
  if (k.events !== null) tellSearch(k, small, address, cr3, why);
  const done = walk(format, memory, cr3, address, access, cpl, cr0(k), found);
  k.memory.u32[tlbStatAt(k, "walk_refs")]! += found.depth;
  if (k.events !== null)
    k.events.push({ kind: "page-walk", address, why, steps: walkSteps(k), paddr: done ? found.paddr : null });
  if (!done) return raise(k, address, found.error, "walk");
  keep(k, small, address);
  return found.paddr;
}

function raise(k: Kernel, address: number, error: number, from: "tlb" | "walk"): number {
  const w = k.memory.u32;
  w[mmuAddr(k, "cr2") >>> 2] = address;
  w[tlbStatAt(k, FAULTS)]! += 1;
  if (k.events !== null) k.events.push({ kind: "mmu-fault", address, error, from });
  return -1 - error;
}

/** A large page goes to the array for large pages; code and a TLB without one keep the 4 KiB of it that were touched. */
function keep(k: Kernel, small: TlbArray, address: number): TlbEntryAt {
  const { cpu } = k;
  const found = cpu.walk;
  const pge = (k.memory.u32[mmuAddr(k, "cr4") >>> 2]! & CR4_PGE) !== 0;
  const flags =
    (found.user ? TLB_US : 0) |
    (found.write ? TLB_RW : 0) |
    (found.noFetch ? TLB_NX : 0) |
    (found.dirty ? TLB_DIRTY : 0) |
    (found.global && pge ? TLB_GLOBAL : 0);
  const whole = found.pageShift === cpu.largeShift && cpu.large !== null && small === cpu.data;
  const array = whole ? cpu.large : small;
  const shift = whole ? cpu.largeShift : 12;
  const pfn = Math.floor(found.paddr / 4096) - (whole ? (address >>> 12) & ((1 << (shift - 12)) - 1) : 0);
  if (k.events === null) return tlbFill(k.memory.u32, array, vpnOf(address, shift), pfn, flags, currentAsid(k));
  return fillAndTell(k, array, nameOf(k, shift, small), vpnOf(address, shift), pfn, flags);
}

function fillAndTell(
  k: Kernel,
  array: TlbArray,
  name: TlbArrayName,
  vpn: number,
  pfn: number,
  flags: number,
): TlbEntryAt {
  const set = vpn % array.sets;
  const inSet = () => tlbEntries(k.memory.u32, array).filter((each) => each.set === set);
  const before = inSet();
  const entry = tlbFill(k.memory.u32, array, vpn, pfn, flags, currentAsid(k));
  const after = new Set(inSet().map((each) => each.vpn));
  const evicted = before.find((each) => !after.has(each.vpn))?.vpn ?? null;
  k.events?.push({ kind: "tlb-fill", array: name, set, vpn, pfn, evicted });
  return entry;
}

/** What is seen before the walk has set any bit: the set that did not help, then one entry after the other. */
function tellSearch(k: Kernel, small: TlbArray, address: number, cr3: number, why: "miss" | "dirty"): void {
  const array = small === k.cpu.data ? "data" : "instruction";
  k.events?.push({ kind: "tlb-miss", address, array, set: vpnOf(address, 12) % small.sets, why });
  walkQuietly(k, cr3, address, k.cpu.walk);
  for (const [depth, step] of walkSteps(k).entries()) k.events?.push({ kind: "walk-level", address, depth, ...step });
}

function walkSteps(k: Kernel): WalkStep[] {
  const { format, walk: found } = k.cpu;
  return format.levels.slice(0, found.depth).map(({ name }, depth) => ({
    level: name,
    entry: found.entry[depth]!,
    low: found.low[depth]!,
    high: found.high[depth]!,
    set: found.set[depth]!,
  }));
}

function nameOf(k: Kernel, shift: number, small: TlbArray): TlbArrayName {
  if (shift !== 12) return "large";
  return small === k.cpu.data ? "data" : "instruction";
}

function cr0(k: Kernel): number {
  return k.memory.u32[mmuAddr(k, "cr0") >>> 2]!;
}
