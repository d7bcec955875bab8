import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootBuddyMachine, buddyMachineBytes } from "./buddy-machine";
import { COLD, HOT } from "./constants";
import { type BuddyConfig, type BuddyMachine, pfnToPage } from "./machine";
import { createMemory } from "./memory";
import { observeBuddy, sameBuddy } from "./observe-buddy";
import { allocPages, freePages } from "./page-alloc";
import { page as pageStruct } from "./structs";

const config: BuddyConfig = { pages: 24, startPfn: 8, init: "holes", pcp: { batch: 1 } };

/** The same few steps on any machine: a state with something on every kind of list. */
function bootUsed(): BuddyMachine {
  const m = bootBuddyMachine(config);
  const pages = [allocPages(m, HOT, 0), allocPages(m, COLD, 0), allocPages(m, HOT, 1), allocPages(m, HOT, 0)];
  freePages(m, pages[0]!, 0, HOT);
  freePages(m, pages[1]!, 0, COLD);
  return m;
}

describe("observeBuddy", () => {
  it("decodes lists in order, counters, marks, holes and the blocks that the trace holds", () => {
    const m = bootBuddyMachine({ pages: 16, startPfn: 32, init: "holes" });
    const state = observeBuddy(m, [
      { pfn: 40, order: 0 },
      { pfn: 34, order: 1 },
    ]);
    expect(state).toEqual({
      kind: "buddy",
      startPfn: 32,
      pages: 16,
      freeLists: [[44, 33], [46, 34], [40, 36], [], [], [], [], [], [], [], []],
      nrFree: [2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0],
      freePages: 14,
      pcp: null,
      marks: [
        { pfn: 33, order: 0 },
        { pfn: 34, order: 1 },
        { pfn: 36, order: 2 },
        { pfn: 40, order: 2 },
        { pfn: 44, order: 0 },
        { pfn: 46, order: 1 },
      ],
      allocated: [
        { pfn: 34, order: 1 },
        { pfn: 40, order: 0 },
      ],
      reserved: [32, 45],
      findings: [],
    });
  });
});

describe("sameBuddy", () => {
  it("says what comparing two observations says, for any words changed in either machine", () => {
    const words = buddyMachineBytes(config) / 4;
    const pokes = fc.array(
      fc.record({
        word: fc.nat(words - 1),
        value: fc.oneof(
          fc.nat(12),
          fc.nat({ max: words - 1 }).map((word) => word * 4),
          fc.nat({ max: 0xffffffff }),
          fc.constantFrom(1 << 12, 1 << 11),
        ),
        both: fc.boolean(),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(pokes, (changes) => {
        const [a, b] = [bootUsed(), bootUsed()];
        for (const { word, value, both } of changes) {
          a.memory.u32[word] = value;
          if (both) b.memory.u32[word] = value;
        }
        const [stateA, stateB] = [observeBuddy(a, []), observeBuddy(b, [])];
        const sound = stateA.findings.length === 0 && stateB.findings.length === 0;
        expect(sameBuddy(a, b)).toBe(sound && JSON.stringify(stateA) === JSON.stringify(stateB));
        expect(sameBuddy(b, a)).toBe(sameBuddy(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it("ignores what the contract leaves free: unused fields, links of a page in use, bytes around the machine", () => {
    const memory = createMemory(buddyMachineBytes(config) + 400);
    memory.u8.fill(0xaa);
    const [a, b] = [bootBuddyMachine(config), bootBuddyMachine(config, memory)];
    const [pageA, pageB] = [allocPages(a, HOT, 0), allocPages(b, HOT, 0)];
    expect(pageA).toBe(pageB);
    for (const field of ["mapping", "index", "mapcount", "lru"] as const)
      b.memory.u32[(pageB + pageStruct.offset[field]) >>> 2] = 0x1234;
    b.memory.u32[1] = 7;
    expect(sameBuddy(a, b)).toBe(true);
  });

  it("sees a list whose blocks stand in another order", () => {
    const boot = (first: number, second: number) => {
      const m = bootBuddyMachine({ pages: 16, init: "none" });
      for (const pfn of [first, second]) {
        m.memory.u32[(pfnToPage(m, pfn) + pageStruct.offset.count) >>> 2] = 0;
        m.ops.freePagesBulk(m, m.zone, pfnToPage(m, pfn), 0);
      }
      return m;
    };
    expect(sameBuddy(boot(2, 5), boot(2, 5))).toBe(true);
    expect(sameBuddy(boot(2, 5), boot(5, 2))).toBe(false);
  });
});
