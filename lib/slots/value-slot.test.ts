import { describe, expect, it } from "vitest";
import { createRng } from "@/lib/sim/rng";
import { buddyIndex } from "./buddy-index";
import { functionSlot } from "./function";
import { orderFor } from "./order-for";
import { slotFor, slots } from "./registry";
import type { Value } from "./slot";
import { type CallOp, recordedRun } from "./value-slot";

describe("slots of values", () => {
  it("answer as the kernel does, and stop where it would", () => {
    const run = buddyIndex.start({}, {});
    expect(run.apply({ call: "buddyOf", args: [12, 2] })).toBe(8);
    expect(run.apply({ call: "parentOf", args: [12, 2] })).toBe(8);
    expect(() => run.apply({ call: "buddyOf", args: [3, 1] })).toThrow("misaligned-block");
    const sizes = orderFor.start({}, {});
    expect([1, 4096, 4097, 4194304, 4194305].map((bytes) => sizes.apply({ call: "orderFor", args: [bytes] }))).toEqual([
      0,
      0,
      1,
      10,
      null,
    ]);
    expect(sizes.apply({ call: "internalWaste", args: [66] })).toEqual({ block: 128, waste: 62, percent: 48.4375 });
  });

  it("call the learner's functions, but only the installed ones", () => {
    const implementation = { has: () => true, call: (name: string) => `mine: ${name}` };
    const run = buddyIndex.start({}, { implementation, install: ["parentOf"] });
    expect(run.apply({ call: "parentOf", args: [4, 2] })).toBe("mine: parentOf");
    expect(run.apply({ call: "buddyOf", args: [4, 2] })).toBe(0);
  });

  it("draw calls that their own schema accepts, of every kind they promise", () => {
    const rng = createRng(7919);
    const calls = buddyIndex.generate(rng, {}, { maxOrder: 10, maxIndex: 65536, misalignedPercent: 50 }, 200);
    expect(calls.every((op) => buddyIndex.opSchema.safeParse(op).success)).toBe(true);
    const aligned = ({ args }: CallOp) => Number(args[0]) % 2 ** Number(args[1]) === 0;
    expect(calls.some(aligned) && calls.some((op) => !aligned(op))).toBe(true);
    expect(new Set(calls.map(({ call }) => call)).size).toBe(2);
    const sizes = orderFor
      .generate(rng, {}, { call: "orderFor", max: 4194304, edgePercent: 30 }, 300)
      .map(({ args }) => Number(args[0]));
    expect(sizes.every((bytes) => bytes >= 0 && bytes <= 4194304)).toBe(true);
    expect(sizes.some((bytes) => bytes > 4096 && Number.isInteger(Math.log2(bytes)))).toBe(true);
  });

  it("refuse calls of other functions or with other numbers of arguments", () => {
    expect(buddyIndex.opSchema.safeParse({ call: "expand", args: [1, 2] }).success).toBe(false);
    expect(buddyIndex.opSchema.safeParse({ call: "buddyOf", args: [1] }).success).toBe(false);
  });

  it("simplify towards small numbers, never away from them", () => {
    const simpler = buddyIndex.simplify({ call: "buddyOf", args: [2048, 10] });
    expect(simpler[0]).toEqual({ call: "buddyOf", args: [0, 0] });
    expect(buddyIndex.simplify({ call: "buddyOf", args: [0, 0] })).toEqual([]);
    const shape = { name: "f", params: [{ name: "list", type: "number[]" }], returns: "number" };
    const lists = functionSlot(shape).simplify({ call: "f", args: [[4, 0]] });
    expect(lists.map(({ args }) => args[0])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
  });
});

describe("the function slot", () => {
  const shape = {
    name: "share",
    params: [
      { name: "list", type: "number[]" },
      { name: "k", type: "number" },
    ],
    returns: "number",
  };

  it("draws arguments as the author says", () => {
    const params = { args: [{ list: { int: [0, 3] }, length: [11, 11] }, { pick: [2, 5] }] };
    const slot = functionSlot(shape);
    expect(slot.generatorSchema.safeParse(params).success).toBe(true);
    for (const { args } of slot.generate(createRng(7919), {}, params as unknown as Value, 50)) {
      const [list, k] = args as [number[], number];
      expect(list).toHaveLength(11);
      expect(list.every((n) => n >= 0 && n <= 3) && [2, 5].includes(k)).toBe(true);
    }
    expect(slot.generatorSchema.safeParse({ args: [{ int: [0, 3] }] }).success).toBe(false);
    expect(slot.generatorSchema.safeParse({ args: [{ int: [3, 0] }, { int: [0, 1] }] }).success).toBe(false);
  });

  it("has no answer of its own", () => {
    const op: CallOp = { call: "share", args: [[1], 0] };
    expect(() => functionSlot(shape).start({}, {}).apply(op)).toThrow("author's solution");
    const recorded = recordedRun([0.5]);
    expect(recorded.apply(op as unknown as Value)).toBe(0.5);
    expect(() => recorded.apply(op as unknown as Value)).toThrow("only 1 answers");
  });

  it("refuses types that cannot cross into the sandbox", () => {
    expect(() => functionSlot({ ...shape, returns: "Map" })).toThrow('"Map" is not a return type');
    expect(() => functionSlot({ ...shape, params: [{ name: "z", type: "zone" }] })).toThrow(
      '"zone" is not a parameter type',
    );
  });
});

describe("slotFor", () => {
  it("finds every slot by its id and names the known ones otherwise", () => {
    for (const [id, slot] of Object.entries(slots)) expect(slotFor({ slot: id })).toBe(slot);
    expect(() => slotFor({ slot: "slab" })).toThrow('there is no slot "slab"; known are buddy-index, order-for,');
    expect(() => slotFor({ slot: "function" })).toThrow("exercise.json must say which");
  });
});
