import { expect, test } from "vitest";
import type { PublicExercise } from "@/lib/course/exercise";
import type { Value } from "@/lib/slots/slot";
import { exampleOf, languageOf, parseCase, parseMachineTrace } from "./own-case";

const exercise = (ops: readonly Value[], expected?: readonly Value[]): PublicExercise => ({
  uuid: "u",
  slug: "s",
  chapter: "c",
  kind: "implement",
  slot: "x",
  title: { en: "t", "zh-CN": "t" },
  level: 1,
  minutes: 1,
  points: 1,
  groups: [],
  starter: "",
  version: "v",
  visible: [{ name: "first", group: "g", config: {}, ops, ...(expected ? { expected } : {}) }],
  fuelLimit: 1,
});
const calls = exercise([{ call: "buddyOf", args: [4, 2] }]);

test("an exercise of calls is written as calls, one of a machine as a trace", () => {
  expect(languageOf(calls)).toBe("calls");
  expect(
    languageOf(
      exercise([
        { op: "alloc", order: 1, id: "a" },
        { op: "free", id: "a" },
      ]),
    ),
  ).toBe("trace");
  expect(exampleOf(calls)).toBe("buddyOf(4, 2)");
});

test("no case can be written where only the server knows the answers, or where operations have no text form", () => {
  expect(languageOf(exercise([{ call: "f", args: [1] }], [1]))).toBeNull();
  expect(languageOf(exercise([{ op: "check" }]))).toBeNull();
});

test("calls are read with their arguments; notes and blank lines are passed over", () => {
  expect(parseCase(calls, {}, "buddyOf(12, 2)\n# note\n\nbuddyOf(0, 0); // again").ops).toEqual([
    { call: "buddyOf", args: [12, 2] },
    { call: "buddyOf", args: [0, 0] },
  ]);
});

test("another name, another arity or no JSON is reported at its line", () => {
  for (const wrong of ["buddyOf(1)", "other(1, 2)", "buddyOf(a, b)", "buddyOf"]) {
    expect(parseCase(calls, {}, `buddyOf(1, 2)\n${wrong}`).problem).toMatchObject({
      line: 2,
      key: "workspace.trace.call",
    });
  }
  expect(parseCase(calls, {}, "# nothing").problem?.key).toBe("workspace.trace.empty");
});

test("a trace must be readable and legal on its machine", () => {
  const config = { pages: 8, init: "one-block" };
  expect(parseMachineTrace(config, "a = alloc 1\nfree a").ops).toHaveLength(2);
  expect(parseMachineTrace(config, "a = alloc 1\n\nfree b").problem).toMatchObject({
    line: 3,
    key: "verdict.trace.notInUse",
  });
  expect(parseMachineTrace(config, "a = alok 1").problem?.line).toBe(1);
});
