// What a kernel with slab debugging does to objects: poison, red zones, the last caller.
// Theory:     a free object is filled with a pattern, so a write after free shows at the next allocation; a word before and after it
//             says whether it is in use, so a write past its end or a second free shows at the next free.
// Source:     Linux 2.6.11 mm/slab.c (cache_alloc_debugcheck_after, cache_free_debugcheck, poison_obj, check_poison_obj); Gorman 8.3
// Simplified: what the kernel prints is a `slab-error` event and a count in the cache; the machine goes on, as the kernel does.
//
//     | red zone 1 | object ... padding | red zone 2 | caller |        one word each; the user sees `object`
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { __GFP_WAIT } from "../zones/gfp";
import { construct, destruct } from "./ctor";
import type { SlabErrorKind } from "./events";
import { CACHE_FLAGS, CTOR, DBGHEAD, DTOR, ERRORS, GFPFLAGS, global, NUM, OBJSIZE, REALLEN, S_MEM } from "./fields";
import {
  SLAB_CTOR_ATOMIC,
  SLAB_CTOR_CONSTRUCTOR,
  SLAB_CTOR_VERIFY,
  SLAB_DEBUG_INITIAL,
  SLAB_POISON,
  SLAB_RED_ZONE,
  SLAB_STORE_USER,
} from "./flags";
import { namedObject, pageCache, pageSlab, slabPage } from "./slab";

const RED_INACTIVE = 0x5a2cf071;
const RED_ACTIVE = 0x170fc2a5;
export const POISON_BEFORE = 0x5a;
export const POISON_AFTER = 0x6b;
const POISON_END = 0xa5;
const MOST_LINES = 5;

const LINE = 16;

/** Reports and counts. @param lines damaged lines of 16 bytes, offsets in the object. */
export function slabError(k: Kernel, cache: Addr, object: Addr, what: SlabErrorKind, lines: readonly number[] = []) {
  k.memory.u32[(cache >>> 2) + ERRORS]!++;
  if (k.events !== null) k.events.push({ kind: "slab-error", ...namedObject(k, cache, object), what, lines });
}

/** Word index of the first and the second red zone, and of the caller. */
function redZone1(k: Kernel, cache: Addr, object: Addr): number {
  return (object + k.memory.u32[(cache >>> 2) + DBGHEAD]! - 4) >>> 2;
}
function redZone2(k: Kernel, cache: Addr, object: Addr): number {
  const w = k.memory.u32;
  const after = (w[(cache >>> 2) + CACHE_FLAGS]! & SLAB_STORE_USER) !== 0 ? 8 : 4;
  return (object + w[(cache >>> 2) + OBJSIZE]! - after) >>> 2;
}
function userWord(k: Kernel, cache: Addr, object: Addr): number {
  return (object + k.memory.u32[(cache >>> 2) + OBJSIZE]! - 4) >>> 2;
}

/** Fills an object; its last byte is different. */
function poisonObj(k: Kernel, cache: Addr, object: Addr, pattern: number): void {
  const w = k.memory.u32;
  const start = object + w[(cache >>> 2) + DBGHEAD]!;
  const size = w[(cache >>> 2) + REALLEN]!;
  k.memory.u8.fill(pattern, start, start + size);
  k.memory.u8[start + size - 1] = POISON_END;
}

/** Looks at the poison of a free object; up to six damaged lines are reported. */
function checkPoisonObj(k: Kernel, cache: Addr, object: Addr): void {
  const w = k.memory.u32;
  const start = object + w[(cache >>> 2) + DBGHEAD]!;
  const size = w[(cache >>> 2) + REALLEN]!;
  const lines: number[] = [];
  for (let index = 0; index < size && lines.length <= MOST_LINES; index++) {
    const expected = index === size - 1 ? POISON_END : POISON_AFTER;
    if (k.memory.u8[start + index] === expected) continue;
    const line = index - (index % LINE);
    lines.push(line);
    index = line + LINE;
  }
  if (lines.length > 0) slabError(k, cache, object, "poison", lines);
}

/** A new object of a fresh slab: free, marked, and constructed unless poison would destroy it. */
export function debugInitObj(k: Kernel, cache: Addr, object: Addr, ctorFlags: number): void {
  const w = k.memory.u32;
  const flags = w[(cache >>> 2) + CACHE_FLAGS]!;
  if ((flags & SLAB_POISON) !== 0) poisonObj(k, cache, object, POISON_AFTER);
  if ((flags & SLAB_STORE_USER) !== 0) w[userWord(k, cache, object)] = 0;
  if ((flags & SLAB_RED_ZONE) !== 0) {
    w[redZone1(k, cache, object)] = RED_INACTIVE;
    w[redZone2(k, cache, object)] = RED_INACTIVE;
  }
  if (w[(cache >>> 2) + CTOR] !== 0 && (flags & SLAB_POISON) === 0) construct(k, cache, object, ctorFlags);
  if ((flags & SLAB_RED_ZONE) === 0) return;
  const now = k.memory.u32;
  if (now[redZone2(k, cache, object)] !== RED_INACTIVE || now[redZone1(k, cache, object)] !== RED_INACTIVE)
    slabError(k, cache, object, "constructor-overrun");
}

