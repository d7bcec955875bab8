// kmem_cache_free: objects go to the CPU's array, then in batches back to their slabs, and empty slabs back to the page allocator.
// Theory:     a full array gives its oldest batch away, since the newest objects are the ones the CPU's cache still holds. A slab
//             without objects in use is kept until the cache has more free objects than `free_limit`.
// Source:     Linux 2.6.11 mm/slab.c (__cache_free, cache_flusharray, free_block, slab_destroy, kmem_rcu_free); Gorman 8.3, 8.5
// Simplified: one CPU. A grace period ends when somebody says so (reap.ts).
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { listAdd, listAddTail, listDel } from "../list";
import type { Addr } from "../machine";
import { destruct } from "./ctor";
import { debugDestroyObj, debugFreeBefore } from "./debug";
import * as field from "./fields";
import { cacheName, global } from "./fields";
import { SLAB_DESTROY_BY_RCU } from "./flags";
import { kmemFreepages, moved, named, namedObject, pageCache, pageSlab, slabPage, slabPut } from "./slab";
import { slabRcu } from "./structs";

const {
  AC_BATCHCOUNT,
  AC_LIMIT,
  AVAIL,
  CACHE_ARRAY,
  CACHE_FLAGS,
  COLOUROFF,
  DTOR,
  ENTRIES,
  FREE_LIMIT,
  FREE_OBJECTS,
  FREEHIT,
  FREEMISS,
  INUSE,
  MAX_FREEABLE,
  NUM,
  NUM_ACTIVE,
  OBJSIZE,
  S_MEM,
  SHARED,
  SLABP_CACHE,
  SLABS_FREE,
  SLABS_PARTIAL,
} = field;

const JIFFIES = kernelData.offset.jiffies;

/**
 * Gives an object back. Its slab hears of it only when the array is full.
 * @throws KernelBug `slab-double-free`, `foreign-object` or `not-slab-page` when one of the flushed objects was not in use or not of this cache.
 */
export function kmemCacheFree(k: Kernel, cache: Addr, user: Addr): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const object = k.config.debugSlab ? debugFreeBefore(k, cache, user) : user;
  const ac = w[c + CACHE_ARRAY]! >>> 2;
  if (w[ac + AVAIL]! < w[ac + AC_LIMIT]!) {
    w[c + FREEHIT]!++;
  } else {
    w[c + FREEMISS]!++;
    cacheFlusharray(k, cache);
  }
  const avail = w[ac + AVAIL]!;
  w[ac + ENTRIES + avail] = object;
  w[ac + AVAIL] = avail + 1;
  if (k.events !== null) k.events.push({ kind: "slab-push", ...namedObject(k, cache, object), avail: avail + 1 });
}

/** The array is full: its oldest batch goes to the shared array as far as there is room, or back to the slabs. */
function cacheFlusharray(k: Kernel, cache: Addr): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const ac = w[c + CACHE_ARRAY]! >>> 2;
  const shared = w[c + SHARED]! >>> 2;
  let batch = Math.min(w[ac + AC_BATCHCOUNT]!, w[ac + AVAIL]!);
  const room = shared === 0 ? 0 : w[shared + AC_LIMIT]! - w[shared + AVAIL]!;
  if (room > 0) batch = Math.min(batch, room);
  if (k.events !== null)
    k.events.push({
      kind: "slab-flush",
      cache: cacheName(k, cache),
      to: room > 0 ? "shared" : "slabs",
      objects: batch,
    });
  if (room > 0) {
    const at = shared + ENTRIES + w[shared + AVAIL]!;
    w.copyWithin(at, ac + ENTRIES, ac + ENTRIES + batch);
    w[shared + AVAIL]! += batch;
  } else freeBlock(k, cache, (ac + ENTRIES) << 2, batch);
  countFreeable(k, cache);
  const avail = w[ac + AVAIL]! - batch;
  w[ac + AVAIL] = avail;
  w.copyWithin(ac + ENTRIES, ac + ENTRIES + batch, ac + ENTRIES + batch + avail);
}

