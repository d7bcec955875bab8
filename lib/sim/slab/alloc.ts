// kmem_cache_alloc: arrays of ready objects in front of lists of slabs.
// Theory:     most requests take the top of the CPU's array. Only when it is empty does a batch come from the array that all CPUs
//             share, or from partial slabs, then free ones, then a new one. After a refill of b objects the b-th is handed out first.
// Source:     Linux 2.6.11 mm/slab.c (__cache_alloc, cache_alloc_refill, cache_grow, alloc_slabmgmt, cache_init_objs); Gorman 8.2, 8.3, 8.5
// Simplified: one CPU, so nothing happens between two steps.
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listAdd, listAddTail, listDel } from "../list";
import type { Addr } from "../machine";
import { __GFP_NO_GROW, __GFP_WAIT } from "../zones/gfp";
import { construct } from "./ctor";
import { debugAllocAfter, debugInitObj, kmemFlagcheck } from "./debug";
import * as field from "./fields";
import { cacheName } from "./fields";
import { BATCHREFILL_LIMIT, SLAB_CTOR_ATOMIC, SLAB_CTOR_CONSTRUCTOR } from "./flags";
import {
  bufctlEnd,
  kmemFreepages,
  kmemGetpages,
  moved,
  named,
  namedObject,
  setSlabAttr,
  slabPfn,
  slabTake,
  writeBufctl,
} from "./slab";

const {
  AC_BATCHCOUNT,
  ALLOCHIT,
  ALLOCMISS,
  AVAIL,
  CACHE_ARRAY,
  COLOUR,
  COLOUR_NEXT,
  COLOUR_OFF,
  COLOUROFF,
  CTOR,
  ENTRIES,
  FREE,
  FREE_OBJECTS,
  FREE_TOUCHED,
  GFPORDER,
  GROWN,
  HIGH_MARK,
  INUSE,
  NUM,
  NUM_ACTIVE,
  NUM_ALLOCATIONS,
  OBJSIZE,
  S_MEM,
  SHARED,
  SLAB_SIZE,
  SLABP_CACHE,
  SLABS_FREE,
  SLABS_FULL,
  SLABS_PARTIAL,
  TOUCHED,
} = field;

/** What a request may ask of the page allocator: everything but zone, zeroing and the unknown. */
const SLAB_LEVEL_MASK = 0x7ff0;
const SLAB_GROW_MASK = SLAB_LEVEL_MASK | 1;

/** An object, 0 without memory. Its bytes are what the last user or the constructor left. */
export function kmemCacheAlloc(k: Kernel, cache: Addr, gfp: number): Addr {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const ac = w[c + CACHE_ARRAY]! >>> 2;
  let object: Addr;
  if (k.config.debugSlab) kmemFlagcheck(k, cache, gfp);
  const avail = w[ac + AVAIL]!;
  if (avail !== 0) {
    w[c + ALLOCHIT]!++;
    w[ac + TOUCHED] = 1;
    w[ac + AVAIL] = avail - 1;
    object = w[ac + ENTRIES + avail - 1]!;
  } else {
    w[c + ALLOCMISS]!++;
    object = cacheAllocRefill(k, cache, gfp);
    if (object === 0) return 0;
  }
  if (k.events !== null)
    k.events.push({ kind: "slab-pop", ...namedObject(k, cache, object), avail: k.memory.u32[ac + AVAIL]! });
  return k.config.debugSlab ? debugAllocAfter(k, cache, object, gfp) : object;
}

/** Fills the empty array of the CPU and takes its last object; 0 if there is no memory. */
function cacheAllocRefill(k: Kernel, cache: Addr, gfp: number): Addr {
  const c = cache >>> 2;
  const ac = k.memory.u32[c + CACHE_ARRAY]! >>> 2;
  for (;;) {
    const w = k.memory.u32;
    const whole = w[ac + AC_BATCHCOUNT]!;
    const batch = w[ac + TOUCHED] === 0 ? Math.min(whole, BATCHREFILL_LIMIT) : whole;
    if (k.events !== null)
      k.events.push({ kind: "slab-refill", cache: cacheName(k, cache), batch, limited: batch < whole });
    if (!refillFromShared(k, cache, ac, batch)) {
      refillFromSlabs(k, cache, ac, batch);
      w[c + FREE_OBJECTS]! -= w[ac + AVAIL]!;
    }
    if (w[ac + AVAIL] !== 0) break;
    const grown = cacheGrow(k, cache, gfp);
    // Growing may have freed memory, and that may have filled the array of this very cache.
    if (k.memory.u32[ac + AVAIL] !== 0) break;
    if (!grown) return 0;
  }
  const w = k.memory.u32;
  w[ac + TOUCHED] = 1;
  const avail = w[ac + AVAIL]! - 1;
  w[ac + AVAIL] = avail;
  return w[ac + ENTRIES + avail]!;
}

/** Moves objects from the end of the shared array, in their order. */
function refillFromShared(k: Kernel, cache: Addr, ac: number, batch: number): boolean {
  const w = k.memory.u32;
  const shared = w[(cache >>> 2) + SHARED]! >>> 2;
  if (shared === 0 || w[shared + AVAIL] === 0) return false;
  const objects = Math.min(batch, w[shared + AVAIL]!);
  const left = w[shared + AVAIL]! - objects;
  w[shared + AVAIL] = left;
  w[ac + AVAIL] = objects;
  w.copyWithin(ac + ENTRIES, shared + ENTRIES + left, shared + ENTRIES + left + objects);
  w[shared + TOUCHED] = 1;
  if (k.events !== null) k.events.push({ kind: "slab-from-shared", cache: cacheName(k, cache), objects, left });
  return true;
}

