import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { SLAB_HWCACHE_ALIGN, SLAB_RECLAIM_ACCOUNT } from "./flags";
import { arraySizes, cacheAlign, cacheEstimate, cacheGeometry, colourOffsets, type Geometry } from "./geometry";
import { kmallocClass, kmallocSizes } from "./kmalloc";

const env = (l1: number, breakOrder = 1, bufctl: 2 | 4 = 2) => ({
  header: 24,
  bufctl,
  l1,
  breakOrder,
  offslabLimit: 116,
});
function geometry(size: number, flags = 0, l1 = 128, align = 0): Geometry {
  const found = cacheGeometry(cacheAlign(size, align, flags, l1), env(l1));
  if (found === null) throw new Error("no geometry");
  return found;
}
const row = ({ size, align, order, num, offSlab, slabSize, left, colour, colourOff }: Geometry) =>
  `${size}/${align} order ${order} num ${num} ${offSlab ? "off" : "on"} ${slabSize} left ${left} colours ${colour}x${colourOff}`;

// domain.md A.5, first table: general caches
test.each([
  [32, 128, "32/32 order 0 num 119 on 288 left 0 colours 0x128"],
  [32, 32, "32/32 order 0 num 119 on 288 left 0 colours 0x32"],
  [64, 128, "64/64 order 0 num 61 on 192 left 0 colours 0x128"],
  [64, 64, "64/64 order 0 num 61 on 192 left 0 colours 0x64"],
  [64, 32, "64/32 order 0 num 61 on 160 left 32 colours 1x32"],
  [96, 32, "96/32 order 0 num 41 on 128 left 32 colours 1x32"],
  [128, 128, "128/128 order 0 num 31 on 128 left 0 colours 0x128"],
  [128, 32, "128/32 order 0 num 31 on 96 left 32 colours 1x32"],
  [192, 32, "192/32 order 0 num 20 on 64 left 192 colours 6x32"],
  [192, 64, "192/64 order 0 num 20 on 64 left 192 colours 3x64"],
  [256, 128, "256/128 order 0 num 15 on 128 left 128 colours 1x128"],
  [256, 32, "256/32 order 0 num 15 on 64 left 192 colours 6x32"],
  [512, 128, "512/128 order 0 num 8 off 40 left 0 colours 0x128"],
  [1024, 128, "1024/128 order 0 num 4 off 32 left 0 colours 0x128"],
  [2048, 128, "2048/128 order 0 num 2 off 28 left 0 colours 0x128"],
  [4096, 128, "4096/128 order 0 num 1 off 26 left 0 colours 0x128"],
  [8192, 128, "8192/128 order 1 num 1 off 26 left 0 colours 0x128"],
  [131072, 128, "131072/128 order 5 num 1 off 26 left 0 colours 0x128"],
])("size-%i on lines of %i bytes: %s", (size, l1, expected) => {
  expect(row(geometry(size, SLAB_HWCACHE_ALIGN, l1))).toBe(expected);
});

// domain.md A.5, second list: L1 128
test.each([
  [20, 0, 0, "20/4 order 0 num 185 on 396 left 0 colours 0x128"],
  [40, 0, 0, "40/4 order 0 num 96 on 216 left 40 colours 0x128"],
  [88, 0, 0, "88/4 order 0 num 45 on 116 left 20 colours 0x128"],
  [100, SLAB_HWCACHE_ALIGN, 0, "128/128 order 0 num 31 on 128 left 0 colours 0x128"],
  [136, SLAB_RECLAIM_ACCOUNT, 0, "136/4 order 0 num 29 on 84 left 68 colours 0x128"],
  [340, SLAB_RECLAIM_ACCOUNT, 0, "340/4 order 0 num 11 on 48 left 308 colours 2x128"],
  [400, 0, 0, "400/4 order 0 num 10 on 44 left 52 colours 0x128"],
  [500, 0, 0, "500/4 order 0 num 8 on 40 left 56 colours 0x128"],
  [508, 0, 0, "508/4 order 0 num 7 on 40 left 500 colours 3x128"],
  [512, 0, 0, "512/4 order 0 num 8 off 40 left 0 colours 0x128"],
  [700, SLAB_HWCACHE_ALIGN, 0, "768/128 order 0 num 5 on 128 left 128 colours 1x128"],
  [1360, 0, 0, "1360/4 order 0 num 3 off 30 left 16 colours 0x128"],
  [1400, 0, 0, "1400/4 order 1 num 5 on 36 left 1156 colours 9x128"],
  [2049, 0, 0, "2052/4 order 1 num 3 on 32 left 2004 colours 15x128"],
  [3000, 0, 0, "3000/4 order 1 num 2 on 28 left 2164 colours 16x128"],
  [4096, 0, 4096, "4096/4096 order 0 num 1 off 26 left 0 colours 0x4096"],
])("an object of %i bytes (flags %i, align %i): %s", (size, flags, align, expected) => {
  expect(row(geometry(size, flags, 128, align))).toBe(expected);
});

