import { describe, expect, it } from "vitest";
import { BadData, type Json } from "./data-set";
import { forkCow } from "./fork";

/** Parent writes page 0, forks; the child copies, the parent reuses, both end. Written by hand from the rules of the data set. */
const ops: Json[] = [
  ["r", 0, 1, 1, "Z"],
  ["w", 0, 0, 1, 0],
  ["fork", 0, 1],
  ["r", 1, 0, 0, 0],
  ["r", 1, 1, 0, "Z"],
  ["w", 1, 0, 1, 1],
  ["w", 0, 0, 1, 0],
  ["fork", 1, 2],
  ["exit", 1],
  ["w", 2, 0, 1, 1],
  ["dontneed", 0, 0, 2],
  ["fork", 0, 3],
];
const sums = { shared_clean_kb: 0, shared_dirty_kb: 0, private_clean_kb: 0 };
const final: Json[] = [
  { proc: 0, rss_kb: 0, pss_kb: 0, ...sums, private_dirty_kb: 0, anonymous_kb: 0, frames: [null, null] },
  { proc: 2, rss_kb: 4, pss_kb: 4, ...sums, private_dirty_kb: 4, anonymous_kb: 4, frames: [1, "Z"] },
  { proc: 3, rss_kb: 0, pss_kb: 0, ...sums, private_dirty_kb: 0, anonymous_kb: 0, frames: [null, null] },
];
const run = (trace: Json) => [...forkCow({ traces: [trace] })];
const trace = (change: (copy: Json[]) => void = () => {}): Json => {
  const copy: Json[] = structuredClone(ops);
  change(copy);
  return { pages: 2, seed: 1, ops: copy, final };
};

describe("fork_cow", () => {
  it("agrees with the rules of the data set", () => {
    expect(run(trace())).toEqual([{ name: "trace 0 (2 pages, seed 1)", difference: null }]);
  });

  it("notices a copy that was none, a fault too many and a sum that is off", () => {
    const copied = trace((copy) => copy.splice(6, 1, ["w", 0, 0, 1, 2]));
    expect(run(copied)[0]!.difference).toMatchObject({
      expected: 2,
      actual: 0,
      at: expect.stringMatching(/^op 6 .*frame$/),
    });
    const faulted = trace((copy) => copy.splice(3, 1, ["r", 1, 0, 1, 0]));
    expect(run(faulted)[0]!.difference).toMatchObject({ expected: 1, actual: 0 });
    const other = { pages: 2, seed: 1, ops, final: [{ proc: 0, rss_kb: 4 }] };
    expect(run(other)[0]!.difference).toMatchObject({ at: "at the end: process 0, rss_kb", expected: 4, actual: 0 });
  });

  it("refuses what it cannot understand", () => {
    for (const bad of [["w", 7, 0, 1, 0], ["w", 0, 2, 1, 0], ["jump", 0], ["fork", 0, 0], "w", ["w", 0.5, 0, 1, 0]])
      expect(() => run(trace((copy) => copy.push(bad)))).toThrow(BadData);
    expect(() => run({ pages: 0, ops: [], final: [] })).toThrow(BadData);
    expect(() => run(null)).toThrow(BadData);
  });
});
