// Sizes of a cache's arrays: the usual ones by object size, and what an administrator writes to /proc/slabinfo.
// Theory:     long arrays make most requests cheap but hold back objects; large objects get short ones. Changing the size replaces the
//             arrays: their objects go back to the slabs.
// Source:     Linux 2.6.11 mm/slab.c (enable_cpucache, do_tune_cpucache, alloc_arraycache, slabinfo_write)
// Simplified: one CPU.
import { EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { GFP_KERNEL } from "../zones/gfp";
import { caches } from "./chain";
import {
  AC_BATCHCOUNT,
  AC_LIMIT,
  AVAIL,
  CACHE_ARRAY,
  CACHE_BATCHCOUNT,
  CACHE_LIMIT,
  cacheName,
  ENTRIES,
  FREE_LIMIT,
  NUM,
  OBJSIZE,
  SHARED,
  TOUCHED,
} from "./fields";
import { freeBlock } from "./free";
import { arraySizes } from "./geometry";
import { kfree, kmalloc } from "./kmalloc";
import { arrayCache } from "./structs";

/** Bytes that one write to /proc/slabinfo may have. */
const MAX_SLABINFO_WRITE = 128;

export const ONLINE_CPUS = 1;

/** An empty array for `entries` objects; 0 without memory. */
function allocArraycache(k: Kernel, entries: number, batchcount: number): Addr {
  const at = kmalloc(k, arrayCache.size + entries * 4, GFP_KERNEL);
  if (at === 0) return 0;
  const w = k.memory.u32;
  w[(at >>> 2) + AVAIL] = 0;
  w[(at >>> 2) + AC_LIMIT] = entries;
  w[(at >>> 2) + AC_BATCHCOUNT] = batchcount;
  w[(at >>> 2) + TOUCHED] = 0;
  return at;
}

/** Gives a cache new arrays. `shared` is in batches. @returns 0, or -ENOMEM: then nothing changed. */
export function doTuneCpucache(k: Kernel, cache: Addr, limit: number, batchcount: number, shared: number): number {
  const fresh = allocArraycache(k, limit, batchcount);
  if (fresh === 0) return -ENOMEM;
  const w = k.memory.u32;
  const c = cache >>> 2;
  const old = w[c + CACHE_ARRAY]!;
  w[c + CACHE_ARRAY] = fresh;
  w[c + CACHE_BATCHCOUNT] = batchcount;
  w[c + CACHE_LIMIT] = limit;
  w[c + FREE_LIMIT] = (1 + ONLINE_CPUS) * batchcount + w[c + NUM]!;
  if (k.events !== null) k.events.push({ kind: "slab-tune", cache: cacheName(k, cache), limit, batchcount, shared });
  retire(k, cache, old);
  // The batchcount of a shared array is never used.
  const freshShared = allocArraycache(k, batchcount * shared, 0xbaadf00d);
  if (freshShared === 0) return 0;
  const oldShared = k.memory.u32[c + SHARED]!;
  k.memory.u32[c + SHARED] = freshShared;
  if (oldShared !== 0) retire(k, cache, oldShared);
  return 0;
}

function retire(k: Kernel, cache: Addr, array: Addr): void {
  freeBlock(k, cache, array + ENTRIES * 4, k.memory.u32[(array >>> 2) + AVAIL]!);
  kfree(k, array);
}

/** The usual arrays for this size of object. @returns 0 or -ENOMEM. */
export function enableCpucache(k: Kernel, cache: Addr): number {
  const objsize = k.memory.u32[(cache >>> 2) + OBJSIZE]!;
  const sizes = arraySizes(objsize, k.config.smp ? "smp" : "up", k.config.debugSlab ? "debug" : "plain");
  return doTuneCpucache(k, cache, sizes.limit, sizes.batchcount, sizes.shared);
}

/** `echo "name limit batchcount shared" > /proc/slabinfo`. @returns the bytes taken, -EINVAL or -ENOMEM. */
export function slabinfoWrite(k: Kernel, line: string): number {
  if (line.length > MAX_SLABINFO_WRITE) return -EINVAL;
  const space = line.indexOf(" ");
  if (space < 0) return -EINVAL;
  const numbers = /^\s*([+-]?\d+)\s+([+-]?\d+)\s+([+-]?\d+)/.exec(line.slice(space + 1));
  if (numbers === null) return -EINVAL;
  const [limit, batchcount, shared] = numbers.slice(1).map(Number) as [number, number, number];
  const cache = caches(k).find((each) => cacheName(k, each) === line.slice(0, space));
  if (cache === undefined) return -EINVAL;
  if (limit < 1 || batchcount < 1 || batchcount > limit || shared < 0) return -EINVAL;
  const result = doTuneCpucache(k, cache, limit, batchcount, shared);
  return result < 0 ? result : line.length;
}
