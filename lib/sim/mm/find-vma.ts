// Finding the area of an address.
// Theory:     areas lie in a list sorted by address and in a red-black tree. The area asked for is the first that ends above the
//             address: it may begin above it as well, so whoever wants a hit must look at vm_start. The last answer is remembered,
//             because the next question is mostly about the same area.
// Source:     Linux 2.6.11 mm/mmap.c (find_vma, find_vma_prev, find_vma_prepare), linux/mm.h (find_vma_intersection); Gorman 4.4
// Simplified: a walk that goes deeper than any sound tree can is a KernelBug instead of an oops or an endless loop.
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { mmStruct, vmAreaStruct } from "../structs-mm";
import { RB_LEFT, RB_RIGHT } from "./rbtree";
import { VM_RB } from "./vma";

const START = vmAreaStruct.offset.vm_start >>> 2;
const END = vmAreaStruct.offset.vm_end >>> 2;
const NEXT = vmAreaStruct.offset.vm_next >>> 2;
const MMAP = mmStruct.offset.mmap >>> 2;
const MM_RB = mmStruct.offset.mm_rb;
const MMAP_CACHE = mmStruct.offset.mmap_cache >>> 2;
/** No tree of areas is deeper: 2 log2(65537 + 1) rounded up, and a little. */
export const DEEPEST = 40;

/** The first area with vm_end > address, 0 if there is none. It need not contain the address. Remembers the answer in mmap_cache. */
export function findVma(k: Kernel, mm: Addr, address: number): Addr {
  const w = k.memory.u32;
  const cached = w[(mm >>> 2) + MMAP_CACHE]!;
  if (cached !== 0 && w[(cached >>> 2) + END]! > address && w[(cached >>> 2) + START]! <= address) {
    if (k.events !== null) found(k, address, cached, "cache", 0);
    return cached;
  }
  let hit = 0;
  let depth = 0;
  for (let node = w[(mm + MM_RB) >>> 2]!; node !== 0; ) {
    if (++depth > DEEPEST) throw new KernelBug("vma-tree", { address, mm });
    const vma = node - VM_RB;
    if (w[(vma >>> 2) + END]! > address) {
      hit = vma;
      if (w[(vma >>> 2) + START]! <= address) break;
      node = w[(node >>> 2) + RB_LEFT]!;
    } else {
      node = w[(node >>> 2) + RB_RIGHT]!;
    }
  }
  if (hit !== 0) w[(mm >>> 2) + MMAP_CACHE] = hit;
  if (k.events !== null) found(k, address, hit, "tree", depth);
  return hit;
}

function found(k: Kernel, address: number, vma: Addr, from: "cache" | "tree", steps: number): void {
  const w = k.memory.u32;
  const start = vma === 0 ? null : w[(vma >>> 2) + START]!;
  const end = vma === 0 ? null : w[(vma >>> 2) + END]!;
  k.events?.push({ kind: "vma-found", address, start, end, from, steps });
}

/** The first area with vm_end > address if it begins below `end`, else 0. */
export function findVmaIntersection(k: Kernel, mm: Addr, start: number, end: number): Addr {
  const vma = findVma(k, mm, start);
  return vma !== 0 && end <= k.memory.u32[(vma >>> 2) + START]! ? 0 : vma;
}

/** As `findVma`, without the cache, and the area before it: [vma, prev], each 0 if there is none. */
export function findVmaPrev(k: Kernel, mm: Addr, address: number): readonly [vma: Addr, prev: Addr] {
  const w = k.memory.u32;
  let prev = 0;
  let depth = 0;
  for (let node = w[(mm + MM_RB) >>> 2]!; node !== 0; ) {
    if (++depth > DEEPEST) throw new KernelBug("vma-tree", { address, mm });
    const vma = node - VM_RB;
    if (address < w[(vma >>> 2) + END]!) {
      node = w[(node >>> 2) + RB_LEFT]!;
      continue;
    }
    prev = vma;
    const next = w[(vma >>> 2) + NEXT]!;
    if (next === 0 || address < w[(next >>> 2) + END]!) break;
    node = w[(node >>> 2) + RB_RIGHT]!;
  }
  return [prev === 0 ? w[(mm >>> 2) + MMAP]! : w[(prev >>> 2) + NEXT]!, prev];
}

export interface InsertionPoint {
  /** As `findVma`. If it contains the address, the other fields say nothing. */
  readonly vma: Addr;
  /** The area before the address. */
  readonly prev: Addr;
  /** The tree node below which a new area goes, and the address of the word that must lead to it. */
  readonly parent: Addr;
  readonly link: Addr;
}

/** Where an area beginning at `address` would be inserted. */
export function findVmaPrepare(k: Kernel, mm: Addr, address: number): InsertionPoint {
  const w = k.memory.u32;
  let vma = 0;
  let prev = 0;
  let parent = 0;
  let link = mm + MM_RB;
  let depth = 0;
  for (let node = w[link >>> 2]!; node !== 0; node = w[link >>> 2]!) {
    if (++depth > DEEPEST) throw new KernelBug("vma-tree", { address, mm });
    const here = node - VM_RB;
    parent = node;
    if (w[(here >>> 2) + END]! > address) {
      vma = here;
      if (w[(here >>> 2) + START]! <= address) break;
      link = node + RB_LEFT * 4;
    } else {
      prev = here;
      link = node + RB_RIGHT * 4;
    }
  }
  return { vma, prev, parent, link };
}
