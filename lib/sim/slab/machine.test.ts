import { describe, expect, it, test } from "vitest";
import { checkZone } from "../check-zone";
import { createKernel, recordEvents } from "../create-kernel";
import { EINVAL } from "../errno";
import type { SimEvent } from "../events";
import type { Kernel, KernelConfig } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { freeObject, newObject, objectCache } from "../objects";
import { readPageState } from "../page-state";
import { createRng } from "../rng";
import { allocPages } from "../zones/alloc-pages";
import { GFP_ATOMIC, GFP_DMA, GFP_KERNEL } from "../zones/gfp";
import { kmemCacheAlloc } from "./alloc";
import { caches, findCache } from "./chain";
import { checkSlab } from "./check-slab";
import { kmemCacheCreate, kmemCacheDestroy, kmemCacheShrink } from "./create";
import { registerCtor } from "./ctor";
import { POISON_AFTER, POISON_BEFORE } from "./debug";
import { acData, cacheName, global } from "./fields";
import * as flag from "./flags";
import { kmemCacheFree } from "./free";
import { kcalloc, kfree, kmalloc, ksize } from "./kmalloc";
import { observeSlab } from "./observe-slab";
import { cacheReap, endGracePeriod, slabTimer, takeReclaimedSlab } from "./reap";
import { slabinfo, slabinfoRows } from "./slabinfo";
import { slabinfoWrite } from "./tune";

const boot = (config: Partial<KernelConfig> = {}) =>
  createKernel({ boot: { kind: "zones", pages: [1024, 16384, 0] }, ...config });
const code = (step: () => unknown): string => {
  try {
    step();
  } catch (error) {
    if (error instanceof KernelBug) return error.code;
    throw error;
  }
  return "none";
};
const nrSlab = (k: Kernel) => readPageState(k, "nr_slab");
const advance = (k: Kernel, jiffies: number) => {
  k.memory.u32[(k.data + kernelData.offset.jiffies) >>> 2]! += jiffies;
};

describe("the start", () => {
  it("ends with offslab_limit 116 and 13 classes twice for lines of 128 bytes (domain.md A.5)", () => {
    const k = boot();
    expect(k.memory.u32[global(k, "offslab_limit") >>> 2]).toBe(116);
    const names = caches(k).map((cache) => cacheName(k, cache));
    expect(names.filter((name) => name.startsWith("size-"))).toHaveLength(26);
    expect(names.at(-1)).toBe("kmem_cache");
    expect(checkSlab(k)).toEqual([]);
    expect(k.zones.flatMap((zone) => checkZone(zone))).toEqual([]);
  });

  it("gives offslab_limit 58 with bufctls of 4 bytes (domain.md A.5)", () => {
    const k = boot({ bufctl: 4 });
    expect(k.memory.u32[global(k, "offslab_limit") >>> 2]).toBe(58);
    expect(observeSlab(k, findCache(k, "size-32")).num).toBe(113);
    expect(checkSlab(k)).toEqual([]);
  });

  it.each([32, 64, 128] as const)("works with SMP, debugging and lines of %i bytes", (l1) => {
    const k = boot({ l1, smp: true, debugSlab: true });
    expect(checkSlab(k)).toEqual([]);
    expect(observeSlab(k, findCache(k, "size-64")).limit).toBe(32);
  });

  it("stops the kernel on a machine too small for it", () => {
    // The start may not fail, so it retries for ever; nobody can free anything.
    expect(code(() => createKernel({ boot: { kind: "zones", pages: [0, 2, 0] } }))).toBe("memory-deadlock");
  });

  it("gives sizes of arrays by SMP", () => {
    const k = boot({ smp: true });
    const row = slabinfoRows(k).find(({ name }) => name === "size-128")!;
    expect([row.limit, row.batchcount, row.sharedfactor]).toEqual([120, 60, 8]);
  });
});

