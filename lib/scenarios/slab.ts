// One slab cache under allocations and frees: the CPU's array, the shared array, slabs on their three lists, colours, the clock.
// Theory: most requests only touch the top of an array; slabs hear of objects in batches, and of time by cache_reap.
// Source: Linux 2.6.11 mm/slab.c; Gorman 8.1-8.5
import { HZ } from "@/lib/sim/constants";
import { createKernel, recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import type { Kernel } from "@/lib/sim/kernel";
import { kernelData } from "@/lib/sim/kernel-data";
import type { Addr } from "@/lib/sim/machine";
import type { Rng } from "@/lib/sim/rng";
import { kmemCacheAlloc } from "@/lib/sim/slab/alloc";
import { kmemCacheCreate, kmemCacheShrink } from "@/lib/sim/slab/create";
import type { SlabListName } from "@/lib/sim/slab/events";
import { kmemCacheFree } from "@/lib/sim/slab/free";
import { cacheAlign, cacheGeometry } from "@/lib/sim/slab/geometry";
import type { ArrayState, CacheState, ObjectPlace } from "@/lib/sim/slab/observe";
import { observeSlab } from "@/lib/sim/slab/observe-slab";
import { slabTimer } from "@/lib/sim/slab/reap";
import { doTuneCpucache, slabinfoWrite } from "@/lib/sim/slab/tune";
import { objectAt } from "@/lib/sim/slab/walk-slab";
import { GFP_ATOMIC } from "@/lib/sim/zones/gfp";
import { fieldsOf, isWithin } from "./read-config";
import { defineScenario, type Refusal, type Result } from "./scenario";

export interface SlabConfig {
  /** Bytes of an object, and of a cache line. */
  readonly size: number;
  readonly l1: 32 | 64 | 128;
  readonly limit: number;
  readonly batch: number;
  /** Batches that the shared array holds; 0 for none. */
  readonly shared: number;
}

export type SlabOp =
  | { readonly op: "alloc" }
  | { readonly op: "free"; readonly slab: number; readonly index: number }
  | { readonly op: "wait"; readonly seconds: number }
  | { readonly op: "shrink" }
  | { readonly op: "tune"; readonly limit: number; readonly batch: number };

export interface SlabView {
  /** In order of creation. */
  readonly id: number;
  readonly list: SlabListName;
  readonly pfn: number;
  /** Bytes by which its colour shifts it, and from the first page to object 0. */
  readonly colour: number;
  readonly offset: number;
  readonly inuse: number;
  readonly chain: readonly number[];
  readonly places: readonly ObjectPlace[];
}

export type ArrayView = Pick<ArrayState, "limit" | "batchcount" | "touched"> & {
  /** Slab and index, bottom to top. */
  readonly objects: readonly (readonly [slab: number, index: number])[];
};

export interface SlabState
  extends Pick<
    CacheState,
    | "objsize"
    | "num"
    | "order"
    | "offSlab"
    | "slabSize"
    | "left"
    | "colour"
    | "colourOff"
    | "colourNext"
    | "freeLimit"
    | "freeObjects"
    | "freeTouched"
    | "counters"
  > {
  /** Seconds since boot. */
  readonly seconds: number;
  /** Partial, full, free; each list head first. */
  readonly slabs: readonly SlabView[];
  readonly cpu: ArrayView;
  readonly shared: ArrayView | null;
  /** Batches of the shared array as configured: how much room the picture keeps for it. */
  readonly sharedBatches: number;
  /** Numbers of slabs by the page they start at, also of those that this operation gave up. */
  readonly ids: Readonly<Record<number, number>>;
}

/** What a page can show. */
export const mostSlabs = 6;
export const mostEntries = 7;
const mostObjects = 16;
export const cacheName = "objects";

interface SlabMachine {
  readonly k: Kernel;
  readonly cache: Addr;
  readonly shared: number;
  readonly ids: Map<number, number>;
  readonly held: Map<string, Addr>;
  created: number;
}

const hot = { size: 992, l1: 32, limit: 4, batch: 2, shared: 0 } as const;
const times = (count: number, ...lines: string[]) => Array.from({ length: count }, () => lines).flat();

export const slabScenario = defineScenario<SlabConfig, SlabOp, SlabMachine, SlabState>({
  name: "slab",
  presets: [
    { name: "small", config: hot, ops: [...times(6, "alloc"), "free 0 0", "free 0 2", "free 0 1"] },
    { name: "empty", config: hot, ops: [] },
    {
      name: "shared",
      config: { ...hot, shared: 2 },
      ops: [...times(6, "alloc"), ...[0, 1, 2, 3].map((i) => `free 0 ${i}`)],
    },
    { name: "limit", config: { size: 1332, l1: 32, limit: 2, batch: 1, shared: 0 }, ops: times(9, "alloc") },
    { name: "colours", config: { size: 700, l1: 64, limit: 5, batch: 5, shared: 0 }, ops: times(16, "alloc") },
    { name: "offslab", config: { size: 512, l1: 32, limit: 6, batch: 3, shared: 0 }, ops: times(7, "alloc") },
  ],
  commands: {
    alloc: {},
    free: {
      slab: { kind: "number", least: 0, most: 999 },
      index: { kind: "number", least: 0, most: mostObjects - 1 },
    },
    wait: { seconds: { kind: "number", least: 1, most: 60, default: 2 } },
    shrink: {},
    tune: {
      limit: { kind: "number", least: 1, most: mostEntries },
      batch: { kind: "number", least: 1, most: mostEntries },
    },
  },
  readConfig(data) {
    const { size, l1, limit, batch, shared } = fieldsOf<SlabConfig>(data);
    if (!isWithin(size, 4, 8192) || (l1 !== 32 && l1 !== 64 && l1 !== 128)) return null;
    if (!isWithin(limit, 1, mostEntries) || !isWithin(batch, 1, limit) || !isWithin(shared, 0, 2)) return null;
    const env = { header: 24, bufctl: 2, l1, breakOrder: 0, offslabLimit: 116 } as const;
    const geometry = cacheGeometry(cacheAlign(size, 0, 0, l1), env);
    return geometry !== null && geometry.num <= mostObjects ? { size, l1, limit, batch, shared } : null;
  },
  boot({ size, l1, limit, batch, shared }) {
    const k = createKernel({ boot: { kind: "zones", pages: [0, 256, 0] }, contents: 320, l1 });
    const cache = kmemCacheCreate(k, { name: cacheName, size });
    doTuneCpucache(k, cache, limit, batch, shared);
    return { k, cache, shared, ids: new Map(), held: new Map(), created: 0 };
  },
  record: ({ k }, events) => recordEvents(k, events),
  refuse({ k, cache, ids, held, shared }, op): Refusal | null {
    if (op.op === "tune" && op.batch > op.limit)
      return { key: "refuseBatch", args: { batch: op.batch, limit: op.limit } };
    const { slabs, freeObjects, cpu, shared: array } = observeSlab(k, cache);
    if (op.op === "alloc") {
      const many = Object.values(slabs).flat().length >= mostSlabs;
      const none = freeObjects + cpu.avail + (shared > 0 ? (array?.avail ?? 0) : 0) === 0;
      return many && none ? { key: "refuseSlabs", args: { most: mostSlabs } } : null;
    }
    if (op.op !== "free" || held.has(`${op.slab}.${op.index}`)) return null;
    const { slab, index } = op;
    return { key: [...ids.values()].includes(slab) ? "refuseFree" : "refuseNoSlab", args: { slab, index } };
  },
  apply(machine, op): Result {
    const { k, cache, held } = machine;
    forgetGone(machine);
    switch (op.op) {
      case "alloc": {
        const object = kmemCacheAlloc(k, cache, GFP_ATOMIC);
        nameSlabs(machine, observeSlab(k, cache));
        const found = object === 0 ? null : objectAt(k, cache, object);
        if (!found) return null;
        const name = `${machine.ids.get(found.slab)}.${found.index}`;
        held.set(name, object);
        return name;
      }
      case "free": {
        const object = held.get(`${op.slab}.${op.index}`)!;
        held.delete(`${op.slab}.${op.index}`);
        kmemCacheFree(k, cache, object);
        return null;
      }
      case "wait":
        for (let second = 0; second < op.seconds; second++) {
          k.memory.u32[(k.data + kernelData.offset.jiffies) >>> 2]! += HZ;
          slabTimer(k);
        }
        return null;
      case "shrink":
        return kmemCacheShrink(k, cache);
      case "tune":
        return slabinfoWrite(k, `${cacheName} ${op.limit} ${op.batch} ${machine.shared}`) < 0 ? -22 : 0;
    }
  },
  observe,
  endsMoment,
  suggest(state, op, parameter) {
    const used = state.slabs.flatMap(({ id, places }) => (places.includes("used") ? [{ id, places }] : []));
    if (op !== "free") return [];
    if (parameter === "slab") return used.map(({ id }) => id);
    return (used[0]?.places ?? []).flatMap((place, index) => (place === "used" ? [index] : []));
  },
  random,
});

/** Slabs get their numbers when they are first seen. */
function nameSlabs(machine: SlabMachine, state: CacheState): void {
  for (const { pfn } of Object.values(state.slabs).flat())
    if (!machine.ids.has(pfn)) machine.ids.set(pfn, machine.created++);
}

/** The page of a slab that went may head another one later. */
function forgetGone({ k, cache, ids }: SlabMachine): void {
  const there = new Set(Object.values(observeSlab(k, cache).slabs).flatMap((slabs) => slabs.map(({ pfn }) => pfn)));
  for (const pfn of [...ids.keys()]) if (!there.has(pfn)) ids.delete(pfn);
}

function observe(machine: SlabMachine): SlabState {
  const { k, cache, ids } = machine;
  const state = observeSlab(k, cache);
  nameSlabs(machine, state);
  const array = ({ objects, limit, batchcount, touched }: ArrayState): ArrayView => ({
    objects: objects.map((object) => [ids.get(object?.slab ?? -1) ?? -1, object?.index ?? -1]),
    limit,
    batchcount,
    touched,
  });
  const views = (list: SlabListName): SlabView[] =>
    state.slabs[list].map(({ pfn, colour, offset, inuse, chain, places }) => ({
      id: ids.get(pfn)!,
      list,
      pfn,
      colour,
      offset,
      inuse,
      chain,
      places,
    }));
  const { objsize, num, order, offSlab, slabSize, left, colour, colourOff, colourNext } = state;
  return {
    ...{ objsize, num, order, offSlab, slabSize, left, colour, colourOff, colourNext },
    freeLimit: state.freeLimit,
    freeObjects: state.freeObjects,
    freeTouched: state.freeTouched,
    counters: state.counters,
    seconds: k.memory.u32[(k.data + kernelData.offset.jiffies) >>> 2]! / HZ,
    slabs: [...views("partial"), ...views("full"), ...views("free")],
    cpu: array(state.cpu),
    shared: machine.shared > 0 && state.shared ? array(state.shared) : null,
    sharedBatches: machine.shared,
    ids: Object.fromEntries(ids),
  };
}

/** Slabs and arrays as they are after each of these; what other caches do meanwhile is not shown. */
const ending: ReadonlySet<SimEvent["kind"]> = new Set([
  "slab-from-shared",
  "slab-move",
  "slab-destroy",
  "slab-pop",
  "slab-push",
  "slab-touched",
  "slab-spare",
  "slab-reap",
  "slab-tune",
  "slab-shrink",
]);

function endsMoment(event: SimEvent): boolean {
  return ending.has(event.kind) && "cache" in event && event.cache === cacheName;
}

function random({ slabs }: SlabState, rng: Rng): SlabOp {
  const used = slabs.flatMap(({ id, places }) =>
    places.flatMap((place, index) => (place === "used" ? [{ slab: id, index }] : [])),
  );
  if (rng.chance(5)) return { op: "wait", seconds: 2 };
  if (used.length > 0 && rng.chance(slabs.length > mostSlabs / 2 ? 70 : 45)) return { op: "free", ...rng.pick(used) };
  return { op: "alloc" };
}
