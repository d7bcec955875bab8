// Page table entries as values: what the bits mean to the processor and what Linux stores where the processor does not look.
// Theory:     an entry is one word, with PAE two; as a number it is high * 2^32 + low. The processor looks at nothing but bit 0 while
//             that is clear, so Linux keeps three things there: where a page was swapped to, which page of a file a non-linear mapping
//             shows, and (bit 7) that the page is present but nobody may touch it.
// Source:     Linux 2.6.11 asm-i386/pgtable.h, pgtable-2level.h, pgtable-3level.h, linux/swapops.h; Gorman 3.2-3.4
// Simplified: no NX in Linux's entries (it would not fit a number beside the frame): execute is read, as on most machines of the time.
//
//     present   | frame 31..12 | avl 11..9 | G | PS | D | A | PCD | PWT | US | RW | P=1 |
//     swapped   | offset 31..8 (24 bits)       | 0  | 0 | type 5..1 (5 bits)      | P=0 |      PAE: high word = offset << 5 | type
//     file      | pgoff  31..8                 | 0  | 1 | pgoff 5..1              | P=0 |      PAE: high word = pgoff
//     PROT_NONE | frame 31..12 | avl 11..9 | . | 1  | D | A | .   | .   | .  | .  | P=0 |
import { PAGE_SIZE } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr, Pfn } from "../machine";
import { type SwapEntry, swpEntry, swpOffset, swpType } from "../swap/entry";

export type Pte = number;

/** Two levels of 4-byte entries, or three of 8 bytes. */
export type PteFormat = "twoLevel" | "pae";
export const pteFormat = (k: Kernel): PteFormat => (k.config.pae ? "pae" : "twoLevel");

export const _PAGE_PRESENT = 0x001;
const _PAGE_RW = 0x002;
export const _PAGE_USER = 0x004;
export const _PAGE_PWT = 0x008;
export const _PAGE_PCD = 0x010;
export const _PAGE_ACCESSED = 0x020;
const _PAGE_DIRTY = 0x040;
/** In a directory entry: it maps a large page itself. */
export const _PAGE_PSE = 0x080;
export const _PAGE_GLOBAL = 0x100;
/** Only while P is clear. */
const _PAGE_FILE = 0x040;
const _PAGE_PROTNONE = 0x080;

/** Entries that lead to another table. */
export const _PAGE_TABLE = 0x067;
export const _KERNPG_TABLE = 0x063;

export const PAGE_NONE = 0x0a0;
export const PAGE_SHARED = 0x027;
export const PAGE_COPY = 0x025;
export const PAGE_READONLY = 0x025;
export const PAGE_KERNEL = 0x163;
export const PAGE_KERNEL_LARGE = 0x1e3;

const HIGH = 2 ** 32;
/** What mprotect leaves alone besides the frame. */
const CHANGE_KEEPS = _PAGE_ACCESSED | _PAGE_DIRTY;

export const pteNone = (pte: Pte): boolean => pte === 0;
export const ptePresent = (pte: Pte): boolean => (pte & (_PAGE_PRESENT | _PAGE_PROTNONE)) !== 0;
export const pteWrite = (pte: Pte): boolean => (pte & _PAGE_RW) !== 0;
export const pteYoung = (pte: Pte): boolean => (pte & _PAGE_ACCESSED) !== 0;
export const pteDirty = (pte: Pte): boolean => (pte & _PAGE_DIRTY) !== 0;
/** Meaningful while the entry is not present. */
export const pteFile = (pte: Pte): boolean => (pte & _PAGE_FILE) !== 0;

const withBits = (pte: Pte, bits: number): Pte => pte + (bits & ~pte);
const withoutBits = (pte: Pte, bits: number): Pte => pte - (pte & bits);

export const pteMkwrite = (pte: Pte): Pte => withBits(pte, _PAGE_RW);
export const pteWrprotect = (pte: Pte): Pte => withoutBits(pte, _PAGE_RW);
export const pteMkdirty = (pte: Pte): Pte => withBits(pte, _PAGE_DIRTY);
export const pteMkclean = (pte: Pte): Pte => withoutBits(pte, _PAGE_DIRTY);
export const pteMkyoung = (pte: Pte): Pte => withBits(pte, _PAGE_ACCESSED);
export const pteMkold = (pte: Pte): Pte => withoutBits(pte, _PAGE_ACCESSED);

/** New protection, same frame, A and D kept. */
export function pteModify(pte: Pte, prot: number): Pte {
  const low = pte & (PAGE_SIZE - 1);
  return pte - low + ((low & CHANGE_KEEPS) | prot);
}

export function ptePfn(k: Kernel, pte: Pte): Pfn {
  return k.config.pae ? (pte / PAGE_SIZE) >>> 0 : pte >>> 12;
}

export function mkPte(k: Kernel, pfn: Pfn, prot: number): Pte {
  return k.config.pae ? pfn * PAGE_SIZE + prot : ((pfn << 12) | prot) >>> 0;
}

