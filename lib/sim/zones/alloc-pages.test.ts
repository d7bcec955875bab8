import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkZone } from "../check-zone";
import { COLD, HOT } from "../constants";
import { createKernel, type KernelOptions, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { frameAt, pageToPfn, peekFrame } from "../frames";
import type { Kernel, ZoneIndex } from "../kernel";
import { kernelData } from "../kernel-data";
import { pcpOf } from "../pcp";
import { perCpuPages, zone as zoneStruct } from "../structs";
import { PF_MEMALLOC, TIF_MEMDIE } from "../task-flags";
import { allocPages, freeHotColdPage, freePages, getZeroedPage, zoneIndexOf } from "./alloc-pages";
import {
  __GFP_HIGHMEM,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  GFP_ATOMIC,
  GFP_DMA,
  GFP_HIGHUSER,
  GFP_KERNEL,
  GFP_NOFS,
} from "./gfp";
import { pageZoneNumber } from "./init-zones";
import { zonesData } from "./structs";

/** 4 MiB of DMA, 12 MiB of Normal, 8 MiB of HighMem memory: marks 32/40/48, 96/120/144 and 32/40/48. */
const boot = (options: Partial<KernelOptions> = {}) =>
  createKernel({ boot: { kind: "zones", pages: [1024, 3072, 2048] }, slab: "off", pcp: false, ...options });

const dataWord = (k: Kernel, field: keyof typeof zonesData.offset) =>
  (k.data + kernelData.offset.zones + zonesData.offset[field]) >>> 2;
const zoneWord = (k: Kernel, zone: ZoneIndex, field: keyof typeof zoneStruct.offset) =>
  k.memory.u32[(k.zones[zone].zone + zoneStruct.offset[field]) >>> 2]!;
/** Takes single pages from one zone until only `left` are free. */
function leave(k: Kernel, zone: ZoneIndex, left: number): void {
  const m = k.zones[zone];
  while (zoneWord(k, zone, "free_pages") > left) m.ops.rmqueue(m, m.zone, 0);
}
/** The steps of a request as the tokens of domain.md 16.2. */
function trace(events: readonly SimEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind === "zone-try") return [`${event.pass}:${event.zone}:${event.ok ? "ok" : "fail"}`];
    if (event.kind === "kswapd-wake") return [`wake:${event.zone}`];
    if (event.kind === "direct-reclaim-done") return [`reclaim:${event.freed}`];
    if (event.kind === "call-oom") return ["oom"];
    if (event.kind === "alloc-retry") return ["retry"];
    if (event.kind === "zone-empty") return [`empty:${event.zone}`];
    return event.kind === "alloc-fail" ? ["fail"] : [];
  });
}
function traced(k: Kernel, gfp: number, order = 0): { zone: ZoneIndex | null; steps: string[] } {
  const events: SimEvent[] = [];
  recordEvents(k, events);
  const page = allocPages(k, gfp, order);
  recordEvents(k, null);
  return { zone: page === 0 ? null : zoneIndexOf(k, page), steps: trace(events) };
}

