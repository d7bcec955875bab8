// The machine of the page walk scene: a kernel with two processes, or the same memory under a processor in long mode.
// Source: domain 6.2; Linux 2.6.11 asm-i386/pgtable.h for the two i386 modes
import { createKernel } from "@/lib/sim/create-kernel";
import { frameAt, pageToPfn, pfnToPage } from "@/lib/sim/frames";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr } from "@/lib/sim/machine";
import { initCpu, newCpu } from "@/lib/sim/mmu/cpu";
import { clearTable, entryPfn, setTableEntry } from "@/lib/sim/mmu/geometry";
import { switchMm, switchMmTagged } from "@/lib/sim/mmu/mmu-access";
import { pgdAlloc, pteAlloc, pteLookup } from "@/lib/sim/mmu/pgtable";
import {
  _PAGE_PRESENT,
  _PAGE_TABLE,
  _PAGE_USER,
  mkPte,
  PAGE_KERNEL_LARGE,
  PAGE_READONLY,
  PAGE_SHARED,
} from "@/lib/sim/mmu/pte";
import type { TlbGeometry } from "@/lib/sim/mmu/tlb-structs";
import { indexAt, walkFormats } from "@/lib/sim/mmu/walk-formats";
import { mmStruct } from "@/lib/sim/structs-mm";
import { allocPages, freePages } from "@/lib/sim/zones/alloc-pages";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";
import type { Focus, Outcome, Process, Rights, WalkConfig } from "./walk-types";

export interface WalkMachine {
  readonly k: Kernel;
  readonly config: WalkConfig;
  readonly mm: Readonly<Record<Process, Addr>>;
  process: Process;
  focus: Focus;
  outcome: Outcome | null;
  /** In order of mapping. */
  mapped: { readonly process: Process; readonly address: number }[];
}

/** The number of a process in the TLB, where entries have one. */
export function asidOf(process: Process): number {
  return process === "a" ? 1 : 2;
}

/** First address behind what a process may map. */
export function userEnd({ mode }: WalkConfig): number {
  return mode === "four" ? 2 ** 47 : 0xc0000000;
}

/** Highest address there is: long mode shows the 48 bits that are translated. */
export function lastAddress({ mode }: WalkConfig): number {
  return mode === "four" ? 2 ** 48 - 1 : 2 ** 32 - 1;
}

/** Where the kernel's large page begins that every process shares. */
export function kernelBase({ mode }: WalkConfig): number {
  return mode === "four" ? 2 ** 47 : 0xc0000000;
}

export const firstFocus = 0x08048000;

export function bootWalk(config: WalkConfig): WalkMachine {
  const k = config.mode === "four" ? longKernel(config) : bootKernel(config);
  const mm = { a: newMm(k, config), b: newMm(k, config) };
  const focus = { address: firstFocus, access: null, as: "user" } as const;
  const machine: WalkMachine = { k, config, mm, process: "a", focus, outcome: null, mapped: [] };
  runProcess(machine, "a");
  return machine;
}

/** The process runs from now on. */
export function runProcess(machine: WalkMachine, process: Process): void {
  const { k, config, mm } = machine;
  machine.process = process;
  if (config.asid === "off") switchMm(k, mm[process]);
  else switchMmTagged(k, mm[process], asidOf(process), "keep");
}

/** Machine address of the entry that maps `address` in a process; 0 if a table is missing, unless `missing` says to make it. */
export function ptepOf(
  { k, config, mm }: WalkMachine,
  process: Process,
  address: number,
  missing: "make" | "stop",
): Addr {
  const pgd = k.memory.u32[(mm[process] + mmStruct.offset.pgd) >>> 2]!;
  if (config.mode === "four") return longPte(k, pgd, address, missing);
  return missing === "make" ? pteAlloc(k, mm[process], address) : pteLookup(k, pgd, address);
}

/** Entry for a page with these rights. */
export function entryFor(k: Kernel, pfn: number, rights: Rights): number {
  const flags = { rw: PAGE_SHARED, ro: PAGE_READONLY, kernel: PAGE_SHARED & ~_PAGE_USER } as const;
  // A is set by the first access, so that it can be seen to happen.
  return mkPte(k, pfn, flags[rights] & ~0x20);
}

/** A page for a process; -1 when there is none. */
export function takePage(k: Kernel): number {
  const page = allocPages(k, GFP_KERNEL, 0);
  return page === 0 ? -1 : pageToPfn(k, page);
}

export function givePage(k: Kernel, pfn: number): void {
  freePages(k, pfnToPage(k, pfn), 0);
}

function bootKernel(config: WalkConfig): Kernel {
  return createKernel({
    boot: { kind: "zones", pages: [64, 448, 0] },
    contents: 256,
    slab: "off",
    pcp: false,
    highmem: false,
    pae: config.mode !== "two",
    tlb: tlbOf(config),
  });
}

function tlbOf({ sets, ways, policy }: WalkConfig): TlbGeometry {
  return {
    data: { entries: sets * ways, ways, policy },
    instruction: null,
    large: { entries: 2, ways: 2, policy: "lru" },
  };
}

/** Entries of eight bytes as with PAE, walked in four levels. */
function longKernel(config: WalkConfig): Kernel {
  const booted = bootKernel(config);
  const k: Kernel = { ...booted, cpu: newCpu(booted.config, booted.data, () => k, walkFormats.long) };
  initCpu(k);
  return k;
}

/** Nothing but the top table is asked of it here, so it has a page to itself. */
function newMm(k: Kernel, config: WalkConfig): Addr {
  const mm = clearTable(k, takePage(k));
  k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2] = config.mode === "four" ? longPgd(k) : pgdAlloc(k);
  return mm;
}

/** A top table whose upper half has one large page of the kernel. */
function longPgd(k: Kernel): Addr {
  const tables = [takePage(k), takePage(k), takePage(k)];
  const [pgd, pud, pmd] = tables.map((pfn) => clearTable(k, pfn)) as [Addr, Addr, Addr];
  setTableEntry(k, pgd + 256 * 8, tables[1]!, _PAGE_TABLE & ~_PAGE_USER);
  setTableEntry(k, pud, tables[2]!, _PAGE_TABLE & ~_PAGE_USER);
  setTableEntry(k, pmd, 0, PAGE_KERNEL_LARGE);
  return pgd;
}

function longPte(k: Kernel, pgd: Addr, address: number, missing: "make" | "stop"): Addr {
  let table = pgd;
  for (const level of walkFormats.long.levels) {
    const entry = table + indexAt(level, address) * 8;
    if (level.name === "pte") return entry;
    if ((k.memory.u32[entry >>> 2]! & _PAGE_PRESENT) === 0) {
      const pfn = missing === "make" ? takePage(k) : -1;
      if (pfn < 0) return 0;
      clearTable(k, pfn);
      setTableEntry(k, entry, pfn, _PAGE_TABLE);
      k.events?.push({
        kind: "pte-page",
        address: Math.floor(address / 2 ** level.shift) * 2 ** level.shift,
        pfn,
        made: true,
      });
    }
    table = frameAt(k, entryPfn(k, entry));
  }
  return 0;
}
