// How many objects fit a slab, where its descriptor lies, and how many colours there are.
// Theory:     a slab of 2^order pages holds a descriptor with one bufctl an object, and the objects. Large objects would lose a
//             whole object's place to the descriptor, so it moves to a general cache (off-slab). The order grows until at most an
//             eighth of the slab is lost; what is left over shifts the objects of successive slabs to other cache lines (colours).
// Source:     Linux 2.6.11 mm/slab.c (cache_estimate, kmem_cache_create, enable_cpucache); Gorman 8.1.5, 8.2
// Simplified: -
import { PAGE_SIZE } from "../constants";
import { align as roundUp } from "../layout";
import {
  BYTES_PER_WORD,
  CFLGS_OFF_SLAB,
  MAX_GFP_ORDER,
  SLAB_HWCACHE_ALIGN,
  SLAB_RECLAIM_ACCOUNT,
  SLAB_RED_ZONE,
  SLAB_STORE_USER,
} from "./flags";

/** What the compiler laid down: bytes of `struct slab` and of a kmem_bufctl_t. 24 and 2 in 2.6.11, 24 and 4 in 2.4, 28 and 4 in 2.6.20. */
export interface Descriptor {
  readonly header: number;
  readonly bufctl: 2 | 4;
}

const descriptor2611: Descriptor = { header: 24, bufctl: 2 };

/** What geometry depends on beside the cache itself. */
export interface GeometryEnv extends Descriptor {
  /** Bytes of a cache line. */
  readonly l1: number;
  /** 1 on a machine of more than 32 MiB, else 0: up to which order an order counts as cheap. */
  readonly breakOrder: number;
  readonly offslabLimit: number;
}

export interface Estimate {
  /** Objects a slab. */
  readonly num: number;
  /** Bytes. */
  readonly left: number;
}

export interface Geometry {
  /** Bytes of an object, rounded to the alignment. */
  readonly size: number;
  readonly align: number;
  readonly order: number;
  readonly num: number;
  readonly offSlab: boolean;
  /** Bytes of descriptor and bufctl array, rounded to the alignment when they lie in the slab. */
  readonly slabSize: number;
  readonly left: number;
  readonly colour: number;
  readonly colourOff: number;
}

export type Placement = "on-slab" | "off-slab";

/** Objects that fit 2^order pages, and the bytes left. The bufctl array grows with them. */
export function cacheEstimate(
  order: number,
  size: number,
  align: number,
  placement: Placement,
  { header, bufctl }: Descriptor = descriptor2611,
): Estimate {
  const whole = PAGE_SIZE * 2 ** order;
  const base = placement === "on-slab" ? header : 0;
  const extra = placement === "on-slab" ? bufctl : 0;
  const fits = (objects: number) => objects * size + roundUp(base + objects * extra, align) <= whole;
  // The kernel counts up from 0; starting where the rounding can no longer matter gives the same number.
  let num = Math.max(0, Math.floor((whole - base - align) / (size + extra)));
  while (num > 0 && !fits(num)) num--;
  while (fits(num + 1)) num++;
  // Indices must stay below the two marks.
  num = Math.min(num, bufctl === 2 ? 0xfffd : 0xfffffffd);
  return { num, left: whole - num * size - roundUp(base + num * extra, align) };
}

export interface Aligned {
  /** Bytes, in words, with debug words. */
  readonly size: number;
  readonly align: number;
  /** Without the debug flags that a larger alignment rules out. */
  readonly flags: number;
}