/** @param ptep machine address of the entry, as `pteLookup` and `pteAlloc` return it. */
export function readPte(k: Kernel, ptep: Addr): Pte {
  const low = k.memory.u32[ptep >>> 2]!;
  return k.config.pae ? k.memory.u32[(ptep >>> 2) + 1]! * HIGH + low : low;
}

export function writePte(k: Kernel, ptep: Addr, pte: Pte): void {
  k.memory.u32[ptep >>> 2] = pte >>> 0;
  if (k.config.pae) k.memory.u32[(ptep >>> 2) + 1] = Math.floor(pte / HIGH);
}

/** ptep_get_and_clear. */
export function takePte(k: Kernel, ptep: Addr): Pte {
  const pte = readPte(k, ptep);
  writePte(k, ptep, 0);
  return pte;
}

/** ptep_test_and_clear_young and _dirty: clears the bit in memory, returns whether it was set. A TLB entry keeps its copy until a flush. */
export function testAndClear(k: Kernel, ptep: Addr, bit: typeof _PAGE_ACCESSED | typeof _PAGE_DIRTY): boolean {
  const low = k.memory.u32[ptep >>> 2]!;
  k.memory.u32[ptep >>> 2] = (low & ~bit) >>> 0;
  return (low & bit) !== 0;
}

/** The largest slot number that fits an entry: 24 bits, with PAE 27. */
export const largestSwapOffset: Readonly<Record<PteFormat, number>> = { twoLevel: 2 ** 24 - 1, pae: 2 ** 27 - 1 };

/** @returns null if the type does not fit 5 bits or the offset is too large. */
export function encodeSwapPte(format: PteFormat, type: number, offset: number): Pte | null {
  if (type < 0 || type > 31 || offset < 0 || offset > largestSwapOffset[format]) return null;
  return swapPte(format, type, offset);
}

export function swpEntryToPte(k: Kernel, entry: SwapEntry): Pte {
  return swapPte(pteFormat(k), swpType(entry), swpOffset(entry));
}

function swapPte(format: PteFormat, type: number, offset: number): Pte {
  return format === "pae" ? (offset * 32 + type) * HIGH : ((offset << 8) | (type << 1)) >>> 0;
}

export function pteToSwpEntry(k: Kernel, pte: Pte): SwapEntry {
  if (!k.config.pae) return swpEntry((pte >>> 1) & 31, pte >>> 8);
  const high = Math.floor(pte / HIGH);
  return swpEntry(high & 31, high >>> 5);
}

/** Entry of a non-linear file mapping. `pgoff` in pages, below 2^29 (with PAE 2^27, so that the number stays exact). */
export function pgoffToPte(k: Kernel, pgoff: number): Pte {
  if (k.config.pae) return pgoff * HIGH + _PAGE_FILE;
  return (((pgoff & 31) << 1) + ((pgoff >>> 5) << 8) + _PAGE_FILE) >>> 0;
}

export function pteToPgoff(k: Kernel, pte: Pte): number {
  return k.config.pae ? Math.floor(pte / HIGH) : ((pte >>> 1) & 31) + ((pte >>> 8) << 5);
}

/** What an entry says, for tables and figures. */
export type DecodedPte =
  | { readonly kind: "none" }
  | { readonly kind: "present" | "protnone"; readonly pfn: Pfn; readonly flags: number }
  | { readonly kind: "swap"; readonly type: number; readonly offset: number }
  | { readonly kind: "file"; readonly pgoff: number };

export function decodePte(k: Kernel, pte: Pte): DecodedPte {
  if (pteNone(pte)) return { kind: "none" };
  if (ptePresent(pte))
    return {
      kind: (pte & _PAGE_PRESENT) !== 0 ? "present" : "protnone",
      pfn: ptePfn(k, pte),
      flags: pte & (PAGE_SIZE - 1),
    };
  if (pteFile(pte)) return { kind: "file", pgoff: pteToPgoff(k, pte) };
  const entry = pteToSwpEntry(k, pte);
  return { kind: "swap", type: swpType(entry), offset: swpOffset(entry) };
}

/** protection_map: index is VM_READ 1, VM_WRITE 2, VM_EXEC 4, VM_SHARED 8. A private page is never writable here: writing copies first. */
const protections: readonly number[] = [
  ...[PAGE_NONE, PAGE_READONLY, PAGE_COPY, PAGE_COPY, PAGE_READONLY, PAGE_READONLY, PAGE_COPY, PAGE_COPY],
  ...[PAGE_NONE, PAGE_READONLY, PAGE_SHARED, PAGE_SHARED, PAGE_READONLY, PAGE_READONLY, PAGE_SHARED, PAGE_SHARED],
];

/** `vm_page_prot` for `vm_flags`. */
export function protectionMap(vmFlags: number): number {
  return protections[vmFlags & 15]!;
}
