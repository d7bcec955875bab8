import { describe, expect, it } from "vitest";
import { createKernel } from "../create-kernel";
import { intSqrt } from "../int-sqrt";
import { KernelBug } from "../kernel-bug";
import { pcpBatch18, pcpMarksFor } from "../pcp";
import { GFP_HIGHUSER, gfpNames } from "./gfp";
import { defaultMinFreeKbytes, lowmemReserve, minFreeKbytes, setMinFreeKbytes, watermarks } from "./watermarks";
import { buildZonelists, zonelistOf } from "./zonelist";

/** domain.md A.1: pages, min_free_kbytes, marks of DMA and Normal, reserve of DMA and Normal against HighMem. */
const golden = [
  [[4096, 0, 0], 512, [128, 160, 192], [0, 0, 0], [0, 0]],
  [[4096, 4096, 0], 724, [90, 112, 135], [90, 112, 135], [16, 0]],
  [[4096, 12288, 0], 1024, [64, 80, 96], [192, 240, 288], [48, 0]],
  [[4096, 28672, 0], 1448, [45, 56, 67], [316, 395, 474], [112, 0]],
  [[4096, 61440, 0], 2048, [32, 40, 48], [480, 600, 720], [240, 0]],
  [[4096, 126976, 0], 2896, [22, 27, 33], [701, 876, 1051], [496, 0]],
  [[4096, 225280, 0], 3831, [17, 21, 25], [939, 1173, 1408], [880, 0]],
  [[4096, 225280, 32768], 3831, [17, 21, 25], [939, 1173, 1408], [1008, 1024]],
  [[4096, 225280, 294912], 3831, [17, 21, 25], [939, 1173, 1408], [2032, 9216]],
  [[4096, 225280, 819200], 3831, [17, 21, 25], [939, 1173, 1408], [4080, 25600]],
] as const;

describe("marks and reserves (2.6.11 setup_per_zone_pages_min; domain.md A.1)", () => {
  it.each(golden)("of zones %j", (pages, minFree, dma, normal, reserve) => {
    expect(defaultMinFreeKbytes(pages[0] + pages[1])).toBe(minFree);
    const marks = watermarks(pages, minFree);
    expect(marks.map(({ min, low, high }) => [min, low, high]).slice(0, 2)).toEqual([dma, normal]);
    const reserves = lowmemReserve(pages);
    expect([reserves[0]![2], reserves[1]![2]]).toEqual(reserve);
    expect(reserves[2]).toEqual([0, 0, 0]);
  });

  it("limits the marks of HighMem to 32 and 128 pages", () => {
    expect(watermarks([4096, 0, 0], 512)[2]).toEqual({ min: 32, low: 40, high: 48 });
    expect(watermarks([4096, 225280, 819200], 3831)[2]).toEqual({ min: 128, low: 160, high: 192 });
  });

  it("limits min_free_kbytes to 128 and 65536", () => {
    expect(defaultMinFreeKbytes(100)).toBe(128);
    expect(defaultMinFreeKbytes(2 ** 27)).toBe(65536);
  });

  it("widens the gaps of 2.6.18 for HighMem", () => {
    const [, normal, highmem] = watermarks([4096, 225280, 32768], 3831, "2.6.18");
    expect(normal).toEqual({ min: 939, low: 939 + 234, high: 939 + 469 });
    expect(highmem).toEqual({ min: 32, low: 32 + 34, high: 32 + 68 });
  });

  it("writing min_free_kbytes moves the marks and not the reserves", () => {
    const k = createKernel({ boot: { kind: "zones", pages: [4096, 4096, 0] }, slab: "off" });
    expect(minFreeKbytes(k)).toBe(724);
    setMinFreeKbytes(k, 8192);
    expect(watermarks([4096, 4096, 0], 8192)[0]).toEqual({ min: 1024, low: 1280, high: 1536 });
    expect(k.memory.u32[(k.zones[0].zone + 4) >>> 2]).toBe(1024);
  });
});

describe("intSqrt (2.6.11 int_sqrt)", () => {
  it("is the floor of the root, at squares and one below", () => {
    for (const root of [0, 1, 2, 3, 255, 256, 65535]) {
      expect(intSqrt(root * root)).toBe(root);
      if (root > 0) expect(intSqrt(root * root - 1)).toBe(root - 1);
    }
    expect(intSqrt(0xffffffff)).toBe(65535);
  });
});

describe("zonelists (2.6.11 build_zonelists)", () => {
  it("leave out zones without pages and refuse DMA together with HIGHMEM", () => {
    const lists = buildZonelists([4096, 0, 100]);
    expect(lists.slice(0, 3)).toEqual([[0], [0], [2, 0]]);
    expect(zonelistOf(lists, GFP_HIGHUSER)).toEqual([2, 0]);
    expect(() => zonelistOf(lists, 3)).toThrow(KernelBug);
    expect(gfpNames(GFP_HIGHUSER)).toEqual(["__GFP_HIGHMEM", "__GFP_WAIT", "__GFP_IO", "__GFP_FS"]);
  });
});

describe("per-CPU marks of 2.6.18 (zone_batchsize, setup_pageset)", () => {
  it.each([
    [1024 * 200, 31],
    [1024 * 32, 7],
    [1024 * 4, 0],
    [4096 * 32, 31],
  ])("a zone of %i pages moves %i at a time", (pages, batch) => expect(pcpBatch18(pages)).toBe(batch));

  it("have no low mark", () => {
    expect(pcpMarksFor(1024 * 200, "2.6.18")).toEqual({
      hot: { low: 0, high: 186, batch: 31 },
      cold: { low: 0, high: 62, batch: 15 },
    });
  });
});
