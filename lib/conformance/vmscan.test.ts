import { describe, expect, it } from "vitest";
import { BadData, type Json } from "./data-set";
import { lruTraces, swapTendencies } from "./vmscan";

/** Two file pages, one of them used twice; an anonymous page; a scan that frees one and starts the write of another. */
function trace(): { [key: string]: Json } {
  return {
    seed: 1,
    profile: 0,
    total_memory: 300,
    vm_swappiness: 100,
    total_swap_pages: 10,
    ops: [
      ["add_file", 0, 0, 0, { active: [], inactive: [0], flags: { "0": "" } }],
      ["add_file", 1, 0, 1, { inactive: [1, 0], flags: { "1": "D" } }],
      ["access", 0, { flags: { "0": "R" } }],
      ["access", 0, { active: [0], inactive: [1], flags: { "0": "A" } }],
      ["add_anon", 2, 1, 0, { active: [2, 0], flags: { "2": "ARYM1" } }],
      ["shrink_cache", 1, 1, 0, 0, { flags: { "1": "W" } }],
      ["refill", 2, 12, 30, 105, { active: [2], inactive: [0, 1], flags: { "0": "", "2": "AM1" } }],
      ["io_done", 1, { flags: { "1": "" } }],
      ["shrink_cache", 2, 2, 2, 2, { inactive: [], freed: [1, 0], flags: { "0": "freed", "1": "freed" } }],
    ],
  };
}

function differenceIn(changed: { [key: string]: Json }): string | undefined {
  const [outcome] = lruTraces({ traces: [changed] });
  return outcome?.difference?.at;
}

/** The trace with one value changed: at the operation, then along the path. */
function spoil(op: number, change: (operation: Json[]) => void): { [key: string]: Json } {
  const data = trace();
  change((data.ops as Json[][])[op]!);
  return data;
}

describe("a trace of the LRU lists", () => {
  it("agrees when every list, flag, count and order does", () => {
    expect(differenceIn(trace())).toBeUndefined();
  });

  it.each<[what: string, op: number, change: (operation: Json[]) => void, at: string]>([
    [
      "the order of a list",
      1,
      (op) => ((op[4] as { inactive: Json }).inactive = [0, 1]),
      "op 1 add_file 1 0 1: inactive list",
    ],
    ["a flag", 2, (op) => ((op[2] as { flags: Json }).flags = { "0": "" }), "op 2 access 0: flags of page 0"],
    ["the swap tendency", 6, (op) => (op[4] = 104), "op 6 refill 2 12 30 104: swap_tendency"],
    ["the pages scanned", 5, (op) => (op[2] = 2), "op 5 shrink_cache 1 2 0 0: results"],
    ["the pages freed, by counter", 8, (op) => (op[4] = 1), "op 8 shrink_cache 2 2 2 1: results"],
    [
      "the order of freeing",
      8,
      (op) => ((op[5] as { freed: Json }).freed = [0, 1]),
      "op 8 shrink_cache 2 2 2 2: freed",
    ],
  ])("notices a change of %s", (_what, op, change, at) => {
    expect(differenceIn(spoil(op, change))).toBe(at);
  });

  it.each<[what: string, data: Json]>([
    ["an unknown operation", { traces: [spoil(2, (op) => (op[0] = "forget"))] }],
    ["a page that does not exist", { traces: [spoil(2, (op) => (op[1] = 9))] }],
    ["a negative argument", { traces: [spoil(6, (op) => (op[1] = -1))] }],
    ["no delta", { traces: [spoil(0, (op) => op.pop())] }],
    ["no memory", { traces: [{ ...trace(), total_memory: 0 }] }],
    ["no traces", {}],
  ])("refuses %s as data it cannot read", (_what, data) => {
    expect(() => [...lruTraces(data)]).toThrow(BadData);
  });
});

describe("a table of swap tendencies", () => {
  const cases = (...rows: Json[]) => [...swapTendencies({ cases: rows })].map(({ difference }) => difference?.at);

  it("agrees by formula and by a scan, and notices either number", () => {
    expect(cases([1000, 800, 60, 12, 100, 1], [1000, 799, 60, 12, 99, 0])).toEqual([undefined, undefined]);
    expect(cases([1000, 800, 60, 12, 101, 1], [1000, 800, 60, 12, 100, 0])).toEqual(["formula", "formula"]);
    expect(() => cases([0, 1, 60, 12, 100, 1])).toThrow(BadData);
  });
});