describe("allocPages (2.6.11 __alloc_pages; domain.md 3.6)", () => {
  it("serves from the class zone while it is above pages_low", () => {
    const k = boot();
    expect(traced(k, GFP_KERNEL)).toEqual({ zone: 1, steps: ["low:Normal:ok"] });
    expect(traced(k, GFP_DMA)).toEqual({ zone: 0, steps: ["low:DMA:ok"] });
    expect(traced(k, GFP_HIGHUSER)).toEqual({ zone: 2, steps: ["low:HighMem:ok"] });
  });

  it("falls back before it digs, and keeps the reserve of the lower zone", () => {
    const k = boot();
    leave(k, 2, 40);
    expect(traced(k, GFP_HIGHUSER)).toEqual({ zone: 1, steps: ["low:HighMem:fail", "low:Normal:ok"] });
    expect(zoneWord(k, 1, "lowmem_reserve")).toBe(0);
    // 2048 / 32 pages of Normal are kept from users of high memory.
    leave(k, 1, 120 + 64);
    expect(traced(k, GFP_HIGHUSER).steps.slice(0, 3)).toEqual(["low:HighMem:fail", "low:Normal:fail", "low:DMA:ok"]);
    expect(traced(k, GFP_KERNEL)).toEqual({ zone: 1, steps: ["low:Normal:ok"] });
  });

  it("wakes kswapd for each low zone and goes down to pages_min", () => {
    const k = boot();
    leave(k, 1, 120);
    leave(k, 0, 45);
    const { zone, steps } = traced(k, GFP_KERNEL, 0);
    expect(steps).toEqual(["low:Normal:fail", "low:DMA:fail", "wake:Normal", "min:Normal:ok"]);
    expect(zone).toBe(1);
    expect(k.memory.u32[dataWord(k, "kswapd_awake")]).toBe(1);
    traced(k, GFP_KERNEL, 3);
    expect(k.memory.u32[dataWord(k, "kswapd_max_order")]).toBe(3);
  });

  it("has woken kswapd when it says so: a picture drawn at the event shows it awake", () => {
    const k = boot();
    leave(k, 1, 120);
    leave(k, 0, 45);
    const seen: (readonly [boolean, number])[] = [];
    const events: SimEvent[] = [];
    events.push = (event) => {
      if (event?.kind === "kswapd-wake") seen.push([event.slept, k.memory.u32[dataWord(k, "kswapd_awake")]!]);
      return 0;
    };
    recordEvents(k, events);
    allocPages(k, GFP_KERNEL, 0);
    allocPages(k, GFP_KERNEL, 0);
    expect(seen).toEqual([
      [true, 1],
      [false, 1],
    ]);
  });

  it("lets who cannot wait and is urgent go down to 3/8 of pages_min", () => {
    const k = boot();
    leave(k, 0, 0);
    leave(k, 1, 37);
    expect(traced(k, GFP_ATOMIC).zone).toBe(1);
    expect(zoneWord(k, 1, "free_pages")).toBe(36);
    expect(traced(k, GFP_ATOMIC)).toEqual({
      zone: null,
      steps: ["low:Normal:fail", "low:DMA:fail", "wake:Normal", "wake:DMA", "min:Normal:fail", "min:DMA:fail", "fail"],
    });
  });

  it.each(["PF_MEMALLOC", "TIF_MEMDIE"])(
    "ignores the marks for a task with %s, and fails rather than reclaim",
    (flag) => {
      const k = boot();
      leave(k, 0, 0);
      leave(k, 1, 1);
      if (flag === "PF_MEMALLOC") k.memory.u32[dataWord(k, "init_flags")] = PF_MEMALLOC;
      else k.memory.u32[dataWord(k, "init_thread_flags")] = TIF_MEMDIE;
      expect(traced(k, GFP_KERNEL).steps.slice(-1)).toEqual(["nomark:Normal:ok"]);
      expect(traced(k, GFP_KERNEL).steps.slice(-5)).toEqual([
        "nomark:Normal:ok",
        "empty:Normal",
        "nomark:DMA:ok",
        "empty:DMA",
        "fail",
      ]);
    },
  );

  it("reclaims with PF_MEMALLOC set, then tries pages_min again", () => {
    const k = boot();
    leave(k, 0, 0);
    leave(k, 1, 10);
    const held = Array.from({ length: 200 }, (_, index) => k.memMap + (1024 + index) * 32);
    k.ops.tryToFreePages = (machine) => {
      expect(machine.memory.u32[dataWord(machine, "init_flags")]! & PF_MEMALLOC).not.toBe(0);
      for (const page of held) machine.zones[1].ops.freePagesBulk(machine.zones[1], machine.zones[1].zone, page, 0);
      return held.length;
    };
    const { zone, steps } = traced(k, GFP_KERNEL);
    expect(steps.slice(-2)).toEqual(["reclaim:200", "min:Normal:ok"]);
    expect(zone).toBe(1);
    expect(k.memory.u32[dataWord(k, "init_flags")]).toBe(0);
  });

  it("calls the OOM killer only after pass D, and starts over", () => {
    const k = boot();
    leave(k, 0, 0);
    leave(k, 1, 10);
    const page = k.memMap + 2048 * 32;
    k.ops.tryToFreePages = () => 0;
    k.ops.outOfMemory = (machine) => {
      for (let index = 0; index < 300; index++)
        machine.zones[1].ops.freePagesBulk(machine.zones[1], machine.zones[1].zone, page + index * 32, 0);
    };
    const { steps } = traced(k, GFP_KERNEL);
    expect(steps.slice(-5)).toEqual(["reclaim:0", "high:Normal:fail", "high:DMA:fail", "oom", "low:Normal:ok"]);
  });

  it("does not call the OOM killer for NOFS; NORETRY and large orders fail after one round", () => {
    const k = boot();
    leave(k, 0, 0);
    leave(k, 1, 10);
    let kills = 0;
    k.ops.tryToFreePages = () => 0;
    k.ops.outOfMemory = () => {
      kills++;
    };
    expect(traced(k, GFP_KERNEL | __GFP_NORETRY).steps.slice(-2)).toEqual(["reclaim:0", "fail"]);
    expect(traced(k, GFP_NOFS, 4).steps.slice(-2)).toEqual(["reclaim:0", "fail"]);
    expect(() => allocPages(k, GFP_NOFS, 0)).toThrow("memory-deadlock");
    expect(() => allocPages(k, GFP_NOFS | __GFP_NOFAIL, 5)).toThrow("memory-deadlock");
    expect(kills).toBe(0);
    expect(() => allocPages(k, GFP_KERNEL, 5)).toThrow("memory-deadlock");
    expect(kills).toBeGreaterThan(1);
  });

  it("answers nothing for order 11, refuses DMA with HIGHMEM, and fails when told to", () => {
    const k = boot();
    expect(allocPages(k, GFP_KERNEL, 11)).toBe(0);
    expect(() => allocPages(k, GFP_DMA | __GFP_HIGHMEM, 0)).toThrow("bad-gfp");
    k.memory.u32[dataWord(k, "fail_countdown")] = 2;
    expect(allocPages(k, GFP_KERNEL, 0)).not.toBe(0);
    expect(allocPages(k, GFP_KERNEL, 0)).toBe(0);
    expect(allocPages(k, GFP_KERNEL, 0)).not.toBe(0);
  });

  it("never leaves a zone at or below the limit of the pass that served it", () => {
    const sizes = fc.tuple(fc.integer({ min: 64, max: 600 }), fc.nat(600), fc.nat(600));
    const request = fc.tuple(fc.constantFrom(GFP_ATOMIC, GFP_HIGHUSER | __GFP_NORETRY, GFP_DMA), fc.nat(3));
    fc.assert(
      fc.property(sizes, fc.array(request, { maxLength: 200 }), (pages, requests) => {
        const k = createKernel({ boot: { kind: "zones", pages }, slab: "off", pcp: false });
        const events: SimEvent[] = [];
        recordEvents(k, events);
        for (const [gfp, order] of requests) {
          events.length = 0;
          const page = allocPages(k, gfp, order);
          if (page === 0) continue;
          const zone = zoneIndexOf(k, page);
          const served = events.findLast((event) => event.kind === "zone-try");
          if (served?.kind !== "zone-try") throw new Error("no zone was asked");
          expect(pageZoneNumber(k, page)).toBe(zone);
          expect(zone).toBeLessThanOrEqual((gfp & 2) !== 0 ? 2 : (gfp & 1) !== 0 ? 0 : 1);
          expect(zoneWord(k, zone, "free_pages") + 1).toBeGreaterThan(served.mark + served.reserve);
        }
        recordEvents(k, null);
        expect(k.zones.flatMap((each) => checkZone(each))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("freePages of the whole machine", () => {
  it("refuses addresses that are no pages, wrong orders and double frees, and drops nothing", () => {
    const k = boot();
    const page = allocPages(k, GFP_KERNEL, 0);
    frameAt(k, pageToPfn(k, page));
    for (const address of [0, 7, page + 4, k.memMap - 32, k.frameTable, 0xfffffff0])
      expect(() => freePages(k, address, 0)).toThrow("bad-page-address");
    expect(() => freeHotColdPage(k, page + 1, HOT)).toThrow("bad-page-address");
    expect(() => freePages(k, page, 11)).toThrow("bad-order");
    expect(() => freePages(k, page + 32, 0)).toThrow("double-free");
    expect(peekFrame(k, pageToPfn(k, page))).not.toBe(0);
    expect(allocPages(k, GFP_KERNEL, -1)).toBe(0);
  });

  it("ends although a replaced step claims progress for ever", () => {
    const k = boot();
    leave(k, 0, 0);
    leave(k, 1, 10);
    k.ops.tryToFreePages = () => 1;
    expect(() => allocPages(k, GFP_KERNEL, 0)).toThrow("memory-deadlock");
  });
});

describe("contents of pages", () => {
  it("getZeroedPage gives zeros, and no high memory", () => {
    const k = boot();
    const first = getZeroedPage(k, GFP_KERNEL);
    k.memory.u32.fill(7, first >>> 2, (first >>> 2) + 1024);
    freePages(k, k.memMap + k.memory.u32[(k.contentsOwner >>> 2) + ((first - k.contents) >>> 12)]! * 32, 0);
    const again = getZeroedPage(k, GFP_KERNEL);
    expect(k.memory.u32.subarray(again >>> 2, (again >>> 2) + 1024).every((word) => word === 0)).toBe(true);
    expect(() => getZeroedPage(k, GFP_HIGHUSER)).toThrow("bad-gfp");
  });

  it("stay while somebody else holds the page, and with a reserved page", () => {
    const k = boot();
    const page = allocPages(k, GFP_KERNEL, 0);
    const pfn = pageToPfn(k, page);
    frameAt(k, pfn);
    k.memory.i32[(page + 4) >>> 2] = 2;
    freePages(k, page, 0);
    expect(peekFrame(k, pfn)).not.toBe(0);
    k.memory.u32[page >>> 2]! |= 1 << 11;
    freePages(k, page, 0);
    expect(peekFrame(k, pfn)).not.toBe(0);
  });

  it("freeHotColdPage parks a page without references on the list it names", () => {
    const k = boot({ pcp: true });
    const page = allocPages(k, GFP_KERNEL, 0);
    frameAt(k, pageToPfn(k, page));
    k.memory.i32[(page + 4) >>> 2] = 0;
    freeHotColdPage(k, page, COLD);
    const count = (cold: typeof HOT | typeof COLD) =>
      k.memory.i32[(pcpOf(k.zones[1].zone, cold) + perCpuPages.offset.count) >>> 2];
    expect([count(HOT), count(COLD)]).toEqual([0, 1]);
    expect(peekFrame(k, pageToPfn(k, page))).toBe(0);
  });
});
