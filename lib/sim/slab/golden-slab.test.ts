// The first table of domain.md A.5, read from the general caches of machines of each cache line: geometry, arrays, free_limit.
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { findCache } from "./chain";
import * as at from "./fields";
import { isOffSlab } from "./geometry";

const boot = (l1: 32 | 64 | 128, smp: boolean) =>
  createKernel({ boot: { kind: "zones", pages: [4096, 8192, 0] }, l1, smp, contents: 4096 });

type Line = "any" | readonly number[];
const any: Line = "any";

/** For which cache lines; `arrays` as limit/batch/shared, the last in batches. The colour step is the line. */
const golden: readonly (readonly [
  size: number,
  lines: Line,
  order: number,
  num: number,
  place: "on" | "off",
  mgmt: number,
  colours: number,
  arrays: string,
  freeLimit: number,
])[] = [
  [32, any, 0, 119, "on", 288, 0, "120/60/8", 239],
  [64, [128, 64], 0, 61, "on", 192, 0, "120/60/8", 181],
  [64, [32], 0, 61, "on", 160, 1, "120/60/8", 181],
  [96, [32], 0, 41, "on", 128, 1, "120/60/8", 161],
  [128, [128], 0, 31, "on", 128, 0, "120/60/8", 151],
  [128, [32], 0, 31, "on", 96, 1, "120/60/8", 151],
  [192, [32], 0, 20, "on", 64, 6, "120/60/8", 140],
  [192, [64], 0, 20, "on", 64, 3, "120/60/8", 140],
  [256, [128], 0, 15, "on", 128, 1, "120/60/8", 135],
  [256, [32], 0, 15, "on", 64, 6, "120/60/8", 135],
  [512, any, 0, 8, "off", 40, 0, "54/27/8", 62],
  [1024, any, 0, 4, "off", 32, 0, "54/27/8", 58],
  [2048, any, 0, 2, "off", 28, 0, "24/12/8", 26],
  [4096, any, 0, 1, "off", 26, 0, "24/12/8", 25],
  [8192, any, 1, 1, "off", 26, 0, "8/4/0", 9],
  [16384, any, 2, 1, "off", 26, 0, "8/4/0", 9],
  [32768, any, 3, 1, "off", 26, 0, "8/4/0", 9],
  [65536, any, 4, 1, "off", 26, 0, "8/4/0", 9],
  [131072, any, 5, 1, "off", 26, 0, "8/4/0", 9],
];

test.each([32, 64, 128] as const)("the general caches for lines of %i bytes on SMP (domain.md A.5)", (l1) => {
  const k = boot(l1, true);
  const w = k.memory.u32;
  for (const [size, lines, order, num, place, mgmt, colours, arrays, freeLimit] of golden) {
    const cache = findCache(k, `size-${size}`);
    if (lines !== "any" && !lines.includes(l1)) continue;
    const c = cache >>> 2;
    const shared = w[(w[c + at.SHARED]! >>> 2) + at.AC_LIMIT]! / w[c + at.CACHE_BATCHCOUNT]!;
    expect({
      size: w[c + at.OBJSIZE],
      order: w[c + at.GFPORDER],
      num: w[c + at.NUM],
      place: isOffSlab(w[c + at.CACHE_FLAGS]!) ? "off" : "on",
      mgmt: w[c + at.SLAB_SIZE],
      colours: w[c + at.COLOUR],
      step: w[c + at.COLOUR_OFF],
      arrays: `${w[c + at.CACHE_LIMIT]}/${w[c + at.CACHE_BATCHCOUNT]}/${shared}`,
      freeLimit: w[c + at.FREE_LIMIT],
    }).toEqual({ size, order, num, place, mgmt, colours, step: l1, arrays, freeLimit });
  }
});

test("descriptors of size-512 lie in size-64, those of size-1024 in size-32; a line decides about 96 and 192 (domain.md A.5)", () => {
  const k = boot(128, false);
  const descriptorsOf = (size: number) => k.memory.u32[(findCache(k, `size-${size}`) >>> 2) + at.SLABP_CACHE];
  expect(descriptorsOf(512)).toBe(findCache(k, "size-64"));
  expect(descriptorsOf(1024)).toBe(findCache(k, "size-32"));
  const exist = (l1: 32 | 64 | 128) => [96, 192].map((size) => findCache(boot(l1, false), `size-${size}`) !== 0);
  expect([exist(32), exist(64), exist(128)]).toEqual([
    [true, true],
    [false, true],
    [false, false],
  ]);
});
