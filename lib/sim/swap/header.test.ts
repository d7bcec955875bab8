// Worked examples: domain.md 10.1; Linux 2.6.11 mm/swapfile.c (sys_swapon), linux/swap.h.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SWAP_BADPAGES, mkswap, parseSwapHeader } from "./header";

const headerOf = (pages: number, bad: readonly number[] = []) => {
  const page = new Uint8Array(4096);
  mkswap(page, pages, bad);
  return page;
};
const changed = (at: number, value: number) => {
  const page = headerOf(100);
  new DataView(page.buffer).setUint32(at, value, true);
  return page;
};

describe("the header of a swap area", () => {
  test("a device of N pages has slots 1..N-2", () => {
    expect(parseSwapHeader(headerOf(20), 20, "twoLevel")).toEqual({ max: 19, pages: 18, badPages: [] });
    expect(parseSwapHeader(headerOf(20, [3, 9]), 20, "twoLevel")).toEqual({ max: 19, pages: 16, badPages: [3, 9] });
  });

  test("637 bad pages fit", () => {
    expect(MAX_SWAP_BADPAGES).toBe(637);
    expect(() => mkswap(new Uint8Array(4096), 1000, Array(638).fill(1))).toThrow(RangeError);
  });

  test("a slot must fit a page table entry", () => {
    const page = headerOf(2 ** 28);
    expect(parseSwapHeader(page, 0, "twoLevel")).toMatchObject({ max: 2 ** 24 - 2, pages: 2 ** 28 - 2 });
    expect(parseSwapHeader(page, 0, "pae")).toMatchObject({ max: 2 ** 27 - 2 });
  });

  test.each([
    ["no-signature", new Uint8Array(4096)],
    ["old-version", headerOf(100).fill(0x53, 4086)],
    ["version", changed(1024, 2)],
    ["too-many-bad", changed(1032, 638)],
    ["bad-page-number", changed(1032, 1)],
    ["too-short", changed(1028, 101)],
    ["empty", changed(1028, 1)],
  ] as const)("refuses: %s", (why, page) => {
    if (why === "old-version")
      for (const [at, byte] of [..."SWAP-SPACE"].entries()) page[4086 + at] = byte.charCodeAt(0);
    expect(parseSwapHeader(page, 100, "twoLevel")).toBe(why);
  });

  test("any bytes give an answer", () => {
    const bytes = fc.uint8Array({ minLength: 4096, maxLength: 4096 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (page, signed) => {
        if (signed) mkswap(page.subarray(0), 50);
        const answer = parseSwapHeader(page, 50, "twoLevel");
        expect(typeof answer === "string" || answer.max < 50).toBe(true);
      }),
      { seed: 5, numRuns: 40 },
    );
  });
});
