import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArrayModel } from "./array-model";
import { bootBuddyMachine } from "./buddy-machine";
import { checkZone } from "./check-zone";
import { COLD, HOT } from "./constants";
import { type BuddyMachine, pageToPfn } from "./machine";
import { observeBuddy } from "./observe-buddy";
import { allocPages, freePages } from "./page-alloc";
import { drainPcp, freeHotColdPage18, pcpBatch, pcpMarks } from "./pcp";

const pageOf = (m: BuddyMachine, order = 0) => allocPages(m, HOT, order);
const hot = (m: BuddyMachine) => observeBuddy(m, []).pcp!.hot;

describe("per-CPU lists on the worked examples of domain.md", () => {
  it("refill at the tail, serve from the head and take freed pages at the head (A.4, batch 2)", () => {
    const m = bootBuddyMachine({ pages: 64, init: "one-block", pcp: { batch: 2 } });
    expect(hot(m)).toMatchObject({ low: 4, high: 12, batch: 2 });
    const pages: number[] = [];
    const seen = Array.from({ length: 6 }, () => {
      pages.push(pageOf(m));
      return [hot(m).list, observeBuddy(m, []).freePages];
    });
    expect(pages.map((page) => pageToPfn(m, page))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(seen).toEqual([
      [[1], 62],
      [[2, 3], 60],
      [[3, 4, 5], 58],
      [[4, 5, 6, 7], 56],
      [[5, 6, 7, 8, 9], 54],
      [[6, 7, 8, 9], 54],
    ]);
    for (const page of pages) freePages(m, page, 0);
    expect(hot(m).list).toEqual([5, 4, 3, 2, 1, 0, 6, 7, 8, 9]);
  });

  it("count 15, 30, 45, 44, ... with batch 16, and 81 after a free at 96 (A.4)", () => {
    const m = bootBuddyMachine({ pages: 4096, init: "one-block", pcp: { batch: 16 } });
    const pages: number[] = [];
    const counts = Array.from({ length: 40 }, () => {
      pages.push(pageOf(m));
      return hot(m).count;
    });
    expect(counts.join(" ")).toBe(
      "15 30 45 44 43 42 41 40 39 38 37 36 35 34 33 32 47 46 45 44 43 42 41 40 39 38 37 36 35 34 33 32 47 46 45 44 43 42 41 40",
    );
    while (hot(m).count + pages.length < 97) pages.push(pageOf(m));
    while (hot(m).count < 96) freePages(m, pages.pop()!, 0);
    freePages(m, pages.pop()!, 0);
    expect(hot(m).count).toBe(81);
  });

  it.each([
    [4096, 1],
    [12288, 3],
    [28672, 7],
    [61440, 15],
    [126976, 16],
    [225280, 16],
    [32768, 8],
    [294912, 16],
    [13, 1],
  ])("a zone of %i pages moves %i at a time (A.1; 2.6.11 free_area_init_core)", (pages, batch) => {
    expect(pcpBatch(pages)).toBe(batch);
  });

  it("a cold list refills only when empty and gives back at twice its batch", () => {
    expect(pcpMarks(7)).toEqual({ hot: { low: 14, high: 42, batch: 7 }, cold: { low: 0, high: 14, batch: 7 } });
  });

  it("a request for two pages fails although both buddies are parked", () => {
    const m = bootBuddyMachine({ pages: 2, init: "one-block", pcp: { batch: 1 } });
    const pages = [pageOf(m), pageOf(m)];
    for (const page of pages) freePages(m, page, 0);
    expect(hot(m).list).toEqual([1, 0]);
    expect(pageOf(m, 1)).toBe(0);
    drainPcp(m);
    expect(pageOf(m, 1)).not.toBe(0);
  });
});

describe("per-CPU lists against a model of plain arrays", () => {
  const marks = fc
    .record({
      low: fc.integer({ min: 0, max: 6 }),
      above: fc.integer({ min: 1, max: 6 }),
      batch: fc.integer({ min: 1, max: 7 }),
    })
    .map(({ low, above, batch }) => ({ low, high: low + above, batch }));
  const steps = fc.array(
    fc.record({
      free: fc.boolean(),
      order: fc.constantFrom(0, 0, 0, 0, 1, 2),
      pick: fc.nat(),
      cold: fc.constantFrom(HOT, COLD),
    }),
    { maxLength: 120 },
  );

  it("agrees on every result and every list, accounts for every page, and draining everything restores the zone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), marks, marks, steps, (pages, hotMarks, coldMarks, trace) => {
        const pcp = { hot: hotMarks, cold: coldMarks };
        const m = bootBuddyMachine({ pages, init: "one-block", pcp });
        const model = new ArrayModel(pages, pcp);
        const initial = observeBuddy(m, []);
        for (const [order, blocks] of initial.freeLists.entries()) model.free[order] = [...blocks];

        const held: { pfn: number; page: number; order: number }[] = [];
        for (const { free, order, pick, cold } of trace) {
          const list = cold === COLD ? "cold" : "hot";
          if (free && held.length > 0) {
            const [block] = held.splice(pick % held.length, 1);
            freePages(m, block!.page, block!.order, cold);
            model.release(block!.pfn, block!.order, list);
          } else if (!free) {
            const page = allocPages(m, cold, order);
            expect(page === 0 ? null : pageToPfn(m, page)).toBe(model.alloc(order, list));
            if (page !== 0) held.push({ pfn: pageToPfn(m, page), page, order });
          }
          const state = observeBuddy(m, held);
          expect(state.freeLists).toEqual(model.free);
          expect([state.pcp!.hot.list, state.pcp!.cold.list]).toEqual([model.parked.hot, model.parked.cold]);
          expect(checkZone(m, held)).toEqual([]);
        }
        for (const { page, order } of held) freePages(m, page, order);
        drainPcp(m);
        const sorted = (blocks: readonly (readonly number[])[]) => blocks.map((each) => each.toSorted((a, b) => a - b));
        expect(sorted(observeBuddy(m, []).freeLists)).toEqual(sorted(initial.freeLists));
      }),
    );
  });
});

