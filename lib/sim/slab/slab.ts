// One slab: its pages, its descriptor's chain of free objects, and the names of its objects.
// Theory:     bufctl[i] is the index of the next free object after i; `free` is the first. Taking follows the chain, giving back puts
//             an object at its start, so the object freed last is used first, while it may still be in the CPU's cache.
// Source:     Linux 2.6.11 mm/slab.c (slab_bufctl, kmem_getpages, kmem_freepages, set_slab_attr, cache_init_objs); Gorman 8.2, 8.7
// Simplified: an object in use is marked BUFCTL_FREE in its bufctl in every kernel, not only with slab debugging, so a double free
//             is noticed when it reaches the slab instead of making a circle.
//
//     free = 3    bufctl  0: in use  1: 4  2: in use  3: 1  4: END        chain 3 -> 1 -> 4
import { flagMask } from "../constants";
import { addressToPage, frameAt, ownerOf, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr, Pfn } from "../machine";
import { pageState, page as pageStruct } from "../structs";
import { allocPages, freePages } from "../zones/alloc-pages";
import * as field from "./fields";
import { cacheName, global } from "./fields";
import { SLAB_RECLAIM_ACCOUNT } from "./flags";
import { slab as slabStruct } from "./structs";

const { CACHE_FLAGS, COLOUROFF, FREE, GFPFLAGS, GFPORDER, INUSE, NUM, OBJSIZE, S_MEM } = field;
/** Bytes of `struct slab` of a running machine in either width. */
export const HEADER = slabStruct.size;
const PAGE = pageStruct.size;
const PAGE_FLAGS = pageStruct.offset.flags >>> 2;
/** A slab's pages are on no list, so their links name the cache and the slab. */
const PAGE_CACHE = pageStruct.offset.lru >>> 2;
const PAGE_SLAB = PAGE_CACHE + 1;
const SLAB_BIT = flagMask("PG_slab");
const NR_SLAB = pageState.offset.nr_slab >>> 2;

/** Marks of a 2-byte bufctl; with 4 bytes they have 16 more ones. */
export function bufctlEnd(k: Kernel): number {
  return k.config.bufctl === 2 ? 0xffff : 0xffffffff;
}
export function bufctlFree(k: Kernel): number {
  return k.config.bufctl === 2 ? 0xfffe : 0xfffffffe;
}

/** bufctl[index] of a slab. */
export function readBufctl(k: Kernel, slab: Addr, index: number): number {
  return k.config.bufctl === 2
    ? k.memory.u16[((slab + HEADER) >>> 1) + index]!
    : k.memory.u32[((slab + HEADER) >>> 2) + index]!;
}

export function writeBufctl(k: Kernel, slab: Addr, index: number, value: number): void {
  if (k.config.bufctl === 2) k.memory.u16[((slab + HEADER) >>> 1) + index] = value;
  else k.memory.u32[((slab + HEADER) >>> 2) + index] = value;
}

/** Pages for a slab, marked and counted. @returns machine address of their contents, 0 without memory. */
export function kmemGetpages(k: Kernel, cache: Addr, gfp: number): Addr {
  const c = cache >>> 2;
  const order = k.memory.u32[c + GFPORDER]!;
  const page = allocPages(k, (gfp | k.memory.u32[c + GFPFLAGS]!) >>> 0, order);
  if (page === 0) return 0;
  const w = k.memory.u32;
  const pages = 1 << order;
  if ((w[c + CACHE_FLAGS]! & SLAB_RECLAIM_ACCOUNT) !== 0) w[global(k, "slab_reclaim_pages") >>> 2]! += pages;
  w[(k.pageState >>> 2) + NR_SLAB]! += pages;
  for (let each = 0; each < pages; each++) w[((page + each * PAGE) >>> 2) + PAGE_FLAGS]! |= SLAB_BIT;
  return frameAt(k, pageToPfn(k, page), order);
}

/** Gives a slab's pages back and credits them to a running reclaimer. */
export function kmemFreepages(k: Kernel, cache: Addr, address: Addr): void {
  const w = k.memory.u32;
  const page = addressToPage(k, address);
  const order = w[(cache >>> 2) + GFPORDER]!;
  const pages = 1 << order;
  for (let each = 0; each < pages; each++) {
    const at = (page + each * PAGE) >>> 2;
    if ((w[at + PAGE_FLAGS]! & SLAB_BIT) === 0) throw new KernelBug("not-slab-page", { address });
    w[at + PAGE_FLAGS]! &= ~SLAB_BIT;
  }
  w[(k.pageState >>> 2) + NR_SLAB]! -= pages;
  w[global(k, "reclaimed_slab") >>> 2]! += pages;
  if ((w[(cache >>> 2) + CACHE_FLAGS]! & SLAB_RECLAIM_ACCOUNT) !== 0)
    w[global(k, "slab_reclaim_pages") >>> 2]! -= pages;
  freePages(k, page, order);
}

/** Lets every page of a slab name its cache and its slab, so that kfree finds both. */
export function setSlabAttr(k: Kernel, cache: Addr, slab: Addr, address: Addr): void {
  const w = k.memory.u32;
  const page = addressToPage(k, address);
  for (let each = 0; each < 1 << w[(cache >>> 2) + GFPORDER]!; each++) {
    const at = (page + each * PAGE) >>> 2;
    w[at + PAGE_CACHE] = cache;
    w[at + PAGE_SLAB] = slab;
  }
}

