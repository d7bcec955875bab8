import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArrayModel } from "./array-model";
import { buddyOf, parentOf } from "./buddy";
import { bootBuddyMachine } from "./buddy-machine";
import { checkZone } from "./check-zone";
import { KernelBug } from "./kernel-bug";
import { type BuddyConfig, type BuddyMachine, pageToPfn, pfnToPage, type ZoneInit } from "./machine";
import { observeBuddy } from "./observe-buddy";

const take = (m: BuddyMachine, order: number) => {
  const page = m.ops.rmqueue(m, m.zone, order);
  return page === 0 ? null : pageToPfn(m, page);
};
const give = (m: BuddyMachine, pfn: number, order: number) => m.ops.freePagesBulk(m, m.zone, pfnToPage(m, pfn), order);

/** The non-empty lists, as domain.md A.4 writes them. */
function lists(m: BuddyMachine): Record<number, readonly number[]> {
  const { freeLists } = observeBuddy(m, []);
  return Object.fromEntries([...freeLists.entries()].filter(([, blocks]) => blocks.length > 0));
}

describe("the buddy allocator on the worked examples of domain.md A.4", () => {
  it("splits from the low end and merges back to one block (sequence 1)", () => {
    const m = bootBuddyMachine({ pages: 16, init: "one-block" });
    expect(take(m, 0)).toBe(0);
    expect(lists(m)).toEqual({ 0: [1], 1: [2], 2: [4], 3: [8] });
    expect(take(m, 0)).toBe(1);
    expect(lists(m)).toEqual({ 1: [2], 2: [4], 3: [8] });
    expect(take(m, 1)).toBe(2);
    expect(lists(m)).toEqual({ 2: [4], 3: [8] });
    expect(take(m, 2)).toBe(4);
    expect(lists(m)).toEqual({ 3: [8] });
    expect(take(m, 0)).toBe(8);
    expect(lists(m)).toEqual({ 0: [9], 1: [10], 2: [12] });
    give(m, 1, 0);
    expect(lists(m)).toEqual({ 0: [1, 9], 1: [10], 2: [12] });
    give(m, 8, 0);
    expect(lists(m)).toEqual({ 0: [1], 3: [8] });
    give(m, 0, 0);
    expect(lists(m)).toEqual({ 1: [0], 3: [8] });
    give(m, 2, 1);
    expect(lists(m)).toEqual({ 2: [0], 3: [8] });
    give(m, 4, 2);
    expect(lists(m)).toEqual({ 4: [0] });
  });

  it.each<ZoneInit>(["pages_asc", "pages_desc", "one-block"])(
    "leaves blocks of 8, 4 and 1 in a zone of 13 pages freed as %s (sequence 2)",
    (init) => expect(lists(bootBuddyMachine({ pages: 13, init }))).toEqual({ 0: [12], 2: [8], 3: [0] }),
  );

  it("serves last in, first out (sequence 3)", () => {
    const m = bootBuddyMachine({ pages: 8, init: "one-block" });
    expect([take(m, 0), take(m, 0), take(m, 0), take(m, 0)]).toEqual([0, 1, 2, 3]);
    expect(lists(m)).toEqual({ 2: [4] });
    give(m, 0, 0);
    expect(lists(m)).toEqual({ 0: [0], 2: [4] });
    give(m, 2, 0);
    expect(lists(m)).toEqual({ 0: [2, 0], 2: [4] });
    give(m, 1, 0);
    expect(lists(m)).toEqual({ 0: [2], 1: [0], 2: [4] });
  });
});

describe("the buddy allocator against an allocator of plain arrays", () => {
  const configs = fc.record({
    pages: fc.integer({ min: 1, max: 3000 }),
    startPfn: fc.constantFrom(0, 3, 1024),
    init: fc.constantFrom<ZoneInit>("one-block", "boot32", "pages_asc", "pages_desc", "holes"),
  });
  const steps = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ order: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 11 })) }),
      },
      { weight: 2, arbitrary: fc.record({ pick: fc.nat() }) },
    ),
    { maxLength: 80 },
  );

  function bootModel({ pages, init }: BuddyConfig): ArrayModel {
    const model = new ArrayModel(pages);
    const holes = (index: number) => init === "holes" && (index * 7) % 13 === 0;
    const all = Array.from({ length: pages }, (_, index) => index);
    if (init === "pages_desc") all.reverse();
    for (const index of all) if (!holes(index)) model.give(index, 0);
    return model;
  }

  it("agrees on every result and every list in order, keeps all invariants, and everything freed restores the zone", () => {
    fc.assert(
      fc.property(configs, steps, (config, trace) => {
        const m = bootBuddyMachine(config);
        const model = bootModel(config);
        // Freed page by page or block by block, the blocks are the same; only the order of equal ones on a list may differ.
        const sortedLists = () =>
          observeBuddy(m, []).freeLists.map((blocks) => blocks.map((pfn) => pfn - m.startPfn).sort((a, b) => a - b));
        const initial = sortedLists();
        expect(initial).toEqual(model.free.map((blocks) => blocks.toSorted((a, b) => a - b)));
        for (const [order, blocks] of observeBuddy(m, []).freeLists.entries())
          model.free[order] = blocks.map((pfn) => pfn - m.startPfn);

        const held: { pfn: number; order: number }[] = [];
        const release = (index: number) => {
          const [block] = held.splice(index, 1);
          give(m, block!.pfn, block!.order);
          model.give(block!.pfn - m.startPfn, block!.order);
        };
        for (const step of trace) {
          if ("order" in step) {
            const pfn = take(m, step.order);
            const expected = model.take(step.order);
            expect(pfn).toBe(expected === null ? null : expected + m.startPfn);
            if (pfn !== null) held.push({ pfn, order: step.order });
          } else if (held.length > 0) release(step.pick % held.length);
          const state = observeBuddy(m, held);
          expect(state.freeLists).toEqual(model.free.map((blocks) => blocks.map((index) => index + m.startPfn)));
          expect(state.freePages).toBe(model.freePages());
          expect(checkZone(m, held)).toEqual([]);
        }
        while (held.length > 0) release(held.length - 1);
        expect(sortedLists()).toEqual(initial);
      }),
    );
  });
});

