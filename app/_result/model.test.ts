import fc from "fast-check";
import { expect, test } from "vitest";
import type { CaseResult, Divergence, Verdict } from "@/lib/grader/verdict";
import { counts, inline, openingStep, placeOf, playables, tree } from "./model";
import { readPlace, writePlace } from "./url-state";

const text = { en: "x", "zh-CN": "x" };
const trace = { config: {}, ops: [1, 2], labels: ["a", "b"] };
const divergence: Divergence = {
  step: 1,
  label: "b",
  returned: null,
  fields: [],
  expected: null,
  actual: null,
  findings: [],
  explanation: null,
};
const result = (part: Partial<CaseResult>): CaseResult => ({
  name: "case",
  group: "one",
  visibility: "visible",
  status: "passed",
  operations: 2,
  fuel: 1,
  divergence: null,
  failure: null,
  trace: null,
  ...part,
});
const verdict = (part: Partial<Verdict>): Verdict => ({
  status: "failed",
  score: 0,
  maxScore: 10,
  groups: [{ id: "one", title: text, weight: 1, passed: false }],
  cases: [],
  firstFailure: null,
  counterexample: null,
  misconception: null,
  failure: null,
  output: { text: "", totalChars: 0 },
  fuel: { used: 0, limit: 1 },
  receipt: null,
  ...part,
});

const failing = verdict({
  cases: [
    result({ name: "fine", trace }),
    result({ name: "skipped", status: "not_run", trace }),
    result({ name: "bad", status: "failed", trace, divergence }),
  ],
  firstFailure: 2,
  counterexample: { trace, divergence, failure: null, from: 30, install: null },
});

test("the first failing case can be stepped through first, then the smallest one, then the others", () => {
  expect(playables(failing).map((p) => p.key)).toEqual(["bad", "smallest", "fine"]);
});

test("a trace opens one step before its divergence, a passing one at its start", () => {
  expect(playables(failing).map(openingStep)).toEqual([1, 1, 0]);
});

test("the tree puts failing cases first, skipped ones last, and the learner's own in a group of their own", () => {
  const groups = tree({ ...failing, cases: [...failing.cases, result({ name: "mine", visibility: "own" })] });
  expect(groups.map((g) => g.cases.map((c) => c.name))).toEqual([["bad", "fine", "skipped"], ["mine"]]);
  expect(counts(failing)).toEqual({ passed: 1, total: 3 });
});

test("a failure of the whole submission points at its line before that of a case", () => {
  const failure = { message: { key: "k", args: {} }, raw: null, functionName: null };
  const inCase = result({ status: "runtime_error", failure: { ...failure, place: { line: 9, column: 1 } } });
  expect(placeOf(verdict({ cases: [inCase], firstFailure: 0 }))?.line).toBe(9);
  expect(placeOf(verdict({ failure: { ...failure, place: { line: 3, column: null } } }))).toEqual({
    line: 3,
    column: null,
  });
});

test("values fit into a chip: lists as arrows, nothing as a sign", () => {
  expect([[4, 8], [], "", "PG_private", 3, null].map(inline)).toEqual(["4 → 8", "∅", "–", "PG_private", "3", "null"]);
});

test("a place survives the URL beside whatever else stands there", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (name, step) => {
      const search = writePlace("?keep=1", { trace: name, step });
      expect(readPlace(search)).toEqual({ trace: name, step });
      expect(new URLSearchParams(search).get("keep")).toBe("1");
    }),
  );
});

test("a URL without a usable place has none", () => {
  for (const search of ["", "?t=", "?t=a&step=-1", "?t=a&step=x", "?step=3"]) expect(readPlace(search)).toBeNull();
});