describe("kmem_cache_create", () => {
  it("refuses what the kernel refuses", () => {
    const k = boot();
    const make = (spec: Partial<Parameters<typeof kmemCacheCreate>[1]>) =>
      code(() => kmemCacheCreate(k, { name: "x", size: 32, ...spec }));
    expect(make({ name: "" })).toBe("cache-name");
    expect(make({ name: "size-32" })).toBe("cache-name");
    expect(make({ size: 3 })).toBe("cache-size");
    expect(make({ size: 131073 })).toBe("cache-size");
    expect(make({ dtor: 1 })).toBe("cache-destructor");
    expect(make({ flags: 0x1 })).toBe("cache-flags");
    expect(make({ flags: flag.SLAB_POISON })).toBe("cache-flags");
    expect(make({ flags: flag.SLAB_DESTROY_BY_RCU, ctor: 1, dtor: 1 })).toBe("cache-flags");
    expect(checkSlab(k)).toEqual([]);
  });

  it("returns 0 if no object fits, and stops the kernel with SLAB_PANIC", () => {
    const k = boot();
    const huge = { name: "x", size: 131072, align: 262144 };
    expect(kmemCacheCreate(k, huge)).toBe(0);
    expect(code(() => kmemCacheCreate(k, { ...huge, flags: flag.SLAB_PANIC }))).toBe("cache-panic");
    expect(checkSlab(k)).toEqual([]);
  });

  it("destroys only a cache without objects in use, and gives everything back", () => {
    const k = boot();
    const before = slabinfo(k);
    const cache = kmemCacheCreate(k, { name: "x", size: 100 });
    const object = kmemCacheAlloc(k, cache, GFP_KERNEL);
    expect(kmemCacheDestroy(k, cache)).toBe(1);
    expect(findCache(k, "x")).toBe(cache);
    kmemCacheFree(k, cache, object);
    expect(kmemCacheDestroy(k, cache)).toBe(0);
    expect(findCache(k, "x")).toBe(0);
    expect(slabinfo(k).split("\n").length).toBe(before.split("\n").length);
    expect(checkSlab(k)).toEqual([]);
  });
});

describe("kmalloc", () => {
  it("serves the size class and the DMA set, counts slab pages, and knows what it gave", () => {
    const k = boot();
    const pages = nrSlab(k);
    const at = kmalloc(k, 3000, GFP_KERNEL);
    expect([ksize(k, at), nrSlab(k)]).toEqual([4096, pages + 1]);
    const dma = kmalloc(k, 10, GFP_KERNEL | GFP_DMA);
    expect(observeSlab(k, findCache(k, "size-32(DMA)")).slabs.partial[0]!.pfn).toBeLessThan(1024);
    expect(kmalloc(k, 131073, GFP_KERNEL)).toBe(0);
    expect(kcalloc(k, 65536, 65536, GFP_KERNEL)).toBe(0);
    expect([...k.memory.u8.subarray(kcalloc(k, 3, 5, GFP_KERNEL)).subarray(0, 15)]).toEqual(Array(15).fill(0));
    kfree(k, 0);
    kfree(k, at);
    kfree(k, dma);
    expect(checkSlab(k)).toEqual([]);
  });

  it("finds what is no object: foreign memory, a wrong address, a second free", () => {
    const k = boot();
    expect(code(() => kfree(k, 64))).toBe("not-slab-page");
    const at = kmalloc(k, 32, GFP_KERNEL);
    kfree(k, at);
    kfree(k, at);
    expect(checkSlab(k).map(({ rule }) => rule)).toContain("slab-object-twice");
    const cache = findCache(k, "size-32");
    expect(code(() => kmemCacheShrink(k, cache))).toBe("slab-double-free");
  });

  it("reports an object that was given to another cache when it is flushed", () => {
    const k = boot();
    const at = kmalloc(k, 32, GFP_KERNEL);
    const other = findCache(k, "size-64");
    kmemCacheFree(k, other, at);
    expect(checkSlab(k).map(({ rule }) => rule)).toContain("slab-array-entry");
    expect(code(() => kmemCacheShrink(k, other))).toBe("foreign-object");
  });
});

test("without memory an allocation returns 0, may not grow with __GFP_NO_GROW, and odd flags are a bug", () => {
  const k = boot();
  const cache = kmemCacheCreate(k, { name: "x", size: 100 });
  expect(kmemCacheAlloc(k, cache, GFP_KERNEL | 0x2000)).toBe(0);
  expect(code(() => kmemCacheAlloc(k, cache, 0x10000 | GFP_KERNEL))).toBe("grow-flags");
  while (allocPages(k, GFP_ATOMIC, 0) !== 0);
  const colour = observeSlab(k, cache).colourNext;
  const held: number[] = [];
  for (let at = kmemCacheAlloc(k, cache, GFP_ATOMIC); at !== 0; at = kmemCacheAlloc(k, cache, GFP_ATOMIC))
    held.push(at);
  expect(colour).toBe(0);
  expect(checkSlab(k)).toEqual([]);
});