/** An object about to be handed out. @returns its address as the user sees it. */
export function debugAllocAfter(k: Kernel, cache: Addr, object: Addr, gfp: number): Addr {
  const w = k.memory.u32;
  const flags = w[(cache >>> 2) + CACHE_FLAGS]!;
  if ((flags & SLAB_POISON) !== 0) {
    checkPoisonObj(k, cache, object);
    poisonObj(k, cache, object, POISON_BEFORE);
  }
  if ((flags & SLAB_STORE_USER) !== 0) w[userWord(k, cache, object)] = w[global(k, "caller") >>> 2]!;
  if ((flags & SLAB_RED_ZONE) !== 0) setRedZones(k, cache, object, RED_INACTIVE, RED_ACTIVE);
  if (w[(cache >>> 2) + CTOR] !== 0 && (flags & SLAB_POISON) !== 0)
    construct(k, cache, object, SLAB_CTOR_CONSTRUCTOR | ((gfp & __GFP_WAIT) === 0 ? SLAB_CTOR_ATOMIC : 0));
  return object + k.memory.u32[(cache >>> 2) + DBGHEAD]!;
}

/**
 * An object that comes back. @param user its address as the user sees it. @returns its address as the allocator knows it.
 * @throws KernelBug `not-slab-page`, `foreign-object` if no object of the slab starts there.
 */
export function debugFreeBefore(k: Kernel, cache: Addr, user: Addr): Addr {
  const w = k.memory.u32;
  const object = user - w[(cache >>> 2) + DBGHEAD]!;
  const page = slabPage(k, object);
  const slab = pageSlab(k, page);
  const flags = w[(cache >>> 2) + CACHE_FLAGS]!;
  if (pageCache(k, page) !== cache) slabError(k, cache, object, "other-cache");
  if ((flags & SLAB_RED_ZONE) !== 0) setRedZones(k, cache, object, RED_ACTIVE, RED_INACTIVE);
  if ((flags & SLAB_STORE_USER) !== 0) w[userWord(k, cache, object)] = w[global(k, "caller") >>> 2]!;
  const index = (object - w[(slab >>> 2) + S_MEM]!) / w[(cache >>> 2) + OBJSIZE]!;
  if (!(index >= 0 && index < w[(cache >>> 2) + NUM]! && Number.isInteger(index)))
    throw new KernelBug("foreign-object", { address: user });
  if ((flags & SLAB_DEBUG_INITIAL) !== 0) construct(k, cache, object, SLAB_CTOR_CONSTRUCTOR | SLAB_CTOR_VERIFY);
  if ((flags & SLAB_POISON) !== 0) {
    if (k.memory.u32[(cache >>> 2) + DTOR] !== 0) destruct(k, cache, object);
    poisonObj(k, cache, object, POISON_AFTER);
  }
  return object;
}

/** An object whose slab goes away: it must be as a free one is left. */
export function debugDestroyObj(k: Kernel, cache: Addr, object: Addr): void {
  const w = k.memory.u32;
  const flags = w[(cache >>> 2) + CACHE_FLAGS]!;
  if ((flags & SLAB_POISON) !== 0) checkPoisonObj(k, cache, object);
  if ((flags & SLAB_RED_ZONE) !== 0) setRedZones(k, cache, object, RED_INACTIVE, RED_INACTIVE);
  if (w[(cache >>> 2) + DTOR] !== 0 && (flags & SLAB_POISON) === 0) destruct(k, cache, object);
}

function setRedZones(k: Kernel, cache: Addr, object: Addr, expected: number, next: number): void {
  const w = k.memory.u32;
  const first = redZone1(k, cache, object);
  const second = redZone2(k, cache, object);
  if (w[first] !== expected || w[second] !== expected) slabError(k, cache, object, "red-zone");
  w[first] = next;
  w[second] = next;
}

/** The DMA bit of a request and of its cache must agree. @throws KernelBug `dma-mismatch`. */
export function kmemFlagcheck(k: Kernel, cache: Addr, gfp: number): void {
  const dma = k.memory.u32[(cache >>> 2) + GFPFLAGS]! & 1;
  if ((gfp & 1) !== dma) throw new KernelBug("dma-mismatch", { gfp });
}
