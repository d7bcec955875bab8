// What the processor does when the TLB does not know an address: it walks the page tables in memory.
// Theory:     from the top table on, some bits of the address index the table and the entry leads to the next, until an entry maps a
//             page. An absent entry or a set reserved bit ends it at once. Rights come last and from all levels: US and RW must be
//             set at every level, NX at none. Only a walk that succeeds writes: A in every entry it used, D in the last on a write.
// Source:     Intel IA-32 manual, volume 3, "Protected-Mode Memory Management", "Page-Fault Exception"; domain 6.4
// Simplified: no SMEP, SMAP or protection keys; a walk that faults sets no A bits (real processors may set those of upper levels).
//
//     error code:  16 fetch (only with NX) | 8 reserved bit | 4 user | 2 write | 1 the entry was present
import type { WalkFormat } from "./walk-formats";

/** Physical memory as the walker sees it: words at addresses that are multiples of 4, up to 2^40. */
export interface PhysMemory {
  read32(paddr: number): number;
  write32(paddr: number, value: number): void;
}

export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;
export type Access = typeof READ | typeof WRITE | typeof FETCH;

/** Bit of CR0: write protection holds for the kernel as well. */
export const CR0_WP = 0x10000;

/** Bits of the error code. */
export const PF_PROT = 1;
export const PF_WRITE = 2;
export const PF_USER = 4;
const PF_RSVD = 8;
export const PF_INSTR = 16;

/** Where a walk leaves what it found, made once and used again. `error` is -1 if it succeeded. */
export interface Walk {
  error: number;
  /** Physical address of the byte; -1 on a fault. */
  paddr: number;
  /** How many entries were read: the memory references of the walk. */
  depth: number;
  /** log2 of the size of the page that maps the address. */
  pageShift: number;
  /** Rights over all levels, and the flags of the last entry. */
  user: boolean;
  write: boolean;
  noFetch: boolean;
  global: boolean;
  dirty: boolean;
  /** For each level: physical address of its entry, both words before the walk, and the bits the walk set (A 0x20, D 0x40). */
  readonly entry: Float64Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly set: Uint32Array;
}

export function newWalk(): Walk {
  return {
    error: -1,
    paddr: -1,
    depth: 0,
    pageShift: 12,
    user: false,
    write: false,
    noFetch: false,
    global: false,
    dirty: false,
    entry: new Float64Array(4),
    low: new Uint32Array(4),
    high: new Uint32Array(4),
    set: new Uint32Array(4),
  };
}

const [P, RW, US, A, D, PS, G] = [0x001, 0x002, 0x004, 0x020, 0x040, 0x080, 0x100];
const NX = 0x80000000;
const HIGH = 2 ** 32;

/**
 * Translates `va` (its low 32 or 48 bits).
 * @param cr0 with its bit WP set the kernel, too, may not write where RW is clear. Linux sets it.
 * @returns whether the access may go on; everything else is in `out`.
 */
export function walk(
  format: WalkFormat,
  memory: PhysMemory,
  cr3: number,
  va: number,
  access: Access,
  cpl: number,
  cr0: number,
  out: Walk,
): boolean {
  const code =
    (access === WRITE ? PF_WRITE : 0) | (cpl === 3 ? PF_USER : 0) | (access === FETCH && format.nx ? PF_INSTR : 0);
  let rights = RW | US;
  let noFetch = 0;
  let table = (cr3 & format.rootMask) >>> 0;
  out.paddr = -1;
  for (let depth = 0; ; depth++) {
    const level = format.levels[depth]!;
    const at = table + (Math.floor(va / 2 ** level.shift) & ((1 << level.bits) - 1)) * format.entryBytes;
    const low = memory.read32(at);
    const high = format.entryBytes === 8 ? memory.read32(at + 4) : 0;
    out.entry[depth] = at;
    out.low[depth] = low;
    out.high[depth] = high;
    out.set[depth] = 0;
    out.depth = depth + 1;
    if ((low & P) === 0) return fault(out, code);
    const large = level.large && (low & PS) !== 0;
    if (level.rights) {
      const reservedHigh = (format.reservedHigh | (format.nx ? 0 : NX)) & high;
      if (reservedHigh !== 0 || (low & (large ? level.reservedLarge : level.reserved)) !== 0)
        return fault(out, code | PF_PROT | PF_RSVD);
      rights &= low;
      noFetch |= high & NX;
    }
    if (!large && depth + 1 < format.levels.length) {
      table = (high & 0xff) * HIGH + ((low & 0xfffff000) >>> 0);
      continue;
    }
    out.pageShift = level.shift;
    out.user = (rights & US) !== 0;
    out.write = (rights & RW) !== 0;
    out.noFetch = noFetch !== 0;
    out.global = (low & G) !== 0;
    if (!allowed(out, access, cpl, cr0)) return fault(out, code | PF_PROT);
    setBits(format, memory, access, out);
    out.error = -1;
    out.paddr = frameOf(format, low, high, level.shift) + (va % 2 ** level.shift);
    return true;
  }
}

function allowed(found: Walk, access: Access, cpl: number, cr0: number): boolean {
  const user = cpl === 3;
  if (user && !found.user) return false;
  if (access === FETCH) return !found.noFetch;
  return access === READ || found.write || !(user || (cr0 & CR0_WP) !== 0);
}

function fault(out: Walk, error: number): boolean {
  out.error = error;
  return false;
}

function setBits(format: WalkFormat, memory: PhysMemory, access: Access, out: Walk): void {
  for (let depth = 0; depth < out.depth; depth++) {
    const wanted = (format.levels[depth]!.rights ? A : 0) | (access === WRITE && depth + 1 === out.depth ? D : 0);
    const missing = wanted & ~out.low[depth]!;
    if (missing === 0) continue;
    out.set[depth] = missing;
    memory.write32(out.entry[depth]!, (out.low[depth]! | missing) >>> 0);
  }
  const last = out.depth - 1;
  out.dirty = ((out.low[last]! | out.set[last]!) & D) !== 0;
}

/** Start of the page an entry maps. A 4-byte entry of a large page holds address bits 39..32 in its bits 20..13. */
function frameOf(format: WalkFormat, low: number, high: number, shift: number): number {
  const mask = shift === 12 ? 0xfffff000 : -(2 ** shift);
  const above = format.entryBytes === 8 ? high & 0xff : shift === 22 ? (low >>> 13) & 0xff : 0;
  return above * HIGH + ((low & mask) >>> 0);
}
