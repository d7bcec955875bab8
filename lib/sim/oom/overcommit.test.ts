// Worked examples: domain.md 11.4; Linux 2.6.11 mm/mmap.c (__vm_enough_memory).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CommitState, enoughMemory } from "./overcommit";

const state = (rest: Partial<CommitState> = {}): CommitState => ({
  committed: 50,
  pageCache: 100,
  freeSwap: 60,
  totalSwap: 200,
  slabReclaimable: 0,
  freeRam: 320,
  totalRam: 1000,
  totalVm: 0,
  ratio: 50,
  ...rest,
});

describe("overcommit", () => {
  test("mode 1 promises everything", () => {
    expect(enoughMemory(state(), 10 ** 6, "user", 1)).toMatchObject({ rc: 0, committed: 1000050 });
  });

  test("mode 0 needs more than is asked for: free memory counts only if the rest is not enough", () => {
    // 160 - 160/32 = 155; 320 - 320/32 = 310
    expect(enoughMemory(state(), 154, "user", 0)).toEqual({ rc: 0, committed: 204, available: 155 });
    expect(enoughMemory(state(), 155, "user", 0)).toEqual({ rc: 0, committed: 205, available: 465 });
    expect(enoughMemory(state(), 464, "user", 0)).toMatchObject({ rc: 0 });
    expect(enoughMemory(state(), 465, "user", 0)).toEqual({ rc: -12, committed: 50, available: 465 });
    expect(enoughMemory(state(), 479, "admin", 0)).toMatchObject({ rc: 0, available: 480 });
    expect(enoughMemory(state(), 480, "admin", 0)).toMatchObject({ rc: -12 });
  });

  test("mode 2 keeps the sum below swap and half of RAM, less for a large process", () => {
    // 500 - 15 + 200 = 685
    expect(enoughMemory(state(), 634, "user", 2)).toEqual({ rc: 0, committed: 684, available: 685 });
    expect(enoughMemory(state(), 635, "user", 2)).toEqual({ rc: -12, committed: 50, available: 685 });
    expect(enoughMemory(state(), 649, "admin", 2)).toMatchObject({ rc: 0, available: 700 });
    expect(enoughMemory(state({ totalVm: 3200 }), 549, "admin", 2)).toMatchObject({ rc: 0, available: 600 });
    expect(enoughMemory(state({ totalVm: 3200 }), 550, "admin", 2)).toMatchObject({ rc: -12 });
  });

  test("a refusal takes back exactly what was charged", () => {
    fc.assert(
      fc.property(
        fc.nat(10 ** 6),
        fc.nat(10 ** 6),
        fc.boolean(),
        fc.constantFrom(0, 2),
        (committed, pages, admin, mode) => {
          const answer = enoughMemory(state({ committed }), pages, admin ? "admin" : "user", mode as 0 | 2);
          expect(answer.committed).toBe(answer.rc === 0 ? committed + pages : committed);
        },
      ),
      { seed: 7 },
    );
  });
});