/**
 * The struct page of an object's first byte. @throws KernelBug `not-slab-page` if it lies in no slab.
 */
export function slabPage(k: Kernel, object: Addr): Addr {
  const page = object >= k.contents ? addressToPage(k, object) : 0;
  if (page === 0 || (k.memory.u32[(page >>> 2) + PAGE_FLAGS]! & SLAB_BIT) === 0)
    throw new KernelBug("not-slab-page", { address: object >>> 0 });
  return page;
}

export function pageCache(k: Kernel, page: Addr): Addr {
  return k.memory.u32[(page >>> 2) + PAGE_CACHE]!;
}

export function pageSlab(k: Kernel, page: Addr): Addr {
  return k.memory.u32[(page >>> 2) + PAGE_SLAB]!;
}

/**
 * Takes up to `most` objects off a slab's chain and writes their addresses to the words from `to` on.
 * @returns how many. @throws KernelBug `slab-chain` if the chain leads nowhere.
 */
export function slabTake(k: Kernel, cache: Addr, slab: Addr, to: number, most: number): number {
  const { u16, u32: w } = k.memory;
  const s = slab >>> 2;
  const num = w[(cache >>> 2) + NUM]!;
  const objsize = w[(cache >>> 2) + OBJSIZE]!;
  const start = w[s + S_MEM]!;
  const narrow = k.config.bufctl === 2;
  const chain = narrow ? (slab + HEADER) >>> 1 : (slab + HEADER) >>> 2;
  const inuse = w[s + INUSE]!;
  const count = Math.min(most, num - inuse);
  let free = w[s + FREE]!;
  for (let taken = 0; taken < count; taken++) {
    if (free >= num) throw new KernelBug("slab-chain", { slab: slabPfn(k, slab), free });
    const index = free;
    w[to + taken] = start + index * objsize;
    if (narrow) {
      free = u16[chain + index]!;
      u16[chain + index] = 0xfffe;
    } else {
      free = w[chain + index]!;
      w[chain + index] = 0xfffffffe;
    }
    if (k.events !== null) tookOne(k, cache, slab, index, free);
  }
  w[s + FREE] = free;
  w[s + INUSE] = inuse + Math.max(count, 0);
  return count;
}

function tookOne(k: Kernel, cache: Addr, slab: Addr, index: number, next: number): void {
  k.events?.push({ kind: "slab-take", ...named(k, cache, slab, index), next: next === bufctlEnd(k) ? null : next });
}

/**
 * Puts an object at the start of its slab's chain.
 * @throws KernelBug `slab-double-free` if it is free already, `foreign-object` if no object starts there.
 */
export function slabPut(k: Kernel, cache: Addr, slab: Addr, object: Addr): void {
  const { u16, u32: w } = k.memory;
  const s = slab >>> 2;
  const objsize = w[(cache >>> 2) + OBJSIZE]!;
  const start = w[s + S_MEM]!;
  const index = ((object - start) / objsize) >>> 0;
  if (index >= w[(cache >>> 2) + NUM]! || start + index * objsize !== object)
    throw new KernelBug("foreign-object", { address: object });
  const next = w[s + FREE]!;
  const inuse = w[s + INUSE]!;
  if (k.config.bufctl === 2) {
    const at = ((slab + HEADER) >>> 1) + index;
    if (u16[at] !== 0xfffe || inuse === 0) doubleFree(k, slab, index);
    u16[at] = next;
  } else {
    const at = ((slab + HEADER) >>> 2) + index;
    if (w[at] !== 0xfffffffe || inuse === 0) doubleFree(k, slab, index);
    w[at] = next;
  }
  w[s + FREE] = index;
  w[s + INUSE] = inuse - 1;
  if (k.events !== null)
    k.events.push({ kind: "slab-put", ...named(k, cache, slab, index), next: next === bufctlEnd(k) ? null : next });
}

function doubleFree(k: Kernel, slab: Addr, index: number): never {
  throw new KernelBug("slab-double-free", { slab: slabPfn(k, slab), index });
}

/** pfn of a slab's first page. */
export function slabPfn(k: Kernel, slab: Addr): Pfn {
  const w = k.memory.u32;
  return ownerOf(k, w[(slab >>> 2) + S_MEM]! - w[(slab >>> 2) + COLOUROFF]!) ?? 0;
}

/** How events name a slab. */
export function named(k: Kernel, cache: Addr, slab: Addr, index: number) {
  return { cache: cacheName(k, cache), slab: slabPfn(k, slab), index };
}

/** How events name an object, from its address as the allocator knows it (with the debug word before it). */
export function namedObject(k: Kernel, cache: Addr, object: Addr) {
  const slab = pageSlab(k, addressToPage(k, object));
  const index = (object - k.memory.u32[(slab >>> 2) + S_MEM]!) / k.memory.u32[(cache >>> 2) + OBJSIZE]!;
  return named(k, cache, slab, Math.floor(index));
}

/** Records on which list a slab was put. Only while events are recorded. */
export function moved(k: Kernel, cache: Addr, slab: Addr, to: "partial" | "full" | "free", end: "head" | "tail"): void {
  const inuse = k.memory.u32[(slab >>> 2) + INUSE]!;
  k.events?.push({ kind: "slab-move", cache: cacheName(k, cache), slab: slabPfn(k, slab), to, end, inuse });
}
