// Segmentation: from a logical address (selector and offset) to a linear one, with the processor's checks.
// Theory:     a selector names a descriptor in the GDT or the LDT and the privilege the program asks with. The descriptor gives base,
//             limit, kind and privilege. Loading a segment register checks privilege, each use checks the offset and the kind of
//             access. Linux makes it all pass: every ordinary segment starts at 0 and ends at 4 GiB, so protection is paging's work.
// Source:     Intel IA-32 manual, volume 3, "Protected-Mode Memory Management", "Protection"; domain 6.1; Gorman 4.1
// Simplified: no call gates, tasks or 16-bit defaults; the accessed bit is not written.
//
//     selector  | index 15..3 | table 2 | RPL 1..0 |
//     high word | base 31..24 | G D/B L AVL | limit 19..16 | P DPL S type | base 23..16 |        low word | base 15..0 | limit 15..0 |

export interface Descriptor {
  readonly base: number;
  /** Of the last byte, with G already applied. */
  readonly limit: number;
  readonly dpl: number;
  /** 1 code or data, 0 system (TSS, LDT, gates). */
  readonly s: 0 | 1;
  /** Bit 3 code; code: 2 conforming, 1 readable; data: 2 expand-down, 1 writable; 0 accessed. */
  readonly type: number;
  readonly p: 0 | 1;
  readonly g: 0 | 1;
  readonly db: 0 | 1;
  readonly avl: 0 | 1;
}

const TYPE_CODE = 8;
const TYPE_CONFORMING = 4;
const TYPE_EXPAND_DOWN = 4;
const TYPE_READABLE = 2;
const TYPE_WRITABLE = 2;

export function decodeDescriptor(hi: number, lo: number): Descriptor {
  const raw = ((hi & 0x000f0000) | (lo & 0xffff)) >>> 0;
  const bit = (at: number): 0 | 1 => (((hi >>> at) & 1) === 1 ? 1 : 0);
  return {
    base: ((hi & 0xff000000) | ((hi & 0xff) << 16) | (lo >>> 16)) >>> 0,
    limit: bit(23) === 1 ? raw * 4096 + 4095 : raw,
    dpl: (hi >>> 13) & 3,
    s: bit(12),
    type: (hi >>> 8) & 15,
    p: bit(15),
    g: bit(23),
    db: bit(22),
    avl: bit(20),
  };
}

export interface Selector {
  readonly index: number;
  readonly table: "gdt" | "ldt";
  readonly rpl: number;
}

export function decodeSelector(selector: number): Selector {
  return { index: (selector >>> 3) & 0x1fff, table: (selector & 4) === 0 ? "gdt" : "ldt", rpl: selector & 3 };
}

/** Index 0 of the GDT, with any RPL. */
function isNullSelector(selector: number): boolean {
  return (selector & 0xfffc) === 0;
}

/** A descriptor table: bytes 0..limit, as GDTR and LDTR hold it; words are read low word first. */
export interface DescriptorTable {
  readonly limit: number;
  word(index: number): number;
}

export interface DescriptorTables {
  readonly gdt: DescriptorTable;
  readonly ldt: DescriptorTable;
}

/** An exception with its error code: the selector with its RPL cleared, or 0. */
export interface SegmentFault {
  readonly exception: "#GP" | "#SS" | "#NP";
  readonly code: number;
}

export type SegmentRegister = "cs" | "ss" | "ds" | "es" | "fs" | "gs";
export type SegmentOp = "read" | "write" | "fetch";
/** What a register holds beside the selector; null after loading a null selector. */
export type LoadedSegment = { readonly selector: number; readonly descriptor: Descriptor | null };

const gp = (code: number): SegmentFault => ({ exception: "#GP", code });
const codeOf = (selector: number) => selector & 0xfffc;

/** What loading a segment register with a selector does at privilege `cpl`. CS: as a far jump to a code segment. */
export function loadSegment(
  tables: DescriptorTables,
  register: SegmentRegister,
  selector: number,
  cpl: number,
): LoadedSegment | SegmentFault {
  if (isNullSelector(selector)) return register === "cs" || register === "ss" ? gp(0) : { selector, descriptor: null };
  const { index, table, rpl } = decodeSelector(selector);
  const { limit, word } = tables[table];
  if (index * 8 + 7 > limit) return gp(codeOf(selector));
  const descriptor = decodeDescriptor(word(index * 2 + 1), word(index * 2));
  if (!mayLoad(register, descriptor, rpl, cpl)) return gp(codeOf(selector));
  if (descriptor.p === 0) return { exception: register === "ss" ? "#SS" : "#NP", code: codeOf(selector) };
  return { selector, descriptor };
}

function mayLoad(register: SegmentRegister, { s, type, dpl }: Descriptor, rpl: number, cpl: number): boolean {
  if (s === 0) return false;
  const code = (type & TYPE_CODE) !== 0;
  const conforming = code && (type & TYPE_CONFORMING) !== 0;
  if (register === "ss") return !code && (type & TYPE_WRITABLE) !== 0 && rpl === cpl && dpl === cpl;
  if (register === "cs") return code && (conforming ? dpl <= cpl : rpl <= cpl && dpl === cpl);
  if (code && (type & TYPE_READABLE) === 0) return false;
  return conforming || Math.max(cpl, rpl) <= dpl;
}

/** A use of a loaded segment: the linear address, or the exception. */
export function linearAddress(
  register: SegmentRegister,
  { descriptor }: LoadedSegment,
  offset: number,
  bytes: number,
  op: SegmentOp,
): number | SegmentFault {
  if (descriptor === null) return gp(0);
  if (!withinLimit(descriptor, offset, bytes)) return { exception: register === "ss" ? "#SS" : "#GP", code: 0 };
  if (!permits(descriptor.type, op)) return gp(0);
  return (descriptor.base + offset) >>> 0;
}

/**
 * Loading and using a descriptor in one: what a program with privilege `cpl` gets through selector `sel`. A data access is checked as
 * through DS, a fetch as through CS.
 */
export function segmentCheck(
  descriptor: Descriptor,
  sel: number,
  cpl: number,
  offset: number,
  bytes: number,
  op: SegmentOp,
  register: SegmentRegister = op === "fetch" ? "cs" : "ds",
): "ok" | SegmentFault["exception"] {
  if (isNullSelector(sel)) return "#GP";
  if (!mayLoad(register, descriptor, sel & 3, cpl)) return "#GP";
  if (descriptor.p === 0) return register === "ss" ? "#SS" : "#NP";
  const linear = linearAddress(register, { selector: sel, descriptor }, offset, bytes, op);
  return typeof linear === "number" ? "ok" : linear.exception;
}

/** Every byte of [offset, offset + bytes) may be used; a range that wraps may not. */
function withinLimit({ type, limit, db }: Descriptor, offset: number, bytes: number): boolean {
  const last = offset + bytes - 1;
  if ((type & TYPE_CODE) === 0 && (type & TYPE_EXPAND_DOWN) !== 0)
    return offset > limit && last <= (db === 1 ? 0xffffffff : 0xffff);
  return last <= limit;
}

function permits(type: number, op: SegmentOp): boolean {
  const code = (type & TYPE_CODE) !== 0;
  if (op === "fetch") return code;
  if (op === "write") return !code && (type & TYPE_WRITABLE) !== 0;
  return !code || (type & TYPE_READABLE) !== 0;
}
