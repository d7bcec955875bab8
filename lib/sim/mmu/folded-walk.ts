// Linux's own walk over page tables: four levels in the code, however many the machine has.
// Theory:     a level that the machine lacks is folded: it has one entry, the entry of the level above seen under another name, and
//             the question "is it empty?" is answered by the compiler with a constant no. So on plain i386 the directory entry is
//             found at the pgd but tested at the pmd; the compiler throws the rest away.
// Source:     Linux 2.6.11 asm-generic/pgtable-nopud.h, pgtable-nopmd.h, asm-i386/pgtable-3level.h; domain 6.3; Gorman 3.1-3.2
//
//     two levels |  pgd 31..22, never none | pud = pgd, never none | pmd = pud, tested | pte 21..12, tested |
//     PAE        |  pgd 31..30, never none | pud = pgd, never none | pmd 29..21, tested | pte 20..12, tested |
import type { PhysMemory } from "./walk";

export type GenericLevel = "pgd" | "pud" | "pmd" | "pte";

export interface FoldedLevel {
  readonly name: GenericLevel;
  /** 0 bits: folded into the level above. */
  readonly shift: number;
  readonly bits: number;
  /** False: the test for "none" is a constant false. */
  readonly tested: boolean;
}

export interface FoldedFormat {
  readonly entryBytes: 4 | 8;
  readonly levels: readonly FoldedLevel[];
}

const level = (name: GenericLevel, shift: number, bits: number): FoldedLevel => ({ name, shift, bits, tested: true });
const untested = (name: GenericLevel, shift: number, bits: number): FoldedLevel => ({
  ...level(name, shift, bits),
  tested: false,
});

export const foldedFormats = {
  "2": {
    entryBytes: 4,
    levels: [untested("pgd", 22, 10), untested("pud", 22, 0), level("pmd", 22, 0), level("pte", 12, 10)],
  },
  pae: {
    entryBytes: 8,
    levels: [untested("pgd", 30, 2), untested("pud", 30, 0), level("pmd", 21, 9), level("pte", 12, 9)],
  },
  "4": {
    entryBytes: 8,
    levels: [level("pgd", 39, 9), level("pud", 30, 9), level("pmd", 21, 9), level("pte", 12, 9)],
  },
} as const satisfies Readonly<Record<string, FoldedFormat>>;

export interface FoldedResult {
  /** Nothing on the way was none; the last entry may still be swapped out or PROT_NONE. */
  readonly present: boolean;
  /** Where the walk ended: the level whose test said none, the level of a large page, or "pte". */
  readonly level: GenericLevel;
  /** Physical address of that entry. */
  readonly entry: number;
}

/** @param root physical address of the pgd; @param address the 32 or 48 translated bits. */
export function foldedWalk(format: FoldedFormat, memory: PhysMemory, root: number, address: number): FoldedResult {
  let entry = root;
  let table = root;
  for (const { name, shift, bits, tested } of format.levels) {
    if (bits > 0) entry = table + (Math.floor(address / 2 ** shift) & (2 ** bits - 1)) * format.entryBytes;
    const low = memory.read32(entry);
    const high = format.entryBytes === 8 ? memory.read32(entry + 4) : 0;
    if (tested && low === 0 && high === 0) return { present: false, level: name, entry };
    if (name === "pte" || (tested && (low & 0x81) === 0x81)) return { present: true, level: name, entry };
    table = (high & 0xff) * 2 ** 32 + ((low & 0xfffff000) >>> 0);
  }
  throw new RangeError("a format ends with the level pte");
}
