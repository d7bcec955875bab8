import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { allocPages } from "../zones/alloc-pages";
import { __GFP_NORETRY, GFP_ATOMIC, GFP_KERNEL, __GFP_NO_GROW as GFP_NO_GROW } from "../zones/gfp";
import { kmemCacheAlloc } from "./alloc";
import { checkSlab } from "./check-slab";
import { kmemCacheCreate } from "./create";
import { kmemCacheFree } from "./free";

// Linux 2.6.11 mm/slab.c (cache_alloc_refill): the array is looked at again after the cache has grown.
test("takes what reclaim left in the array while the cache was growing", () => {
  const k = createKernel({ boot: { kind: "zones", pages: [64, 256, 0] }, highmem: false });
  const cache = kmemCacheCreate(k, { name: "nodes", size: 256, align: 0, flags: 0, ctor: 0, dtor: 0 });
  const held: number[] = [kmemCacheAlloc(k, cache, GFP_KERNEL)];
  // The slab and the array are used up.
  for (let object = held[0]!; object !== 0; object = kmemCacheAlloc(k, cache, GFP_KERNEL | GFP_NO_GROW))
    held.push(object);
  held.shift();
  while (allocPages(k, GFP_ATOMIC, 0) !== 0);
  k.ops.tryToFreePages = () => {
    // A shrinker gives an object of this cache back, and pages.
    kmemCacheFree(k, cache, held.pop()!);
    return 0;
  };
  const last = held.at(-1);
  expect(kmemCacheAlloc(k, cache, GFP_KERNEL | __GFP_NORETRY)).toBe(last);
  expect(checkSlab(k)).toEqual([]);
});