describe("the buddy allocator's limits", () => {
  it("never merges blocks of the largest order", () => {
    const m = bootBuddyMachine({ pages: 2048, init: "pages_asc" });
    expect(lists(m)).toEqual({ 10: [1024, 0] });
  });

  it("answers nothing for an order that no list can serve, and for orders above the largest", () => {
    const m = bootBuddyMachine({ pages: 8, init: "one-block" });
    expect([take(m, 4), take(m, 10), take(m, 11), take(m, 40)]).toEqual([null, null, null, null]);
    expect(observeBuddy(m, []).freePages).toBe(8);
  });

  it("stops with a BUG on a block that is misaligned, outside the zone or of an impossible order", () => {
    const m = bootBuddyMachine({ pages: 16, init: "none" });
    expect(() => give(m, 1, 1)).toThrow(
      expect.objectContaining({ code: "misaligned-block", args: { index: 1, order: 1 } }),
    );
    expect(() => give(m, 16, 0)).toThrow(expect.objectContaining({ code: "bad-page-address" }));
    for (const order of [-1, 11, 32])
      expect(() => m.ops.freePagesBulk(m, m.zone, pfnToPage(m, 0), order)).toThrow(KernelBug);
    expect(observeBuddy(m, []).freePages).toBe(0);
  });

  it("does not merge with a reserved page, nor with one that is in use", () => {
    const m = bootBuddyMachine({ pages: 4, init: "holes" });
    expect(lists(m)).toEqual({ 0: [1], 1: [2] });
  });

  it("tells in its events what it did and why it stopped", () => {
    const m = bootBuddyMachine({ pages: 8, startPfn: 8, init: "one-block" });
    m.events = [];
    take(m, 1);
    expect(m.events).toEqual([
      { kind: "take", pfn: 8, order: 1, from: 3 },
      { kind: "split", pfn: 8, order: 3, upper: 12 },
      { kind: "split", pfn: 8, order: 2, upper: 10 },
    ]);
    m.events = [];
    give(m, 8, 1);
    expect(m.events).toEqual([
      { kind: "merge", pfn: 8, buddy: 10, order: 1, parent: 8 },
      { kind: "merge", pfn: 8, buddy: 12, order: 2, parent: 8 },
      { kind: "stop", pfn: 8, order: 3, buddy: 16, reason: "outside-zone" },
      { kind: "insert", pfn: 8, order: 3 },
    ]);
  });

  it("runs a replaced expand inside its own rmqueue", () => {
    const m = bootBuddyMachine({ pages: 8, init: "one-block" });
    const calls: number[][] = [];
    const { expand } = m.ops;
    m.ops.expand = (machine, zone, page, low, high) => {
      calls.push([pageToPfn(machine, page), low, high]);
      return expand(machine, zone, page, low, high);
    };
    take(m, 1);
    expect(calls).toEqual([[0, 1, 3]]);
  });
});

describe("buddyOf and parentOf", () => {
  it("flip and clear one bit of the index (2.6.11 __free_pages_bulk)", () => {
    expect([buddyOf(0, 0), buddyOf(12, 2), buddyOf(8, 3), buddyOf(0, 10)]).toEqual([1, 8, 0, 1024]);
    expect([parentOf(1, 0), parentOf(12, 2), parentOf(24, 3)]).toEqual([0, 8, 16]);
  });

  it("hold for indices beyond 32 bits: a buddy's buddy is the block, both have one parent, which holds both", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 10 }), (block, order) => {
        const index = block * 2 ** order;
        const buddy = buddyOf(index, order);
        expect(buddyOf(buddy, order)).toBe(index);
        expect(Math.abs(buddy - index)).toBe(2 ** order);
        expect(parentOf(index, order)).toBe(Math.min(index, buddy));
        expect(parentOf(buddy, order) % 2 ** (order + 1)).toBe(0);
      }),
    );
  });

  it("refuse an index at which no block of that order starts, and orders that do not exist", () => {
    expect(() => buddyOf(6, 2)).toThrow(expect.objectContaining({ code: "misaligned-block" }));
    expect(() => parentOf(-4, 2)).toThrow(KernelBug);
    expect(() => buddyOf(0, 11)).toThrow(expect.objectContaining({ code: "bad-order" }));
    expect(() => parentOf(0, 0.5)).toThrow(KernelBug);
  });
});
