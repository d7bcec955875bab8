// Struct layouts as data: a declaration gives sizes, offsets and names; nothing else in lib/sim counts bytes by hand.
// Theory:     the C rules for i386. A field starts at the next multiple of its own alignment, a struct is aligned as its most
//             demanding field and padded to a multiple of that. Scalars of 1, 2 and 4 bytes align to their size.
// Source:     System V ABI, Intel386 supplement, "Aggregates and Unions".
// Simplified: no bit fields, no unions, no 8-byte scalars (PAE entries will be two words).
import type { Memory } from "./memory";

/** `addr` is a byte offset in the machine's memory, 0 is NULL. */
export type ScalarKind = "u8" | "u16" | "u32" | "i32" | "addr";
export interface ArrayType<T extends FieldType = FieldType> {
  readonly of: T;
  readonly length: number;
}
export type FieldType = ScalarKind | Struct | ArrayType;
export type Fields = Readonly<Record<string, FieldType>>;

export interface Struct<F extends Fields = Fields> {
  /** The kernel's spelling, e.g. `list_head`. */
  readonly name: string;
  readonly fields: F;
  readonly size: number;
  readonly alignment: number;
  /** Byte offset of each field from the start of the struct. */
  readonly offset: Readonly<Record<keyof F, number>>;
}

const scalarBytes: Readonly<Record<ScalarKind, number>> = { u8: 1, u16: 2, u32: 4, i32: 4, addr: 4 };

/** Rounds up to a multiple of `alignment`, a power of two. */
export function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

export function arrayOf<T extends FieldType>(of: T, length: number): ArrayType<T> {
  return { of, length };
}

export function isArray(type: FieldType): type is ArrayType {
  return typeof type === "object" && "of" in type;
}

export function sizeOf(type: FieldType): number {
  if (typeof type === "string") return scalarBytes[type];
  return isArray(type) ? sizeOf(type.of) * type.length : type.size;
}

export function alignmentOf(type: FieldType): number {
  if (typeof type === "string") return scalarBytes[type];
  return isArray(type) ? alignmentOf(type.of) : type.alignment;
}

export function struct<F extends Fields>(name: string, fields: F): Struct<F> {
  const offset: Record<string, number> = {};
  let end = 0;
  let alignment = 1;
  for (const [field, type] of Object.entries(fields)) {
    const own = alignmentOf(type);
    offset[field] = align(end, own);
    end = offset[field] + sizeOf(type);
    alignment = Math.max(alignment, own);
  }
  return { name, fields, size: align(end, alignment), alignment, offset: offset as Record<keyof F, number> };
}

/** The path of the scalar that holds the byte at `offset`, e.g. `free_area[2].nr_free`; null in padding or outside. */
export function fieldAt(type: FieldType, offset: number): string | null {
  if (offset < 0 || offset >= sizeOf(type)) return null;
  if (typeof type === "string") return "";
  if (isArray(type)) {
    const step = sizeOf(type.of);
    const index = Math.floor(offset / step);
    return joinPath(`[${index}]`, fieldAt(type.of, offset - index * step));
  }
  for (const [field, inner] of Object.entries(type.fields)) {
    const path = joinPath(field, fieldAt(inner, offset - type.offset[field]!));
    if (path !== null) return path;
  }
  return null;
}

function joinPath(start: string, rest: string | null): string | null {
  if (rest === null) return null;
  return rest === "" || rest.startsWith("[") ? start + rest : `${start}.${rest}`;
}

export type Decoded = number | Decoded[] | { [field: string]: Decoded };

/** Decodes the bytes at `address` into plain data named as declared. Reads outside the window give 0. For tests and inspection. */
export function decode(memory: Memory, type: FieldType, address: number): Decoded {
  if (typeof type === "string") return readScalar(memory, type, address);
  if (isArray(type)) {
    const step = sizeOf(type.of);
    return Array.from({ length: type.length }, (_, index) => decode(memory, type.of, address + index * step));
  }
  const value: { [field: string]: Decoded } = {};
  for (const [field, inner] of Object.entries(type.fields))
    value[field] = decode(memory, inner, address + type.offset[field]!);
  return value;
}

function readScalar(memory: Memory, kind: ScalarKind, address: number): number {
  if (kind === "u8") return memory.u8[address] ?? 0;
  if (kind === "u16") return (memory.u8[address] ?? 0) | ((memory.u8[address + 1] ?? 0) << 8);
  return (kind === "i32" ? memory.i32 : memory.u32)[address >>> 2] ?? 0;
}
