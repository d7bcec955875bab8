import fc from "fast-check";
import { expect, test } from "vitest";
import { tlbArrayAt, tlbArrayWords, tlbEntries, tlbFill, tlbFind, tlbFlush, tlbInvalidate, tlbReset } from "./tlb";
import { TLB_GLOBAL, type TlbArrayGeometry, tlbPolicies } from "./tlb-structs";

const make = (geometry: TlbArrayGeometry) => {
  const a = tlbArrayAt(geometry, 3);
  const w = new Uint32Array(3 + tlbArrayWords(geometry));
  tlbReset(w, a);
  const access = (vpn: number): boolean => {
    if (tlbFind(w, a, vpn, 0) >= 0) return true;
    tlbFill(w, a, vpn, vpn + 1000, 0, 0);
    return false;
  };
  return { a, w, access };
};

test("LRU is kept within a set, not over the whole array (domain M4)", () => {
  const { access } = make({ entries: 4, ways: 2, policy: "lru" });
  for (const vpn of [0, 2, 1, 0]) access(vpn);
  expect(access(4)).toBe(false);
  expect([access(0), access(1)]).toEqual([true, true]);
  expect(access(2)).toBe(false);
});

test.each(["lru", "fifo"] as const)("%s agrees with a list per set (oracle)", (policy) => {
  fc.assert(
    fc.property(
      fc.constantFrom([1, 4], [2, 2], [4, 4], [3, 2]),
      fc.array(fc.nat(15), { maxLength: 200 }),
      ([sets, ways], pages) => {
        const { access } = make({ entries: sets! * ways!, ways: ways!, policy });
        const lists: number[][] = Array.from({ length: sets! }, () => []);
        for (const vpn of pages) {
          const one = lists[vpn % sets!]!;
          const at = one.indexOf(vpn);
          expect(access(vpn)).toBe(at >= 0);
          if (at >= 0 && policy === "lru") one.splice(at, 1);
          if (at < 0 || policy === "lru") one.push(vpn);
          if (one.length > ways!) one.shift();
        }
      },
    ),
  );
});

test("tree-PLRU never evicts what was used last, and with two ways it is LRU", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 100 }), (pages) => {
      const tree = make({ entries: 8, ways: 8, policy: "plru" });
      for (const [index, vpn] of pages.entries()) {
        tree.access(vpn);
        if (index > 0) expect(tlbFind(tree.w, tree.a, pages[index - 1]!, 0)).toBeGreaterThanOrEqual(0);
        tlbFind(tree.w, tree.a, vpn, 0);
      }
      const [two, lru] = [make({ entries: 8, ways: 2, policy: "plru" }), make({ entries: 8, ways: 2, policy: "lru" })];
      for (const vpn of pages) expect(two.access(vpn)).toBe(lru.access(vpn));
    }),
  );
});

test("tree-PLRU of four ways: after 0 1 2 3 0 the victim is 2, where LRU would take 1", () => {
  const { access, a, w } = make({ entries: 4, ways: 4, policy: "plru" });
  for (const vpn of [0, 1, 2, 3, 0, 4]) access(vpn);
  expect(tlbEntries(w, a).map(({ vpn }) => vpn)).toEqual([0, 1, 4, 3]);
});

test("random repeats itself from the same seed", () => {
  const run = (seed: number) => {
    const { access } = make({ entries: 4, ways: 4, policy: "random", seed });
    return Array.from({ length: 200 }, (_, index) => access((index * 7) % 9));
  };
  expect(run(5)).toEqual(run(5));
  expect(run(5)).not.toEqual(run(6));
});

test.each(tlbPolicies)("no page is ever there twice, %s", (policy) => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 100 }), (pages) => {
      const { access, a, w } = make({ entries: 8, ways: 4, policy });
      for (const vpn of pages) access(vpn);
      const there = tlbEntries(w, a).map(({ vpn }) => vpn);
      expect(new Set(there).size).toBe(there.length);
    }),
  );
});

test("global entries survive a load of CR3 and serve every address space, but not invlpg", () => {
  const { a, w } = make({ entries: 4, ways: 4, policy: "lru" });
  tlbFill(w, a, 1, 1, TLB_GLOBAL, 0);
  tlbFill(w, a, 2, 2, 0, 0);
  tlbFill(w, a, 3, 3, 0, 7);
  expect(tlbFlush(w, a, { keepGlobal: true, asid: 0 })).toBe(1);
  expect([1, 2, 3].map((vpn) => tlbFind(w, a, vpn, 7) >= 0)).toEqual([true, false, true]);
  expect(tlbInvalidate(w, a, 1, 0)).toBe(1);
  expect(tlbFind(w, a, 1, 0)).toBe(-1);
  expect(tlbFlush(w, a, { keepGlobal: false, asid: null })).toBe(1);
});

test("page numbers above 2^32 are told apart", () => {
  const { access } = make({ entries: 4, ways: 4, policy: "lru" });
  expect([access(5), access(2 ** 32 + 5), access(5), access(2 ** 32 + 5)]).toEqual([false, false, true, true]);
});

test("times are numbered anew when the counter is full", () => {
  const { access, a, w } = make({ entries: 3, ways: 3, policy: "lru" });
  for (const vpn of [1, 2, 3]) access(vpn);
  w[a.state] = 0xfffffffe;
  for (const vpn of [1, 2, 4]) access(vpn);
  expect([access(1), access(2), access(3)]).toEqual([true, true, false]);
});

test("shapes that cannot be are refused", () => {
  expect(() => tlbArrayAt({ entries: 10, ways: 4, policy: "lru" }, 0)).toThrow(RangeError);
  expect(() => tlbArrayAt({ entries: 12, ways: 3, policy: "plru" }, 0)).toThrow(RangeError);
});