/** The most free slabs ever seen after a flush; bounded, whatever the list looks like. */
function countFreeable(k: Kernel, cache: Addr): void {
  const w = k.memory.u32;
  const head = cache + SLABS_FREE;
  let slabs = 0;
  for (let at = w[head >>> 2]!; at !== head && slabs < k.pages; at = w[at >>> 2]!) slabs++;
  if (slabs > w[(cache >>> 2) + MAX_FREEABLE]!) w[(cache >>> 2) + MAX_FREEABLE] = slabs;
}

/** Gives `count` objects, whose addresses lie at `objects`, back to their slabs, in order. */
export function freeBlock(k: Kernel, cache: Addr, objects: Addr, count: number): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  w[c + FREE_OBJECTS]! += count;
  for (let index = 0; index < count; index++) {
    const object = w[(objects >>> 2) + index]!;
    const page = slabPage(k, object);
    if (pageCache(k, page) !== cache) throw new KernelBug("foreign-object", { address: object });
    const slab = pageSlab(k, page);
    slabPut(k, cache, slab, object);
    w[c + NUM_ACTIVE]!--;
    listDel(w, slab);
    if (w[(slab >>> 2) + INUSE] !== 0) {
      listAddTail(w, slab, cache + SLABS_PARTIAL);
      if (k.events !== null) moved(k, cache, slab, "partial", "tail");
    } else if (w[c + FREE_OBJECTS]! > w[c + FREE_LIMIT]!) {
      w[c + FREE_OBJECTS]! -= w[c + NUM]!;
      slabDestroy(k, cache, slab);
    } else {
      listAdd(w, slab, cache + SLABS_FREE);
      if (k.events !== null) moved(k, cache, slab, "free", "head");
    }
  }
}

/** Gives the pages of a slab back that is on no list: now, or after a grace period. */
export function slabDestroy(k: Kernel, cache: Addr, slab: Addr): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const start = w[(slab >>> 2) + S_MEM]! - w[(slab >>> 2) + COLOUROFF]!;
  const deferred = (w[c + CACHE_FLAGS]! & SLAB_DESTROY_BY_RCU) !== 0;
  if (k.events !== null) {
    const { cache: name, slab: pfn } = named(k, cache, slab, 0);
    k.events.push({ kind: "slab-destroy", cache: name, slab: pfn, deferred });
  }
  if (k.config.debugSlab || w[c + DTOR] !== 0) {
    for (let index = 0; index < w[c + NUM]!; index++) {
      const object = w[(slab >>> 2) + S_MEM]! + index * w[c + OBJSIZE]!;
      if (k.config.debugSlab) debugDestroyObj(k, cache, object);
      else destruct(k, cache, object);
    }
  }
  if (deferred) callRcu(k, cache, slab, start);
  else freeSlab(k, cache, slab, start);
}

/** The pages, and the descriptor if it lies elsewhere. */
export function freeSlab(k: Kernel, cache: Addr, slab: Addr, start: Addr): void {
  kmemFreepages(k, cache, start);
  const slabpCache = k.memory.u32[(cache >>> 2) + SLABP_CACHE]!;
  if (slabpCache !== 0) kmemCacheFree(k, slabpCache, slab);
}

/** The descriptor itself becomes the entry of the queue. */
function callRcu(k: Kernel, cache: Addr, slab: Addr, start: Addr): void {
  const w = k.memory.u32;
  w[(slab + slabRcu.offset.next) >>> 2] = 0;
  w[(slab + slabRcu.offset.queued) >>> 2] = w[(k.data + JIFFIES) >>> 2]!;
  w[(slab + slabRcu.offset.cachep) >>> 2] = cache;
  w[(slab + slabRcu.offset.addr) >>> 2] = start;
  const tail = global(k, "rcu_tail") >>> 2;
  if (w[tail] === 0) w[global(k, "rcu_head") >>> 2] = slab;
  else w[(w[tail]! + slabRcu.offset.next) >>> 2] = slab;
  w[tail] = slab;
}