test("with bufctls of 4 bytes fewer small objects fit (domain.md A.5)", () => {
  const nums = [32, 64, 128, 256].map((size) => {
    const aligned = cacheAlign(size, 0, SLAB_HWCACHE_ALIGN, 128);
    return cacheGeometry(aligned, { ...env(128, 1, 4), offslabLimit: 58 })?.num;
  });
  expect(nums).toEqual([113, 59, 30, 15]);
});

test("a slab without room for one object of the largest order has no geometry", () => {
  expect(cacheGeometry({ size: 131072, align: 262144, flags: 0 }, env(128))).toBeNull();
});

test("objects of the size of step 1 choose their part of a cache line", () => {
  expect(cacheAlign(20, 0, SLAB_HWCACHE_ALIGN, 128).align).toBe(32);
  expect(cacheAlign(20, 64, 0x400, 128)).toEqual({ size: 20, align: 64, flags: 0 });
  expect(cacheAlign(21, 0, 0x400 | 0x10000, 128)).toEqual({ size: 36, align: 4, flags: 0x10400 });
});

describe("cacheEstimate", () => {
  it("finds what counting up from 0 finds", () => {
    const naive = (order: number, size: number, align: number, base: number, extra: number) => {
      const whole = 4096 << order;
      const used = (i: number) => i * size + Math.ceil((base + i * extra) / align) * align;
      let i = 0;
      while (used(i) <= whole) i++;
      return { num: Math.max(0, i - 1), left: whole - used(Math.max(0, i - 1)) };
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 4, max: 131072 }),
        fc.integer({ min: 0, max: 12 }),
        fc.constantFrom(2 as const, 4 as const),
        fc.constantFrom("on-slab" as const, "off-slab" as const),
        (order, size, log, bufctl, placement) => {
          const [base, extra] = placement === "on-slab" ? [24, bufctl] : [0, 0];
          const got = cacheEstimate(order, size, 2 ** log, placement, { header: 24, bufctl });
          expect(got).toEqual(naive(order, size, 2 ** log, base, extra));
        },
      ),
    );
  });
});

test("colours wrap before the largest offset that would fit, unlike Bonwick's", () => {
  expect(colourOffsets(100, 32, 5)).toEqual([0, 32, 64, 0, 32]);
  expect(colourOffsets(31, 32, 3)).toEqual([0, 0, 0]);
  expect(colourOffsets(32, 32, 3)).toEqual([0, 0, 0]);
  expect(colourOffsets(64, 32, 3)).toEqual([0, 32, 0]);
});

test("arrays are shorter for larger objects and in debugging kernels", () => {
  const limits = [256, 257, 1024, 1025, 4096, 4097, 131072, 131073].map(
    (size) => arraySizes(size, "up", "plain").limit,
  );
  expect(limits).toEqual([120, 54, 54, 24, 24, 8, 8, 1]);
  expect(arraySizes(100, "smp", "debug")).toEqual({ limit: 32, batchcount: 16, shared: 8 });
  expect(arraySizes(4097, "smp", "plain")).toEqual({ limit: 8, batchcount: 4, shared: 0 });
});

test("a request goes to the first class that is large enough; 96 and 192 exist for short lines only", () => {
  expect([0, 32, 33, 65, 129, 131072, 131073].map((size) => kmallocClass(size, 128))).toEqual([
    32,
    32,
    64,
    128,
    256,
    131072,
    null,
  ]);
  expect([65, 96, 97, 129, 192].map((size) => kmallocClass(size, 32))).toEqual([96, 96, 128, 192, 192]);
  expect([65, 129, 192].map((size) => kmallocClass(size, 64))).toEqual([128, 192, 192]);
  expect(kmallocSizes(32)).toHaveLength(15);
});