test("constructors run once for each object of a slab, destructors when its memory goes", () => {
  const k = boot();
  const seen: number[] = [];
  const ctor = registerCtor(k, {
    name: "mark",
    run: (m, object, _cache, flags) => {
      m.memory.u32[object >>> 2] = 0xc0de;
      seen.push(flags);
    },
  });
  const dtor = registerCtor(k, { name: "unmark", run: (m, object) => expect(m.memory.u32[object >>> 2]).toBe(0xc0de) });
  const cache = kmemCacheCreate(k, { name: "built", size: 500, ctor, dtor });
  const object = kmemCacheAlloc(k, cache, GFP_ATOMIC);
  expect(k.memory.u32[object >>> 2]).toBe(0xc0de);
  expect(seen).toEqual(Array(8).fill(flag.SLAB_CTOR_CONSTRUCTOR | flag.SLAB_CTOR_ATOMIC));
  kmemCacheFree(k, cache, object);
  expect(kmemCacheAlloc(k, cache, GFP_KERNEL)).toBe(object);
  expect(observeSlab(k, cache).counters).toMatchObject({ ctorCalls: 8, dtorCalls: 0 });
  expect(checkSlab(k)).toEqual([]);
  kmemCacheFree(k, cache, object);
  expect(kmemCacheShrink(k, cache)).toBe(0);
  expect(observeSlab(k, cache).counters).toMatchObject({ ctorCalls: 8, dtorCalls: 8 });
});

describe("the clock", () => {
  it("drains idle arrays and gives idle free slabs back, but spares both once after use", () => {
    const k = boot();
    const cache = kmemCacheCreate(k, { name: "x", size: 2000 });
    const held = Array.from({ length: 40 }, () => kmemCacheAlloc(k, cache, GFP_KERNEL));
    for (const at of held) kmemCacheFree(k, cache, at);
    const slabs = () => Object.values(observeSlab(k, cache).slabs).flat().length;
    const avail = () => k.memory.u32[acData(k, cache) >>> 2]!;
    const start = [slabs(), avail()];
    advance(k, 500);
    slabTimer(k);
    expect([slabs(), avail()]).toEqual(start);
    for (let round = 0; round < 40; round++) {
      advance(k, 2000);
      slabTimer(k);
    }
    expect([slabs(), avail()]).toEqual([0, 0]);
    expect(takeReclaimedSlab(k)).toBeGreaterThan(0);
    expect(takeReclaimedSlab(k)).toBe(0);
    expect(checkSlab(k)).toEqual([]);
  });

  it("leaves caches with SLAB_NO_REAP alone", () => {
    const k = boot();
    const cache = kmemCacheCreate(k, { name: "x", size: 2000, flags: flag.SLAB_NO_REAP });
    kmemCacheFree(k, cache, kmemCacheAlloc(k, cache, GFP_KERNEL));
    const before = observeSlab(k, cache);
    advance(k, 20_000);
    cacheReap(k);
    cacheReap(k);
    expect(observeSlab(k, cache)).toEqual(before);
  });

  it("frees slabs of SLAB_DESTROY_BY_RCU only after a grace period", () => {
    const k = boot();
    const pages = nrSlab(k);
    const cache = kmemCacheCreate(k, { name: "x", size: 1024, flags: flag.SLAB_DESTROY_BY_RCU });
    kmemCacheFree(k, cache, kmemCacheAlloc(k, cache, GFP_KERNEL));
    kmemCacheShrink(k, cache);
    const during = nrSlab(k);
    expect(checkSlab(k)).toEqual([]);
    endGracePeriod(k);
    expect(nrSlab(k)).toBe(during);
    advance(k, 1);
    endGracePeriod(k);
    expect(nrSlab(k)).toBe(during - 1);
    expect(checkSlab(k)).toEqual([]);
    expect(kmemCacheDestroy(k, cache)).toBe(0);
    expect(nrSlab(k)).toBeGreaterThanOrEqual(pages);
  });
});