function refillFromSlabs(k: Kernel, cache: Addr, ac: number, batch: number): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const end = bufctlEnd(k);
  let left = batch;
  while (left > 0) {
    let slab = w[(cache + SLABS_PARTIAL) >>> 2]!;
    if (slab === cache + SLABS_PARTIAL) {
      w[c + FREE_TOUCHED] = 1;
      slab = w[(cache + SLABS_FREE) >>> 2]!;
      if (slab === cache + SLABS_FREE) return;
    }
    const avail = w[ac + AVAIL]!;
    const taken = slabTake(k, cache, slab, ac + ENTRIES + avail, left);
    // A slab on these lists has a free object, or its inuse was overwritten.
    if (taken <= 0) throw new KernelBug("slab-chain", { slab: slabPfn(k, slab), free: w[(slab >>> 2) + FREE]! });
    left -= taken;
    w[ac + AVAIL] = avail + taken;
    w[c + NUM_ALLOCATIONS]! += taken;
    w[c + NUM_ACTIVE]! += taken;
    if (w[c + NUM_ACTIVE]! > w[c + HIGH_MARK]!) w[c + HIGH_MARK] = w[c + NUM_ACTIVE]!;
    listDel(w, slab);
    const full = w[(slab >>> 2) + FREE] === end;
    listAdd(w, slab, cache + (full ? SLABS_FULL : SLABS_PARTIAL));
    if (k.events !== null) moved(k, cache, slab, full ? "full" : "partial", "head");
  }
}

/** Adds a slab at the tail of the free list. The colour moves on even when there are no pages. @throws KernelBug `grow-flags`. */
export function cacheGrow(k: Kernel, cache: Addr, gfp: number): boolean {
  const w = k.memory.u32;
  const c = cache >>> 2;
  if ((gfp & ~SLAB_GROW_MASK) !== 0) throw new KernelBug("grow-flags", { gfp });
  if ((gfp & __GFP_NO_GROW) !== 0) return refused(k, cache, "not-allowed");
  const offset = w[c + COLOUR_NEXT]! * w[c + COLOUR_OFF]!;
  w[c + COLOUR_NEXT]!++;
  if (w[c + COLOUR_NEXT]! >= w[c + COLOUR]!) w[c + COLOUR_NEXT] = 0;
  const start = kmemGetpages(k, cache, gfp);
  if (start === 0) return refused(k, cache, "no-pages");
  const slab = allocSlabmgmt(k, cache, start, offset, gfp & SLAB_LEVEL_MASK);
  if (slab === 0) {
    kmemFreepages(k, cache, start);
    return refused(k, cache, "no-descriptor");
  }
  setSlabAttr(k, cache, slab, start);
  if (k.events !== null) {
    const { cache: name, slab: pfn } = named(k, cache, slab, 0);
    const [order, objects] = [k.memory.u32[c + GFPORDER]!, k.memory.u32[c + NUM]!];
    k.events.push({ kind: "slab-grow", cache: name, slab: pfn, order, offset, objects });
  }
  cacheInitObjs(k, cache, slab, SLAB_CTOR_CONSTRUCTOR | ((gfp & __GFP_WAIT) === 0 ? SLAB_CTOR_ATOMIC : 0));
  const now = k.memory.u32;
  listAddTail(now, slab, cache + SLABS_FREE);
  if (k.events !== null) moved(k, cache, slab, "free", "tail");
  now[c + GROWN]!++;
  now[c + FREE_OBJECTS]! += now[c + NUM]!;
  return true;
}

function refused(k: Kernel, cache: Addr, why: "not-allowed" | "no-pages" | "no-descriptor"): false {
  if (k.events !== null) k.events.push({ kind: "slab-no-grow", cache: cacheName(k, cache), why });
  return false;
}

function allocSlabmgmt(k: Kernel, cache: Addr, start: Addr, colourOff: number, gfp: number): Addr {
  const c = cache >>> 2;
  const slabpCache = k.memory.u32[c + SLABP_CACHE]!;
  const slab = slabpCache !== 0 ? kmemCacheAlloc(k, slabpCache, gfp) : start + colourOff;
  if (slab === 0) return 0;
  const w = k.memory.u32;
  const before = slabpCache !== 0 ? colourOff : colourOff + w[c + SLAB_SIZE]!;
  w[(slab >>> 2) + INUSE] = 0;
  w[(slab >>> 2) + COLOUROFF] = before;
  w[(slab >>> 2) + S_MEM] = start + before;
  return slab;
}

function cacheInitObjs(k: Kernel, cache: Addr, slab: Addr, ctorFlags: number): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const num = w[c + NUM]!;
  const objsize = w[c + OBJSIZE]!;
  const start = w[(slab >>> 2) + S_MEM]!;
  const constructed = w[c + CTOR] !== 0;
  for (let index = 0; index < num; index++) {
    const object = start + index * objsize;
    if (k.config.debugSlab) debugInitObj(k, cache, object, ctorFlags);
    else if (constructed) construct(k, cache, object, ctorFlags);
    writeBufctl(k, slab, index, index + 1);
  }
  writeBufctl(k, slab, num - 1, bufctlEnd(k));
  k.memory.u32[(slab >>> 2) + FREE] = 0;
}
