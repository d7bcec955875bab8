import { describe, expect, it } from "vitest";
import { replay } from "@/lib/slots/buddy-replay";
import { compare, sameValue } from "./compare";
import { canonical } from "./json";

const state = replay({ pages: 16, init: "one-block", pcp: { batch: 1 } }, [{ op: "alloc", order: 2, id: "a" }])
  .states[1]!;

describe("compare", () => {
  it("finds nothing between equal states", () => {
    expect(compare(state, structuredClone(state))).toEqual([]);
  });

  it("names every field as the kernel does", () => {
    const hot = { ...state.pcp!.hot, count: 7, list: [3] };
    const actual = {
      ...state,
      freePages: 11,
      nrFree: state.nrFree.with(2, 2),
      freeLists: state.freeLists.with(3, [8, 12]),
      pcp: { ...state.pcp!, hot },
      marks: [
        { pfn: 4, order: 1 },
        { pfn: 9, order: 0 },
      ],
    };
    expect(compare(state, actual)).toEqual([
      { path: "zone.freePages", expected: 12, actual: 11 },
      { path: "zone.freeArea[2].nrFree", expected: 1, actual: 2 },
      { path: "zone.freeArea[3].freeList", expected: [8], actual: [8, 12] },
      { path: "zone.pageset.hot.count", expected: 0, actual: 7 },
      { path: "zone.pageset.hot.list", expected: [], actual: [3] },
      { path: "page[4].private", expected: 2, actual: 1 },
      { path: "page[8].flags", expected: "PG_private", actual: "" },
      { path: "page[9].flags", expected: "", actual: "PG_private" },
    ]);
  });

  it("stops after 20 fields", () => {
    const marks = Array.from({ length: 16 }, (_, pfn) => ({ pfn, order: 9 }));
    const actual = { ...state, freePages: 0, marks, nrFree: state.nrFree.map((n) => n + 1) };
    expect(compare(state, actual)).toHaveLength(20);
  });
});

describe("sameValue", () => {
  it("accepts rounding, and nothing else", () => {
    expect(sameValue(0.1 + 0.2, 0.3)).toBe(true);
    expect(sameValue(50, 49.99999999999999)).toBe(true);
    expect(sameValue(1, 1.001)).toBe(false);
    expect(sameValue(4294967295, 4294967294)).toBe(false);
    expect(sameValue(null, 0)).toBe(false);
    expect(sameValue([1, { a: 2 }], [1, { a: 2 }])).toBe(true);
    expect(sameValue([1, 2], [1])).toBe(false);
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameValue("1", 1)).toBe(false);
  });
});

describe("canonical", () => {
  it("spells equal values alike, whatever the order of their keys", () => {
    expect(canonical({ b: [1, null], a: { d: true, c: "x" } })).toBe('{"a":{"c":"x","d":true},"b":[1,null]}');
    expect(canonical({ a: undefined, b: 1 })).toBe(canonical({ b: 1 }));
  });
});