describe("/proc/slabinfo", () => {
  it("shows one line a cache and takes new array sizes", () => {
    const k = boot();
    const cache = kmemCacheCreate(k, { name: "ext2_inode", size: 340, flags: flag.SLAB_RECLAIM_ACCOUNT });
    kmemCacheDestroy(k, objectCache(k, "filp"));
    kmemCacheAlloc(k, cache, GFP_KERNEL);
    expect(slabinfo(k)).toContain(
      "ext2_inode            11     11    340   11    1 : tunables   54   27    0 : slabdata      1      1      0",
    );
    expect(slabinfoWrite(k, "ext2_inode 10 5 2")).toBe(17);
    const state = observeSlab(k, cache);
    expect([state.limit, state.batchcount, state.freeLimit, state.shared?.limit]).toEqual([10, 5, 21, 10]);
    expect(state.cpu.avail).toBe(0);
    for (const line of [
      "ext2_inode 0 0 0",
      "ext2_inode 5 6 0",
      "ext2_inode 5 5 -1",
      "nobody 1 1 1",
      "ext2_inode 1 1",
      "x",
    ])
      expect(slabinfoWrite(k, line)).toBe(-EINVAL);
    expect(checkSlab(k)).toEqual([]);
  });
});

describe("slab debugging", () => {
  const errorsOf = (events: readonly SimEvent[]) =>
    events.flatMap((event) => (event.kind === "slab-error" ? [[event.what, ...event.lines]] : []));

  it("poisons, marks and notices overruns, writes after free and second frees", () => {
    const k = boot({ debugSlab: true });
    const events: SimEvent[] = [];
    recordEvents(k, events);
    const cache = kmemCacheCreate(k, { name: "x", size: 40 });
    const at = kmemCacheAlloc(k, cache, GFP_KERNEL);
    expect([...k.memory.u8.subarray(at, at + 40)]).toEqual([...Array(39).fill(POISON_BEFORE), 0xa5]);
    k.memory.u32[(at + 40) >>> 2] = 7;
    kmemCacheFree(k, cache, at);
    expect([...k.memory.u8.subarray(at, at + 40)]).toEqual([...Array(39).fill(POISON_AFTER), 0xa5]);
    k.memory.u8[at + 20] = 1;
    expect(kmemCacheAlloc(k, cache, GFP_KERNEL)).toBe(at);
    kmemCacheFree(k, cache, at);
    kmemCacheFree(k, cache, at);
    expect(errorsOf(events)).toEqual([["red-zone"], ["poison", 16], ["red-zone"]]);
    expect(checkSlab(k).find(({ rule }) => rule === "slab-errors")?.args).toEqual({ cache: "x", times: 3 });
  });

  it("runs the constructor at each allocation of a poisoned cache", () => {
    const k = boot({ debugSlab: true });
    let calls = 0;
    const ctor = registerCtor(k, { name: "count", run: () => void calls++ });
    const cache = kmemCacheCreate(k, { name: "x", size: 40, ctor });
    for (let round = 0; round < 3; round++) kmemCacheFree(k, cache, kmemCacheAlloc(k, cache, GFP_KERNEL));
    expect(calls).toBe(3);
  });
});

test("objects are zeroed and come from the cache of their kind", () => {
  const k = boot();
  const at = newObject(k, "vm_area_struct");
  k.memory.u32[at >>> 2] = 5;
  freeObject(k, "vm_area_struct", at);
  expect(newObject(k, "vm_area_struct")).toBe(at);
  expect(k.memory.u32[at >>> 2]).toBe(0);
  expect(cacheName(k, objectCache(k, "vm_area_struct"))).toBe("vm_area_struct");
  expect(() => newObject(boot({ slab: "off" }), "mm_struct")).toThrow(RangeError);
});

test("checks and observation survive any bytes in slabs, arrays and caches, and end", () => {
  const rng = createRng(7);
  for (let round = 0; round < 60; round++) {
    const k = boot();
    const cache = kmemCacheCreate(k, { name: "x", size: [20, 500, 2048][round % 3]! });
    const held = Array.from({ length: 30 }, () => kmemCacheAlloc(k, cache, GFP_KERNEL));
    const places = [cache, acData(k, cache), held[3]! & ~4095, k.memMap + 1024 * 32, global(k, "cache_chain")];
    for (let write = 0; write < 8; write++) {
      const at = places[rng.below(places.length)]! + 4 * rng.below(40);
      k.memory.u32[at >>> 2] = rng.chance(50) ? rng.next() : held[rng.below(30)]! - (rng.below(3) - 1) * 24;
    }
    checkSlab(k);
    observeSlab(k, cache);
    slabinfo(k);
  }
});