describe("per-CPU lists and replaced steps", () => {
  it("refill through the machine's rmqueue and drain through its freePagesBulk", () => {
    const m = bootBuddyMachine({
      pages: 16,
      init: "one-block",
      pcp: { hot: { low: 0, high: 2, batch: 2 }, cold: { low: 0, high: 2, batch: 2 } },
    });
    const calls: string[] = [];
    const { rmqueue, freePagesBulk } = m.ops;
    m.ops.rmqueue = (...args) => {
      calls.push("rmqueue");
      return rmqueue(...args);
    };
    m.ops.freePagesBulk = (...args) => {
      calls.push("freePagesBulk");
      freePagesBulk(...args);
    };
    const pages = [pageOf(m), pageOf(m), pageOf(m)];
    expect(calls).toEqual(["rmqueue", "rmqueue", "rmqueue", "rmqueue"]);
    for (const page of pages) freePages(m, page, 0);
    // One page is still parked: the list is full after the first free, the second drains both.
    expect(calls.slice(4)).toEqual(["freePagesBulk", "freePagesBulk"]);
  });

  it("tell their refills and drains", () => {
    const m = bootBuddyMachine({ pages: 4, init: "one-block", pcp: { batch: 2 } });
    m.events = [];
    pageOf(m);
    expect(m.events.filter(({ kind }) => kind !== "take" && kind !== "split")).toEqual([
      { kind: "refill", list: "hot", pages: 2, low: 4, batch: 2 },
      { kind: "pcp-take", list: "hot", pfn: 0, count: 1 },
      { kind: "alloc", order: 0, pfn: 0 },
    ]);
  });
});

describe("per-CPU lists of 2.6.18 (free_hot_cold_page)", () => {
  const boot18 = () => {
    const m = bootBuddyMachine({
      pages: 64,
      init: "one-block",
      pcp: { hot: { low: 0, high: 6, batch: 2 }, cold: { low: 0, high: 2, batch: 1 } },
    });
    m.ops.freeHotColdPage = freeHotColdPage18;
    return m;
  };

  it("are refilled only when they are empty", () => {
    const m = boot18();
    expect([pageOf(m), pageOf(m), pageOf(m)].map((page) => [pageToPfn(m, page)])).toEqual([[0], [1], [2]]);
    expect(hot(m).list).toEqual([3]);
  });

  it("give a batch back as soon as they reach high, the oldest pages first", () => {
    const m = boot18();
    const pages = Array.from({ length: 6 }, () => pageOf(m));
    for (const page of pages.slice(0, 5)) freePages(m, page, 0);
    expect(hot(m).list).toEqual([4, 3, 2, 1, 0]);
    freePages(m, pages[5]!, 0);
    expect(hot(m).list).toEqual([5, 4, 3, 2]);
    expect(checkZone(m)).toEqual([]);
  });
});
