import { describe, expect, it } from "vitest";
import { bootBuddyMachine } from "./buddy-machine";
import { HOT } from "./constants";
import { buddyinfoLine, showFreeAreas, unusableFreeIndex } from "./fragmentation";
import { observeBuddy } from "./observe-buddy";
import { allocPages, freePages } from "./page-alloc";

describe("the unusable free index", () => {
  it("is 0 for one whole block and 1 for the same pages freed alternately", () => {
    const m = bootBuddyMachine({ pages: 64, init: "one-block" });
    expect(unusableFreeIndex(observeBuddy(m, []).nrFree, 5)).toBe(0);
    const pages = Array.from({ length: 64 }, () => allocPages(m, HOT, 0));
    for (const [index, page] of pages.entries()) if (index % 2 === 0) freePages(m, page, 0);
    const { nrFree, freePages: free } = observeBuddy(m, []);
    expect(free).toBe(32);
    expect([0, 1, 5].map((order) => unusableFreeIndex(nrFree, order))).toEqual([0, 1, 1]);
  });

  it("weighs blocks by their pages: 3 of 11 free pages lie below order 3", () => {
    expect(unusableFreeIndex([1, 1, 0, 1], 3)).toBeCloseTo(3 / 11);
  });

  it("is 0 where nothing is free", () => {
    expect(unusableFreeIndex(Array(11).fill(0), 4)).toBe(0);
  });
});

describe("the kernel's own reports", () => {
  it("buddyinfo pads the name to 8 and each count to 6, a blank after each", () => {
    expect(buddyinfoLine("DMA", [4, 2, 3, 4, 2, 1, 2, 0, 0, 0, 3])).toBe(
      "Node 0, zone      DMA      4      2      3      4      2      1      2      0      0      0      3 ",
    );
  });

  it("show_free_areas names sizes and the sum in kB", () => {
    expect(showFreeAreas("DMA", [4, 2, 3, 4, 2, 1, 2, 0, 0, 0, 3])).toBe(
      "DMA: 4*4kB 2*8kB 3*16kB 4*32kB 2*64kB 1*128kB 2*256kB 0*512kB 0*1024kB 0*2048kB 3*4096kB = 13264kB",
    );
  });
});
