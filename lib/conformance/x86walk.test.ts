import { expect, test } from "vitest";
import { BadData, type Json } from "./data-set";
import { replacement } from "./replacement";
import { x86walk } from "./x86walk";

const tests: Json[] = [
  [
    "ur",
    1,
    "ok",
    "0x5123",
    [
      ["0x1080", "A"],
      ["0x2120", "A"],
    ],
  ],
  ["uw", 1, "pf", 7],
  [
    "sw",
    0,
    "ok",
    "0x5123",
    [
      ["0x1080", "A"],
      ["0x2120", "AD"],
    ],
  ],
  [
    "ux",
    0,
    "ok",
    null,
    [
      ["0x1080", "A"],
      ["0x2120", "A"],
    ],
  ],
];
const file = (change: { [key: string]: Json } = {}, rows: Json[] = tests, mode = "i386"): Json => ({
  meta: { mode },
  sets: [
    {
      cr3: "0x1000",
      memory: { "0x1080": "0x2007", "0x2120": "0x5005" },
      accesses: [{ va: "0x8048123", tests: rows }],
      ...change,
    },
  ],
});
const run = (data: Json) => [...x86walk(data, () => "")].map(({ difference }) => difference?.at ?? null);

test("a walk that agrees passes, each access starting from the same memory", () => {
  expect(run(file())).toEqual([null]);
});

test.each([
  [["uw", 1, "pf", 6], "uw, WP 1"],
  [["uw", 1, "ok", "0x5123"], "uw, WP 1"],
  [["ur", 1, "ok", "0x5124", []], "ur, WP 1"],
  [["ur", 1, "ok", "0x5123", []], "ur, WP 1"],
] as [Json[], string][])("a wrong expectation %j is found and named", (row, at) => {
  expect(run(file({}, [row]))).toEqual([at]);
});

test.each([
  file({}, [["ur", 1]]),
  file({}, [["ur", 1, "maybe", 0]]),
  file({}, [["sconstructor", 1, "pf", 0]]),
  file({}, [["ur", "1", "pf", 0]]),
  file({ cr3: 4096 }),
  file({ memory: { "0x1080": "seven" } }),
  file({ accesses: { va: "0x0" } }),
  file({}, tests, "arm"),
  { sets: [] },
  null,
])("a file of another shape is bad data, case %#", (data) => {
  expect(() => run(data)).toThrow(BadData);
});

test("TLB rows of a trace are counted; rows of another shape are bad data", () => {
  const trace = (tlb: Json): Json => ({ traces: [{ trace: "t", misses: {}, hit_hash: {}, tlb }] });
  const count = (tlb: Json) =>
    [...replacement(trace(tlb), () => "I 1\nL 2\nI 1\nS 3\nL 2\n")].map(({ difference }) => difference);
  expect(
    count([
      ["unified", 1, 2, 5, 4, 3],
      ["itlb", 1, 1, 2, 1, 1],
      ["dtlb", 1, 1, 3, 3, 3],
    ]),
  ).toEqual(new Array(6).fill(null));
  expect(count([["itlb", 1, 1, 2, 2, 1]])[0]).toMatchObject({ expected: [2, 2], actual: [2, 1] });
  for (const bad of [[["both", 1, 1, 5, 4, 4]], [["itlb", 0, 1, 2, 1, 1]], [["itlb", 1, 1]], "rows"])
    expect(() => count(bad as Json)).toThrow(BadData);
});
