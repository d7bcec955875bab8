import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemory } from "./memory";
import { freeArea, zone as zoneStruct } from "./structs";
import { type WatermarkRequest, zoneWatermarkOk } from "./watermark";

const ZONE = 64;

function ask(
  nrFree: readonly number[],
  request: Partial<WatermarkRequest>,
  reserve: readonly number[] = [0, 0, 0],
): boolean {
  const memory = createMemory(ZONE + zoneStruct.size);
  const free = nrFree.reduce((sum, count, order) => sum + count * 2 ** order, 0);
  memory.i32[(ZONE + zoneStruct.offset.free_pages) >>> 2] = free;
  for (const [target, pages] of reserve.entries())
    memory.i32[(ZONE + zoneStruct.offset.lowmem_reserve + 4 * target) >>> 2] = pages;
  for (const [order, count] of nrFree.entries())
    memory.i32[(ZONE + zoneStruct.offset.free_area + order * freeArea.size + freeArea.offset.nr_free) >>> 2] = count;
  return zoneWatermarkOk(memory, ZONE, {
    order: 0,
    mark: 0,
    classzoneIdx: 0,
    canTryHarder: false,
    gfpHigh: false,
    ...request,
  });
}

describe("the watermark test (2.6.11 zone_watermark_ok, domain.md 3.5)", () => {
  it("fails exactly at the mark and passes one page above it", () => {
    expect(ask([939], { mark: 939 })).toBe(false);
    expect(ask([940], { mark: 939 })).toBe(true);
  });

  it("lets GFP_ATOMIC go down to three eighths of the mark: 939 becomes 353", () => {
    const atomic = { mark: 939, gfpHigh: true, canTryHarder: true };
    expect([ask([353], atomic), ask([354], atomic)]).toEqual([false, true]);
  });

  it("adds the reserve after the reductions, so it is never relaxed", () => {
    const request = { mark: 100, gfpHigh: true, classzoneIdx: 2 };
    expect([ask([130], request, [0, 0, 80]), ask([131], request, [0, 0, 80])]).toEqual([false, true]);
  });

  it("does not count small blocks for a larger order", () => {
    expect(ask([1000, 0, 0, 0], { order: 3, mark: 10 })).toBe(false);
    expect(ask([1000, 0, 0, 4], { order: 3, mark: 10 })).toBe(true);
  });

  it("is monotonic: more free blocks never turn a yes into a no", () => {
    const counts = fc.array(fc.nat(50), { minLength: 11, maxLength: 11 });
    fc.assert(
      fc.property(counts, fc.nat(10), fc.nat(10), fc.nat(500), (nrFree, more, order, mark) => {
        const richer = nrFree.with(more, nrFree[more]! + 1);
        if (ask(nrFree, { order, mark })) expect(ask(richer, { order, mark })).toBe(true);
      }),
    );
  });
});
