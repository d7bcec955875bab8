// Bounded walks over the lists and chains of a cache in a memory that somebody else may have corrupted.
// Theory:     a slab is visited once a cache, an index once a slab, so a walk ends after at most as many steps as there are pages or
//             objects. Whatever stops it is a finding with the place; nothing here throws.
import { PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import { isContents, ownerOf, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import type { SlabListName } from "./events";
import {
  acData,
  CACHE_FLAGS,
  COLOUROFF,
  cacheName,
  FREE,
  GFPORDER,
  NUM,
  OBJSIZE,
  S_MEM,
  SHARED,
  SLABS_FREE,
  SLABS_FULL,
  SLABS_PARTIAL,
} from "./fields";
import { MAX_GFP_ORDER } from "./flags";
import { isOffSlab } from "./geometry";
import type { ObjectRef } from "./observe";
import { bufctlEnd, HEADER, pageCache, pageSlab, readBufctl } from "./slab";
import { arrayCache } from "./structs";

const slabLists: Readonly<Record<SlabListName, number>> = {
  partial: SLABS_PARTIAL,
  full: SLABS_FULL,
  free: SLABS_FREE,
};

/** Rules of the walks; `args` hold `cache` and what helps to find the place. */
export const walkRules = {
  wildLink: "slab-wild-link",
  listCycle: "slab-list-cycle",
  linkMismatch: "slab-link-mismatch",
  /** A slab whose pages do not name it and its cache, or do not exist. */
  pages: "slab-pages",
  chainLeaves: "slab-chain-leaves",
  chainCycle: "slab-chain-cycle",
  arrayEntry: "slab-array-entry",
  arrayLost: "slab-array-lost",
} as const;

/** Numbers of a cache that every walk needs, kept within bounds. */
export interface CacheShape {
  readonly name: string;
  readonly num: number;
  readonly objsize: number;
  readonly order: number;
}

export function shapeOf(k: Kernel, cache: Addr): CacheShape {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const order = Math.min(w[c + GFPORDER]!, MAX_GFP_ORDER);
  const objsize = Math.max(w[c + OBJSIZE]!, 1);
  return {
    name: cacheName(k, cache),
    order,
    objsize,
    num: Math.min(w[c + NUM]!, Math.floor((PAGE_SIZE * 2 ** order) / objsize)),
  };
}

/** The slabs of one list, head first. `visited` is shared by the lists of a cache, so a slab on two lists is found. */
export function walkSlabs(k: Kernel, cache: Addr, list: SlabListName, visited: Set<Addr>, findings: Finding[]): Addr[] {
  const w = k.memory.u32;
  const head = cache + slabLists[list];
  const name = cacheName(k, cache);
  const slabs: Addr[] = [];
  let previous = head;
  for (let at = w[head >>> 2]!; at !== head; at = w[at >>> 2]!) {
    if (at % 4 !== 0 || !isContents(k, at) || !isContents(k, at + HEADER - 1)) {
      findings.push({ rule: walkRules.wildLink, args: { cache: name, list, address: at } });
      return slabs;
    }
    if (visited.has(at)) {
      findings.push({ rule: walkRules.listCycle, args: { cache: name, list, slab: pfnOf(k, at) } });
      return slabs;
    }
    if (w[(at >>> 2) + 1] !== previous)
      findings.push({ rule: walkRules.linkMismatch, args: { cache: name, list, slab: pfnOf(k, at) } });
    visited.add(at);
    if (!ownsItsPages(k, cache, at)) {
      findings.push({ rule: walkRules.pages, args: { cache: name, list, slab: pfnOf(k, at) } });
      return slabs;
    }
    slabs.push(at);
    previous = at;
  }
  if (w[(head >>> 2) + 1] !== previous)
    findings.push({ rule: walkRules.linkMismatch, args: { cache: name, list, slab: -1 } });
  return slabs;
}

/** pfn of the first page of a slab, -1 if it has none. */
export function pfnOf(k: Kernel, slab: Addr): number {
  const w = k.memory.u32;
  const start = w[(slab >>> 2) + S_MEM]! - w[(slab >>> 2) + COLOUROFF]!;
  return isContents(k, start) ? ownerOf(k, start) : -1;
}

/** The slab starts on a page, its objects end within its pages, and its first page names it and the cache. */
function ownsItsPages(k: Kernel, cache: Addr, slab: Addr): boolean {
  const w = k.memory.u32;
  const { num, objsize, order } = shapeOf(k, cache);
  const start = w[(slab >>> 2) + S_MEM]! - w[(slab >>> 2) + COLOUROFF]!;
  const end = start + PAGE_SIZE * 2 ** order;
  if (!isContents(k, start) || !isContents(k, end - 1) || (start - k.contents) % PAGE_SIZE !== 0) return false;
  if (w[(slab >>> 2) + S_MEM]! + num * objsize > end) return false;
  if (!isOffSlab(w[(cache >>> 2) + CACHE_FLAGS]!) && (slab < start || slab >= end)) return false;
  const page = pfnToPage(k, ownerOf(k, start));
  return page !== 0 && pageCache(k, page) === cache && pageSlab(k, page) === slab;
}

/** Free objects of a slab in the order of its chain. */
export function walkChain(k: Kernel, cache: Addr, slab: Addr, findings: Finding[]): number[] {
  const { name, num } = shapeOf(k, cache);
  const end = bufctlEnd(k);
  const chain: number[] = [];
  const visited = new Uint8Array(num);
  for (let index = k.memory.u32[(slab >>> 2) + FREE]!; index !== end; index = readBufctl(k, slab, index)) {
    if (index >= num) {
      findings.push({ rule: walkRules.chainLeaves, args: { cache: name, slab: pfnOf(k, slab), index } });
      return chain;
    }
    if (visited[index] === 1) {
      findings.push({ rule: walkRules.chainCycle, args: { cache: name, slab: pfnOf(k, slab), index } });
      return chain;
    }
    visited[index] = 1;
    chain.push(index);
  }
  return chain;
}

/** The object of the cache that starts at this address, by its slab; null if none does. */
export function objectAt(k: Kernel, cache: Addr, object: Addr): (ObjectRef & { at: Addr }) | null {
  if (!isContents(k, object)) return null;
  const page = pfnToPage(k, ownerOf(k, object));
  if (page === 0 || pageCache(k, page) !== cache) return null;
  const slab = pageSlab(k, page);
  if (!isContents(k, slab)) return null;
  const { num, objsize } = shapeOf(k, cache);
  const index = (object - k.memory.u32[(slab >>> 2) + S_MEM]!) / objsize;
  return Number.isInteger(index) && index >= 0 && index < num ? { at: slab, slab: pfnOf(k, slab), index } : null;
}

/** Addresses in an array of the cache, bottom to top; as many as `avail` says but no more than can be there. */
export function walkArray(k: Kernel, cache: Addr, array: "cpu" | "shared", findings: Finding[]): Addr[] {
  const w = k.memory.u32;
  const at = array === "cpu" ? acData(k, cache) : w[(cache >>> 2) + SHARED]!;
  if (array === "shared" && at === 0) return [];
  if (at % 4 !== 0 || at === 0 || at >= k.memory.byteLength - arrayCache.size) {
    findings.push({ rule: walkRules.arrayLost, args: { cache: cacheName(k, cache), array, address: at } });
    return [];
  }
  const room = (k.memory.byteLength - at - arrayCache.size) >>> 2;
  const avail = Math.min(w[at >>> 2]!, room, 65536);
  return Array.from(w.subarray((at + arrayCache.size) >>> 2, ((at + arrayCache.size) >>> 2) + avail));
}
