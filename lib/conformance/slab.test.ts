import { describe, expect, it } from "vitest";
import { adapters } from "./adapters";
import { BadData, type CaseOutcome, type Json } from "./data-set";

const run = (file: string, data: Json): CaseOutcome[] => [
  ...adapters[file]!(data, () => {
    throw new BadData("nothing lies beside");
  }),
];

const constants = { L1: 32, offslab_limit: 116, slab_break_gfp_order: 1 };
const row = [100, 0, "0x2000", 128, 31, 0, 0, 1, 32, 96, 32, 120, 60, 151];
const sizing = (change: { [key: string]: Json }) => ({
  tables: [{ kernel: "2.6.11", memory: "hi", constants, rows: [row], ...change }],
});

describe("slab_sizing.json", () => {
  it("compares every column of a row with the cache that the machine makes", () => {
    expect(run("slab/slab_sizing.json", sizing({}))[0]?.difference).toBeNull();
    const wrong = row.map((value, column) => (column === 4 ? 30 : value));
    expect(run("slab/slab_sizing.json", sizing({ rows: [wrong] }))[0]?.difference).toMatchObject({
      at: "size 100, align 0, flags 0x2000",
    });
  });

  it("fails every row when the machine starts otherwise", () => {
    const [outcome] = run("slab/slab_sizing.json", sizing({ constants: { ...constants, offslab_limit: 58 } }));
    expect(outcome?.difference).toEqual({ at: "offslab_limit after the start", expected: 58, actual: 116 });
  });

  it("leaves other kernels out, with the reason", () => {
    const [outcome] = run("slab/slab_sizing.json", sizing({ kernel: "2.6.20" }));
    expect(outcome?.skipped).toContain("2.6.20");
  });

  it("understands no other shape", () => {
    const wrong: { [key: string]: Json }[] = [
      { rows: [[1, 2, 3]] },
      { memory: "much" },
      { rows: [row.map(String)] },
      { constants: { L1: 48 } },
    ];
    for (const change of wrong) expect(() => run("slab/slab_sizing.json", sizing(change))).toThrow(BadData);
  });
});

/** Two allocations and a free of a cache of four objects, one at a time. */
const trace = {
  size: 992,
  align: 0,
  flags: "0x0",
  objsize: 992,
  num: 4,
  gfporder: 0,
  off_slab: 0,
  colour: 3,
  colour_off: 32,
  slab_size: 32,
  limit: 1,
  batchcount: 1,
  free_limit: 6,
  ops: [
    ["a", [0, 0], 0, { partial: [0], inuse: { "0": 1 }, new: [{ id: 0, s_mem_off: 32 }], ac: [], free_objects: 3 }],
    ["a", [0, 1], 0, { inuse: { "0": 2 }, ac: [], free_objects: 2 }],
    ["f", [0, 0], 1, {}],
    ["shrink", null, 0, { inuse: { "0": 1 }, ac: [], free_objects: 3 }],
  ],
  final: {
    partial: [0],
    full: [],
    free: [],
    ac: [],
    slabs: [{ id: 0, inuse: 1, s_mem_off: 32, free_chain: [0, 2, 3] }],
  },
};
const traced = (change: { [key: string]: Json }) =>
  run("slab/slab_traces_2.6.11.json", { traces: [{ ...trace, ...change }] });

describe("slab_traces_2.6.11.json", () => {
  it("follows a trace to its final chains", () => {
    expect(traced({})[0]?.difference).toBeNull();
  });

  it("notices a wrong chain, a wrong object and a wrong count", () => {
    const slabs = [{ id: 0, inuse: 1, s_mem_off: 32, free_chain: [2, 0, 3] }];
    expect(traced({ final: { ...trace.final, slabs } })[0]?.difference?.at).toBe("at the end: slabs");
    expect(traced({ ops: [["a", [0, 1], 0, {}]] })[0]?.difference?.at).toBe("op 0 a([0,1])");
    const [first] = trace.ops;
    expect(traced({ ops: [[...first!.slice(0, 2), 1, first![3]!]] })[0]?.difference?.at).toContain("avail");
  });

  it("understands no other shape", () => {
    const wrong: { [key: string]: Json }[] = [
      { ops: 7 },
      { ops: [["x", null, 0, {}]] },
      { ops: [["f", [3, 1], 0, {}]] },
      { limit: 0 },
      { batchcount: 2 },
    ];
    for (const change of wrong) expect(() => traced(change)).toThrow(BadData);
  });
});

describe("facts.json", () => {
  const fact = (change: { [key: string]: Json }) =>
    run("papers/facts.json", {
      facts: [{ source: "J. Bonwick, 1994", where: "4.1", data: { hot: 48, stride: 512, percent: 9 }, ...change }],
    });

  it("works a number out, notices a wrong one and says why it leaves others", () => {
    expect(fact({})[0]?.difference).toBeNull();
    expect(fact({ data: { hot: 48, stride: 512, percent: 10 } })[0]?.difference?.at).toBe("percent");
    expect(fact({ where: "5.1 table" })[0]?.skipped).toBe("measured on SPARCstations");
    expect(fact({ source: "Nobody" })[0]?.skipped).toBe("nothing here works this fact out");
    expect(() => fact({ data: 7 })).toThrow(BadData);
  });
});
