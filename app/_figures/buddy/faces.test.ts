import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { replay } from "@/lib/slots/buddy-replay";
import { locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { readNumbers, sameNumbers } from "../numbers";
import { differingBlocks } from "./blocks";
import { differingFields, differingLists } from "./fields";
import { layoutBuddy } from "./layout";
import { answerBlocks, answerOf, askIn, labelOfLast } from "./question";
import { workload } from "./session";
import { opsFromText } from "./share";
import { sentenceAt, traceOf } from "./trace";

const config: BuddyConfig = { pages: 16, init: "one-block" };
const words = translator("en", "figure");

describe("a prediction", () => {
  // Worked in the lesson: 16 pages; a = 0 (order 1), b = 2 (order 0), so free: 3 (order 0), 4 (order 2), 8 (order 3).
  const run = replay(config, [
    { op: "alloc", order: 1, id: "a" },
    { op: "alloc", order: 0, id: "b" },
    { op: "alloc", order: 1, id: "c" },
  ]);

  it("knows the page that is returned, the block that is taken and a list afterwards", () => {
    expect(answerOf({ ask: "page" }, run)).toEqual([4]);
    expect(answerOf({ ask: "taken" }, run)).toEqual([4]);
    expect(answerBlocks({ ask: "taken" }, run)).toEqual([{ pfn: 4, order: 2 }]);
    expect(answerOf({ ask: "list", order: 1 }, run)).toEqual([6]);
    expect(answerOf({ ask: "list", order: 2 }, run)).toEqual([]);
  });

  it("knows the block that merging leaves", () => {
    const merged = replay(config, [
      { op: "alloc", order: 0, id: "a" },
      { op: "alloc", order: 0, id: "b" },
      { op: "free", id: "a" },
      { op: "free", id: "b" },
    ]);
    expect(answerOf({ ask: "merged" }, merged)).toEqual([0]);
    expect(answerBlocks({ ask: "merged" }, merged)).toEqual([{ pfn: 0, order: 4 }]);
  });

  it("says which page is freed, and names an allocation as it is", () => {
    const ops = opsFromText("1 0 -1")!;
    expect(labelOfLast(replay(config, ops), ops, words)).toBe("free(b), page 2");
    expect(labelOfLast(replay(config, ops.slice(0, 2)), ops.slice(0, 2), words)).toBe("b = alloc(order 0)");
  });

  it("has no page to name for a request that fails", () => {
    const failed = replay({ pages: 1, init: "one-block" }, [{ op: "alloc", order: 1, id: "a" }]);
    expect(answerOf({ ask: "page" }, failed)).toEqual([]);
  });

  it("reads answers with spaces, commas and arrows of either width, and names what is no page", () => {
    expect(readNumbers("12, 4")).toEqual({ numbers: [12, 4] });
    expect(readNumbers("12，4　7")).toEqual({ numbers: [12, 4, 7] });
    expect(readNumbers(" 3 → 1 ")).toEqual({ numbers: [3, 1] });
    expect(readNumbers("")).toEqual({ numbers: [] });
    expect(readNumbers("4 x")).toEqual({ wrong: "x" });
    expect(sameNumbers([1, 2], [2, 1])).toBe(false);
  });

  it.each(locales)("asks in %s", (locale) => {
    const t = translator(locale, "figure");
    for (const question of [{ ask: "page" }, { ask: "taken" }, { ask: "merged" }, { ask: "list", order: 2 }] as const) {
      expect(askIn(question, "free(a)", t)).toContain("free(a)");
    }
  });
});

describe("two machines", () => {
  it("that are the same have no differing block, list or field", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 30 }), (seed, length) => {
        const parked: BuddyConfig = { pages: 64, init: "one-block", pcp: { batch: 2 } };
        const state = replay(parked, workload(parked, seed, length)).states.at(-1)!;
        const copy: BuddyState = structuredClone(state);
        expect(differingBlocks(state, copy)).toEqual([]);
        expect(differingLists(state, copy)).toEqual([]);
        expect(differingFields(state, copy, words)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("differ in a field whenever one machine has done an operation more", () => {
    const states = replay(config, workload(config, 7, 20)).states;
    for (let at = 1; at < states.length; at++) {
      const changed = JSON.stringify(states[at - 1]) !== JSON.stringify(states[at]);
      const fields = differingFields(states[at - 1]!, states[at]!, words);
      expect(fields.length > 0).toBe(changed);
    }
  });

  it("ring the blocks and lists of a merge that one of them has missed", () => {
    const run = replay(config, [
      { op: "alloc", order: 0, id: "a" },
      { op: "alloc", order: 0, id: "b" },
      { op: "free", id: "a" },
      { op: "free", id: "b" },
    ]);
    const expected = run.states.at(-1)!;
    const yours: BuddyState = {
      ...expected,
      freeLists: [[1, 0], [2], [4], [8], [], ...expected.freeLists.slice(5)],
      nrFree: [2, 1, 1, 1, 0, ...expected.nrFree.slice(5)],
    };
    expect(differingLists(expected, yours)).toEqual(["list:0", "list:1", "list:2", "list:3", "list:4"]);
    const differs = differingBlocks(yours, expected);
    expect(differs.map((block) => block.pfn)).toEqual([0, 1, 2, 4, 8]);
    const scene = layoutBuddy(yours, 720, words, { layers: "strip", differs });
    expect(scene.rings.filter((ring) => ring.look === "differs")).toHaveLength(5);
    const lists = layoutBuddy(yours, 400, words, { layers: "lists", differingLists: ["list:0"] });
    expect(lists.rings).toHaveLength(1);
    expect(differingFields(expected, yours, words)[0]).toBe("free list 4: 0 ≠ ∅");
  });
});

describe.each(locales)("a failed request in %s", (locale) => {
  const t = translator(locale, "figure");
  const told = (machine: BuddyConfig, names: string) => {
    const ops = opsFromText(names)!;
    const trace = traceOf(replay(machine, ops));
    return sentenceAt(trace, trace.frames.length - 1, t);
  };

  it("says that what is free is too small, or parked in a per-CPU list", () => {
    const four: BuddyConfig = { pages: 4, init: "one-block" };
    expect(told(four, "0 0 0 0 -0 -2 1")).toContain(t("stepFreeButSmall", { free: 2 }));
    const marks = { low: 0, high: 8, batch: 4 };
    const parked = told({ ...four, pcp: { hot: marks, cold: marks } }, "0 0 0 0 -0 -1 1");
    expect(parked).toContain(t("stepFreeButParked", { count: 2 }));
    expect(parked).not.toContain(t("stepFreeButSmall", { free: 2 }));
  });

  it("says nothing of the kind when the zone is simply full", () => {
    expect(told({ pages: 1, init: "one-block" }, "0 0")).toBe(
      t("stepSaid", { label: "b = alloc(order 0)", sentence: t("stepAllocNone", { order: 0 }) }),
    );
  });
});
