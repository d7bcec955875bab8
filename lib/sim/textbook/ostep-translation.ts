// Address translation in the OSTEP homeworks: base and bounds, two segments, a linear page table, and a small two-level one.
// Theory:     each is one step on the way from "add a register" to real page tables: what limits an address, who keeps the mapping, and
//             how large it must be.
// Source:     R. and A. Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", Address Translation, Segmentation, Paging: Introduction,
//             Paging: Smaller Tables, and their homework programs (described, not copied)
// Simplified: as the programs: no protection bits, no TLB, one process.

/** @returns the physical address, null outside the bounds. */
export function relocate(registers: { readonly base: number; readonly limit: number }, va: number): number | null {
  return va < registers.limit ? registers.base + va : null;
}

export interface SegmentRegisters {
  /** For a segment that grows down: the address just past its highest byte. */
  readonly base: number;
  readonly limit: number;
}

/** The top bit of the address chooses the segment: 0 grows up, 1 grows down. `asize`: bytes of the address space. */
export function segmentOf(asize: number, va: number): 0 | 1 {
  return va >= asize / 2 ? 1 : 0;
}

export function translateSegmented(
  asize: number,
  segments: readonly [SegmentRegisters, SegmentRegisters],
  va: number,
): number | null {
  if (segmentOf(asize, va) === 0) return va < segments[0].limit ? segments[0].base + va : null;
  const { base, limit } = segments[1];
  const pa = base + (va - asize);
  return pa >= base - limit ? pa : null;
}

const LINEAR_VALID = 0x80000000;

/** One word a page: bit 31 valid, the rest the frame number. */
export function translateLinear(table: readonly number[], pageBytes: number, va: number): number | null {
  const entry = table[Math.floor(va / pageBytes)] ?? 0;
  if (entry < LINEAR_VALID) return null;
  return (entry - LINEAR_VALID) * pageBytes + (va % pageBytes);
}

/** 15-bit addresses, 32-byte pages, one-byte entries: bit 7 valid, the rest the frame number. */
export const smallTables = { pageBytes: 32, frames: 128, valid: 0x80 } as const;

export interface SmallWalk {
  readonly pdeIndex: number;
  readonly pde: number;
  readonly pteIndex: number;
  /** Null when the directory entry is not valid. */
  readonly pte: number | null;
  readonly result: "ok" | "pde_fault" | "pte_fault";
  readonly pa: number | null;
  /** The byte there. */
  readonly value: number | null;
}

/** @param memory 4096 bytes; @param pdbr frame of the page directory. */
export function walkSmallTables(memory: Uint8Array, pdbr: number, va: number): SmallWalk {
  const { pageBytes, valid } = smallTables;
  const pdeIndex = (va >>> 10) & 31;
  const pteIndex = (va >>> 5) & 31;
  const pde = memory[pdbr * pageBytes + pdeIndex] ?? 0;
  const fault = { pdeIndex, pde, pteIndex, pa: null, value: null };
  if (pde < valid) return { ...fault, pte: null, result: "pde_fault" };
  const pte = memory[(pde - valid) * pageBytes + pteIndex] ?? 0;
  if (pte < valid) return { ...fault, pte, result: "pte_fault" };
  const pa = (pte - valid) * pageBytes + (va & 31);
  return { ...fault, pte, result: "ok", pa, value: memory[pa] ?? 0 };
}
