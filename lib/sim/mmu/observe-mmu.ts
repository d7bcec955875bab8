// Decodes registers, TLB and the way of an address through the page tables. Bounded by shapes that memory cannot change; never throws.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { mmuAddr, tlbStatAt } from "./cpu";
import { pgdPhys } from "./geometry";
import type { MmuState, TlbArrayState, TlbEntryState, WalkState } from "./observe";
import { type TlbArray, type TlbEntryView, tlbEntries } from "./tlb";
import { TLB_DIRTY, TLB_GLOBAL, TLB_RW, TLB_US, type tlbStats } from "./tlb-structs";
import { CR0_WP, newWalk, type PhysMemory, READ, type Walk, walk } from "./walk";
import { indexAt } from "./walk-formats";

export function observeMmu(k: Kernel): MmuState {
  const register = (name: "cr0" | "cr2" | "cr3" | "cr4") => k.memory.u32[mmuAddr(k, name) >>> 2]!;
  const count = (name: keyof typeof tlbStats.offset) => k.memory.u32[tlbStatAt(k, name)]!;
  return {
    cr0: register("cr0"),
    cr2: register("cr2"),
    cr3: register("cr3"),
    cr4: register("cr4"),
    counters: {
      hits: count("hits"),
      misses: count("misses"),
      d_walks: count("d_walks"),
      walk_refs: count("walk_refs"),
      faults: count("faults"),
      invlpg: count("invlpg"),
      cr3_loads: count("cr3_loads"),
      flush_all: count("flush_all"),
    },
    tlb: tlbArrays(k).map(({ name, array, pageShift }) => observeArray(k, name, array, pageShift)),
  };
}

/** The arrays the machine's TLB has. */
export function tlbArrays(k: Kernel): { name: TlbArrayState["name"]; array: TlbArray; pageShift: number }[] {
  const { data, instruction, large, largeShift } = k.cpu;
  return [
    { name: "data" as const, array: data, pageShift: 12 },
    ...(instruction === null ? [] : [{ name: "instruction" as const, array: instruction, pageShift: 12 }]),
    ...(large === null ? [] : [{ name: "large" as const, array: large, pageShift: largeShift }]),
  ];
}

/** The way of an address from a top table on, with nothing changed by it. */
export function observeWalk(k: Kernel, pgd: Addr, address: number): WalkState {
  const found = walkQuietly(k, pgdPhys(k, pgd), address, newWalk());
  const entries = k.cpu.format.levels.slice(0, found.depth).map((level, depth) => ({
    level: level.name,
    index: indexAt(level, address),
    address: found.entry[depth]!,
    low: found.low[depth]!,
    high: found.high[depth]!,
  }));
  const there = found.error === -1;
  return {
    entries,
    paddr: there ? found.paddr : null,
    pageShift: found.pageShift,
    user: there && found.user,
    write: there && found.write,
    global: there && found.global,
  };
}

/** A walk that sets no bits, with the kernel's rights. */
export function walkQuietly(k: Kernel, cr3: number, address: number, out: Walk): Walk {
  const quiet: PhysMemory = { read32: (paddr) => k.cpu.memory.read32(paddr), write32: () => {} };
  walk(k.cpu.format, quiet, cr3, address, READ, 0, CR0_WP, out);
  return out;
}

function observeArray(k: Kernel, name: TlbArrayState["name"], array: TlbArray, pageShift: number): TlbArrayState {
  const { sets, ways, geometry } = array;
  return {
    name,
    sets,
    ways,
    policy: geometry.policy,
    pageShift,
    entries: tlbEntries(k.memory.u32, array).map(entryState),
  };
}

function entryState({ flags, ...rest }: TlbEntryView): TlbEntryState {
  return {
    ...rest,
    user: (flags & TLB_US) !== 0,
    write: (flags & TLB_RW) !== 0,
    dirty: (flags & TLB_DIRTY) !== 0,
    global: (flags & TLB_GLOBAL) !== 0,
  };
}
