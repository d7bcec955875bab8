// Decodes a slab cache from the machine's memory. Bounded, never throws; what looks wrong is in `findings`.
import { PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import { virtOf } from "../frames";
import type { Kernel } from "../kernel";
import { decode } from "../layout";
import type { Addr } from "../machine";
import type { SlabListName } from "./events";
import { acData, COLOUROFF, cacheName, INUSE, S_MEM, SHARED } from "./fields";
import { isOffSlab } from "./geometry";
import type { ArrayState, CacheState, ObjectPlace, SlabState } from "./observe";
import { bufctlEnd, readBufctl } from "./slab";
import { arrayCache, kmemCache } from "./structs";
import { type CacheShape, objectAt, pfnOf, shapeOf, walkArray, walkChain, walkRules, walkSlabs } from "./walk-slab";

type Numbers = Readonly<Record<keyof typeof kmemCache.offset, number>>;

/** Everything about one cache. */
export function observeSlab(k: Kernel, cache: Addr): CacheState {
  const findings: Finding[] = [];
  const shape = shapeOf(k, cache);
  const n = decode(k.memory, kmemCache, cache) as unknown as Numbers;
  const lists = decode(k.memory, kmemCache.fields.lists, cache + kmemCache.offset.lists) as unknown as Readonly<
    Record<"free_objects" | "free_touched" | "next_reap", number>
  >;
  const places = new Map<Addr, "cpu" | "shared">();
  const cpu = observeArray(k, cache, "cpu", places, findings)!;
  const shared = observeArray(k, cache, "shared", places, findings);
  const visited = new Set<Addr>();
  const slabsOf = (list: SlabListName) =>
    walkSlabs(k, cache, list, visited, findings).map((slab) => observeOne(k, cache, slab, shape, places, findings));
  const slabs = { partial: slabsOf("partial"), full: slabsOf("full"), free: slabsOf("free") };
  const offSlab = isOffSlab(n.flags);
  return {
    kind: "slab",
    name: cacheName(k, cache),
    objsize: n.objsize,
    num: n.num,
    order: n.gfporder,
    flags: n.flags,
    offSlab,
    slabSize: n.slab_size,
    left: PAGE_SIZE * 2 ** shape.order - shape.num * shape.objsize - (offSlab ? 0 : n.slab_size),
    colour: n.colour,
    colourOff: n.colour_off,
    colourNext: n.colour_next,
    limit: n.limit,
    batchcount: n.batchcount,
    freeLimit: n.free_limit,
    freeObjects: lists.free_objects,
    freeTouched: lists.free_touched !== 0,
    nextReap: lists.next_reap,
    slabs,
    cpu,
    shared,
    counters: {
      allochit: n.allochit,
      allocmiss: n.allocmiss,
      freehit: n.freehit,
      freemiss: n.freemiss,
      grown: n.grown,
      reaped: n.reaped,
      errors: n.errors,
      ctorCalls: n.ctor_calls,
      dtorCalls: n.dtor_calls,
    },
    findings,
  };
}

function observeArray(
  k: Kernel,
  cache: Addr,
  array: "cpu" | "shared",
  places: Map<Addr, "cpu" | "shared">,
  findings: Finding[],
): ArrayState | null {
  const at = array === "cpu" ? acData(k, cache) : k.memory.u32[(cache >>> 2) + SHARED]!;
  if (array === "shared" && at === 0) return null;
  const head = decode(k.memory, arrayCache, at) as Readonly<Record<keyof typeof arrayCache.offset, number>>;
  const objects = walkArray(k, cache, array, findings).map((object, position) => {
    places.set(object, array);
    const found = objectAt(k, cache, object);
    if (found === null)
      findings.push({
        rule: walkRules.arrayEntry,
        args: { cache: cacheName(k, cache), array, position, address: object },
      });
    return found && { slab: found.slab, index: found.index };
  });
  const { avail, limit, batchcount, touched } = head;
  return { objects, avail, limit, batchcount, touched: touched !== 0 };
}

function observeOne(
  k: Kernel,
  cache: Addr,
  slab: Addr,
  { num, objsize }: CacheShape,
  arrays: ReadonlyMap<Addr, "cpu" | "shared">,
  findings: Finding[],
): SlabState {
  const w = k.memory.u32;
  const { offset: at } = kmemCache;
  const chain = walkChain(k, cache, slab, findings);
  const free = new Set(chain);
  const offset = w[(slab >>> 2) + COLOUROFF]!;
  const mgmt = isOffSlab(w[(cache + at.flags) >>> 2]!) ? 0 : w[(cache + at.slab_size) >>> 2]!;
  const start = w[(slab >>> 2) + S_MEM]!;
  const placeOf = (index: number): ObjectPlace =>
    free.has(index) ? "free" : (arrays.get(start + index * objsize) ?? "used");
  const end = bufctlEnd(k);
  const entry = (index: number) => {
    const next = readBufctl(k, slab, index);
    return next === end ? ("end" as const) : next < num ? next : ("used" as const);
  };
  const indices = Array.from({ length: num }, (_, index) => index);
  return {
    pfn: pfnOf(k, slab),
    descriptor: virtOf(k, slab),
    colour: offset - mgmt,
    offset,
    inuse: w[(slab >>> 2) + INUSE]!,
    chain,
    bufctl: indices.map(entry),
    places: indices.map(placeOf),
  };
}