/** Steps 1 to 3 of kmem_cache_create: size in words, alignment, debug words. */
export function cacheAlign(size: number, align: number, flags: number, l1: number): Aligned {
  const words = roundUp(size, BYTES_PER_WORD);
  let alignment = BYTES_PER_WORD;
  let kept = flags;
  if ((flags & SLAB_HWCACHE_ALIGN) !== 0) {
    alignment = l1;
    while (words <= alignment / 2) alignment /= 2;
  }
  if (alignment < align) {
    alignment = align;
    if (alignment > BYTES_PER_WORD) kept = (kept & ~(SLAB_RED_ZONE | SLAB_STORE_USER)) >>> 0;
  }
  let whole = words;
  if ((kept & SLAB_RED_ZONE) !== 0) {
    alignment = BYTES_PER_WORD;
    whole += 2 * BYTES_PER_WORD;
  }
  if ((kept & SLAB_STORE_USER) !== 0) {
    alignment = BYTES_PER_WORD;
    whole += BYTES_PER_WORD;
  }
  return { size: whole, align: alignment, flags: kept };
}

/** Steps 4 to 8 of kmem_cache_create on the result of `cacheAlign`. @returns null if no object fits any order. */
export function cacheGeometry({ size, align, flags }: Aligned, env: GeometryEnv): Geometry | null {
  // An eighth of a page, decided before the size is rounded to the alignment.
  let placement: Placement = size >= PAGE_SIZE / 8 ? "off-slab" : "on-slab";
  const objsize = roundUp(size, align);
  const chosen = chooseOrder(objsize, align, flags, placement, env);
  if (chosen === null || chosen.num === 0) return null;
  const { order, num } = chosen;
  let { left } = chosen;
  const bare = env.header + num * env.bufctl;
  let slabSize = roundUp(bare, align);
  if (placement === "off-slab" && left >= slabSize) {
    placement = "on-slab";
    left -= slabSize;
  }
  if (placement === "off-slab") slabSize = bare;
  const colourOff = Math.max(env.l1, align);
  const colour = Math.floor(left / colourOff);
  return {
    size: objsize,
    align,
    order,
    num,
    offSlab: placement === "off-slab",
    slabSize,
    left,
    colour,
    colourOff,
  };
}

function chooseOrder(
  size: number,
  align: number,
  flags: number,
  placement: Placement,
  env: GeometryEnv,
): (Estimate & { order: number }) | null {
  const at = (order: number) => ({ order, ...cacheEstimate(order, size, align, placement, env) });
  if ((flags & SLAB_RECLAIM_ACCOUNT) !== 0 && size <= PAGE_SIZE) return at(0);
  for (let order = 0; ; order++) {
    const estimate = at(order);
    if (order >= MAX_GFP_ORDER) return estimate;
    if (estimate.num === 0) continue;
    if (placement === "off-slab" && estimate.num > env.offslabLimit) return order === 0 ? null : at(order - 1);
    if (order >= env.breakOrder) return estimate;
    if (estimate.left * 8 <= PAGE_SIZE * 2 ** order) return estimate;
  }
}

/** Offsets of the first objects of `howMany` slabs in a row from the place of colour 0, for `left` bytes and a step of `step`. */
export function colourOffsets(left: number, step: number, howMany: number): number[] {
  const colours = Math.floor(left / step);
  return Array.from({ length: howMany }, (_, index) => (colours === 0 ? 0 : (index % colours) * step));
}

export interface ArraySizes {
  readonly limit: number;
  readonly batchcount: number;
  /** Entries of the shared array in batches, 0 without one. */
  readonly shared: number;
}

/** Sizes of a cache's arrays by the size of its objects in bytes. */
export function arraySizes(objsize: number, cpus: "up" | "smp", debug: "plain" | "debug"): ArraySizes {
  const usual = objsize > 131072 ? 1 : objsize > PAGE_SIZE ? 8 : objsize > 1024 ? 24 : objsize > 256 ? 54 : 120;
  const limit = debug === "debug" ? Math.min(usual, 32) : usual;
  const shared = cpus === "smp" && objsize <= PAGE_SIZE ? 8 : 0;
  return { limit, batchcount: (limit + 1) >> 1, shared };
}

/** Objects are CFLGS_OFF_SLAB in a cache's flags. */
export function isOffSlab(flags: number): boolean {
  return (flags & CFLGS_OFF_SLAB) !== 0;
}
