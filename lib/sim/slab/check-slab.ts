// The invariants of the slab allocator; each one that does not hold is a named finding with its place.
// Source: derived from Linux 2.6.11 mm/slab.c (check_slabp, s_show and what free_block and cache_alloc_refill rely on)
import { PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { readPageState } from "../page-state";
import { caches } from "./chain";
import type { SlabListName } from "./events";
import * as at from "./fields";
import { cacheName, global } from "./fields";
import { SLAB_DEBUG_INITIAL, SLAB_POISON } from "./flags";
import { isOffSlab } from "./geometry";
import { bufctlFree, readBufctl } from "./slab";
import { arrayCache, kmemCache, slabRcu } from "./structs";
import { objectAt, pfnOf, shapeOf, walkArray, walkChain, walkRules, walkSlabs } from "./walk-slab";

/** Every rule that `checkSlab` can report. */
const slabRules = {
  ...walkRules,
  /** The chain does not hold num - inuse objects. */
  chainLength: "slab-chain-length",
  /** An object that is not on the chain has no mark in its bufctl. */
  mark: "slab-mark",
  /** The number of objects in use does not fit the list. */
  wrongList: "slab-wrong-list",
  colour: "slab-colour",
  freeObjects: "slab-free-objects",
  arrayAvail: "slab-array-avail",
  /** An object is in two arrays, twice in one, or in an array and in its slab. */
  twice: "slab-object-twice",
  constructed: "slab-constructed",
  errors: "slab-errors",
  chainOfCaches: "slab-cache-chain",
  nrSlab: "nr-slab",
} as const;

/** What is wrong with any cache of the machine, empty for sound ones. Never throws, never loops. */
export function checkSlab(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  if (k.config.slab === "off") return findings;
  const all = caches(k);
  const last = (all.at(-1) ?? 0) + kmemCache.offset.next;
  if (all.length === 0 || k.memory.u32[last >>> 2] !== global(k, "cache_chain") || new Set(all).size < all.length)
    return [{ rule: slabRules.chainOfCaches, args: { caches: all.length } }];
  let pages = pendingPages(k);
  for (const cache of all) pages += checkCache(k, cache, findings) * 2 ** shapeOf(k, cache).order;
  const stored = readPageState(k, "nr_slab");
  if (stored !== pages) findings.push({ rule: slabRules.nrSlab, args: { stored, counted: pages } });
  return findings;
}

/** @returns how many slabs the cache has. */
export function checkCache(k: Kernel, cache: Addr, findings: Finding[]): number {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const name = cacheName(k, cache);
  const { num } = shapeOf(k, cache);
  const visited = new Set<Addr>();
  let slabs = 0;
  let free = 0;
  for (const list of ["partial", "full", "free"] as const) {
    for (const slab of walkSlabs(k, cache, list, visited, findings)) {
      slabs++;
      free += num - w[(slab >>> 2) + at.INUSE]!;
      checkSlabOf(k, cache, slab, list, findings);
    }
  }
  if (w[c + at.FREE_OBJECTS] !== free)
    findings.push({
      rule: slabRules.freeObjects,
      args: { cache: name, stored: w[c + at.FREE_OBJECTS]!, counted: free },
    });
  checkArrays(k, cache, findings);
  if (
    w[c + at.CTOR] !== 0 &&
    w[c + at.DTOR] !== 0 &&
    (w[c + at.CACHE_FLAGS]! & (SLAB_POISON | SLAB_DEBUG_INITIAL)) === 0
  ) {
    const constructed = w[c + at.CTOR_CALLS]! - w[c + at.DTOR_CALLS]!;
    if (constructed !== slabs * num)
      findings.push({ rule: slabRules.constructed, args: { cache: name, constructed, objects: slabs * num } });
  }
  if (w[c + at.ERRORS] !== 0)
    findings.push({ rule: slabRules.errors, args: { cache: name, times: w[c + at.ERRORS]! } });
  return slabs;
}

function checkSlabOf(k: Kernel, cache: Addr, slab: Addr, list: SlabListName, findings: Finding[]): void {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const { name, num, objsize, order } = shapeOf(k, cache);
  const inuse = w[(slab >>> 2) + at.INUSE]!;
  const place = { cache: name, slab: pfnOf(k, slab) };
  const chain = walkChain(k, cache, slab, findings);
  if (chain.length !== num - inuse)
    findings.push({ rule: slabRules.chainLength, args: { ...place, counted: chain.length, expected: num - inuse } });
  const used = new Uint8Array(num).fill(1);
  for (const index of chain) used[index] = 0;
  const unmarked = used.findIndex((flag, index) => flag === 1 && readBufctl(k, slab, index) !== bufctlFree(k));
  if (unmarked >= 0) findings.push({ rule: slabRules.mark, args: { ...place, index: unmarked } });
  const fits = list === "full" ? inuse === num : list === "free" ? inuse === 0 : inuse > 0 && inuse < num;
  if (!fits) findings.push({ rule: slabRules.wrongList, args: { ...place, list, inuse } });
  const mgmt = isOffSlab(w[c + at.CACHE_FLAGS]!) ? 0 : w[c + at.SLAB_SIZE]!;
  const left = PAGE_SIZE * 2 ** order - num * objsize - mgmt;
  const offset = w[(slab >>> 2) + at.COLOUROFF]! - mgmt;
  if (offset % w[c + at.COLOUR_OFF]! !== 0 || !(offset >= 0 && offset <= left))
    findings.push({ rule: slabRules.colour, args: { ...place, offset } });
}

/** Entries are objects of the cache that are in use by their slab's account, and none is there twice. */
function checkArrays(k: Kernel, cache: Addr, findings: Finding[]): void {
  const w = k.memory.u32;
  const name = cacheName(k, cache);
  const seen = new Set<Addr>();
  for (const array of ["cpu", "shared"] as const) {
    const start = array === "cpu" ? at.acData(k, cache) : w[(cache >>> 2) + at.SHARED]!;
    if (start !== 0) {
      const [avail, limit] = [w[start >>> 2]!, w[(start + arrayCache.offset.limit) >>> 2]!];
      if (avail > limit) findings.push({ rule: slabRules.arrayAvail, args: { cache: name, array, avail, limit } });
    }
    for (const [position, object] of walkArray(k, cache, array, findings).entries()) {
      const found = objectAt(k, cache, object);
      if (found === null) {
        findings.push({ rule: slabRules.arrayEntry, args: { cache: name, array, position, address: object } });
        break;
      }
      const inSlab = readBufctl(k, found.at, found.index) !== bufctlFree(k);
      if (seen.has(object) || inSlab)
        findings.push({ rule: slabRules.twice, args: { cache: name, slab: found.slab, index: found.index } });
      seen.add(object);
    }
  }
}

/** Pages of slabs that wait for the end of a grace period. */
function pendingPages(k: Kernel): number {
  const w = k.memory.u32;
  let pages = 0;
  let slab = w[global(k, "rcu_head") >>> 2]!;
  for (let steps = 0; slab !== 0 && steps < k.pages; steps++) {
    pages += 2 ** shapeOf(k, w[(slab + slabRcu.offset.cachep) >>> 2] ?? 0).order;
    slab = w[(slab + slabRcu.offset.next) >>> 2] ?? 0;
  }
  return pages;
}
