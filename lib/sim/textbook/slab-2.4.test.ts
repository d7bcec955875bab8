import { expect, test } from "vitest";
import { cpucache24, kmemCacheReap24, type ReapCandidate } from "./slab-2.4";

const plain: ReapCandidate = { noReap: false, grown: false, order: 0, constructed: false, freeSlabs: 0 };
const withFree = (...slabs: number[]) => slabs.map((freeSlabs) => ({ ...plain, freeSlabs }));

test("arrays of 2.4 are longer than those of 2.6.11 (Gorman 8.5)", () => {
  expect([256, 257, 1025, 4097].map((size) => cpucache24(size)?.limit ?? null)).toEqual([252, 124, 60, null]);
});

test("the fullest of ten caches loses half of its free slabs, rounded up (Gorman 8.1.7)", () => {
  expect(kmemCacheReap24(withFree(1, 5, 3), 0)).toEqual({ cache: 1, slabs: 3, next: 0 });
  expect(kmemCacheReap24(withFree(...Array(10).fill(0), 7), 0)).toEqual({ cache: null, slabs: 0, next: 10 });
  expect(kmemCacheReap24(withFree(0, 12, 30), 0)).toEqual({ cache: 1, slabs: 6, next: 2 });
  expect(kmemCacheReap24([], 3)).toEqual({ cache: null, slabs: 0, next: 0 });
});

test("constructed objects and slabs of several pages weigh less, and some caches are passed over", () => {
  const caches = [
    { ...plain, freeSlabs: 5, constructed: true },
    { ...plain, freeSlabs: 9, noReap: true },
    { ...plain, freeSlabs: 9, grown: true },
    { ...plain, freeSlabs: 2, order: 1 },
    { ...plain, freeSlabs: 5 },
  ];
  expect(kmemCacheReap24(caches, 0).cache).toBe(4);
  expect(kmemCacheReap24(caches.slice(0, 4), 0).cache).toBe(0);
});
