import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getOrder, internalWaste, orderFor } from "./order";

describe("getOrder and orderFor", () => {
  it.each([
    [0, 0],
    [1, 0],
    [4096, 0],
    [4097, 1],
    [8192, 1],
    [8193, 2],
    [4 * 2 ** 20, 10],
  ])("%i bytes need order %i (2.6.11 asm-i386/page.h get_order)", (bytes, order) => {
    expect([getOrder(bytes), orderFor(bytes)]).toEqual([order, order]);
  });

  it("no block is large enough for more than 4 MiB", () => {
    expect([orderFor(4 * 2 ** 20 + 1), orderFor(2 ** 40)]).toEqual([null, null]);
    expect(getOrder(4 * 2 ** 20 + 1)).toBe(11);
  });

  it("finds the smallest block that is large enough", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 * 2 ** 20 }), (bytes) => {
        const order = orderFor(bytes)!;
        expect(4096 * 2 ** order).toBeGreaterThanOrEqual(bytes);
        if (order > 0) expect(4096 * 2 ** (order - 1)).toBeLessThan(bytes);
      }),
    );
  });
});

describe("internalWaste", () => {
  it("loses 62 of 128 units, 48.4 %, on a request of 66 (seed notes)", () => {
    expect(internalWaste(66)).toEqual({ block: 128, waste: 62, percent: 48.4375 });
  });

  it("is nothing at a power of two and nearly half right after one", () => {
    expect(internalWaste(1024)).toEqual({ block: 1024, waste: 0, percent: 0 });
    expect(internalWaste(1025)).toEqual({ block: 2048, waste: 1023, percent: (1023 / 2048) * 100 });
    expect([internalWaste(1), internalWaste(0)]).toEqual([
      { block: 1, waste: 0, percent: 0 },
      { block: 0, waste: 0, percent: 0 },
    ]);
  });

  it("is a quarter of the block on average over the sizes of one block", () => {
    const sizes = Array.from({ length: 4096 }, (_, index) => 4097 + index);
    const mean = sizes.reduce((sum, size) => sum + internalWaste(size).percent, 0) / sizes.length;
    expect(mean).toBeCloseTo(25, 1);
  });
});
