import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { bonwickSlab, internalFragmentation, usableCachePercent } from "./bonwick";
import { BonwickCache, type BonwickObject, constructorCalls } from "./bonwick-cache";

test("objects of 200 bytes have nine colours, the last one included (Slab Coloring)", () => {
  const { buffers, left, colours, small } = bonwickSlab(200, 8, "plain");
  expect([small, buffers, left]).toEqual([true, 20, 64]);
  expect(colours).toEqual([0, 8, 16, 24, 32, 40, 48, 56, 64]);
});

test("ten buffers of 400 bytes lose 2.4 % of a page (Slab Layout)", () => {
  const { perBuffer, percent } = internalFragmentation(400, 4096);
  expect([perBuffer, percent]).toEqual([9.6, 2.4]);
});

test("48 hot bytes of 512 leave 9 % of the cache (Impact of Buffer Address Distribution)", () => {
  expect(Math.floor(usableCachePercent(48, 512))).toBe(9);
});

test("objects of an eighth of a page and more have their bookkeeping elsewhere", () => {
  expect(bonwickSlab(511, 1, "plain")).toMatchObject({ small: true, buffers: 7, left: 487 });
  expect(bonwickSlab(512, 8, "plain")).toMatchObject({ small: false, pages: 1, buffers: 8, left: 0, colours: [0] });
  expect(bonwickSlab(3000, 8, "plain")).toMatchObject({ pages: 3, buffers: 4, left: 288 });
});

test("a constructed object needs a word for the link, but only a small one", () => {
  expect(bonwickSlab(200, 8, "constructed")).toMatchObject({ bufSize: 208, buffers: 19 });
  expect(bonwickSlab(512, 8, "constructed").bufSize).toBe(512);
  expect(() => bonwickSlab(0, 8, "plain")).toThrow(RangeError);
});

test("no slab of large objects wastes more than an eighth, and its buffers fit at every colour", () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 20000 }), fc.integer({ min: 0, max: 7 }), (size, log) => {
      const { small, pages, bufSize, buffers, left, colours } = bonwickSlab(size, 2 ** log, "constructed");
      const room = pages * 4096 - (small ? 32 : 0);
      expect(buffers * bufSize + left).toBe(room);
      if (!small) expect(left * 8).toBeLessThanOrEqual(pages * 4096);
      expect(colours.at(-1)! + buffers * bufSize).toBeLessThanOrEqual(room);
    }),
  );
});

describe("a cache of constructed objects", () => {
  it("constructs once a slab, and destructs only what it gives back", () => {
    const cache = new BonwickCache(1000, 8);
    const objects = Array.from({ length: 9 }, () => cache.alloc(0));
    expect([cache.slabs, cache.ctor, cache.dtor]).toEqual([3, 12, 0]);
    for (const object of objects) cache.free(object, 10);
    expect(cache.ctor).toBe(12);
    expect(cache.reap(24)).toBe(0);
    expect(cache.reap(25)).toBe(3);
    expect([cache.slabs, cache.dtor]).toEqual([0, 12]);
  });

  it("does not break up a complete slab while a partial one is there", () => {
    const cache = new BonwickCache(1000, 8);
    const objects = Array.from({ length: 8 }, () => cache.alloc(0));
    for (const object of objects.slice(0, 4)) cache.free(object, 0);
    cache.free(objects[7]!, 0);
    expect(cache.state).toEqual({ empty: [], partial: [1], complete: [0] });
    expect(cache.alloc(0)).toEqual(objects[7]);
    expect(cache.state).toEqual({ empty: [1], partial: [], complete: [0] });
    expect(cache.alloc(0).slab).toBe(0);
  });

  it("refuses what it did not give", () => {
    const cache = new BonwickCache(1000, 8);
    const object = cache.alloc(0);
    cache.free(object, 0);
    expect(() => cache.free(object, 0)).toThrow(RangeError);
    expect(() => cache.free({ slab: 7, index: 0 }, 0)).toThrow(RangeError);
  });

  it("never hands an object out twice and keeps every constructed object in a slab", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 300 }), (choices) => {
        const cache = new BonwickCache(700, 8);
        const held = new Map<string, BonwickObject>();
        for (const [now, choice] of choices.entries()) {
          if (choice < 110) {
            const object = cache.alloc(now);
            expect(held.has(`${object.slab},${object.index}`)).toBe(false);
            held.set(`${object.slab},${object.index}`, object);
          } else if (choice < 190 && held.size > 0) {
            const [key, object] = [...held][choice % held.size]!;
            cache.free(object, now);
            held.delete(key);
          } else cache.reap(now);
          expect(cache.ctor - cache.dtor).toBe(cache.slabs * cache.buffers);
          const { empty, partial, complete } = cache.state;
          expect(empty.length + partial.length + complete.length).toBe(cache.slabs);
        }
      }),
    );
  });
});

test("a program that takes and gives one object a thousand times constructs one slab instead of a thousand objects", () => {
  const steps = Array.from({ length: 1000 }, (_, index) => ["alloc" as const, { free: index }]).flat();
  expect(constructorCalls(steps, 1000, 8)).toEqual({ cached: 4, uncached: 1000 });
});
