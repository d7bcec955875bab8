import { beforeAll, describe, expect, it } from "vitest";
import type { Exercise } from "@/lib/course/exercise";
import { authorSchemas, staleSchemas } from "./author-schemas";
import { checkExercise } from "./check-exercise";
import { checkProse, partingOf } from "./check-prose";
import { closest, distance } from "./closest";
import { openTestCourse, type TestCourse } from "./testing-course";

let course: TestCourse;
let exercise: Exercise;
beforeAll(async () => {
  course = await openTestCourse();
  const whole = course.exercise("unusable-index");
  // Enough of it to be sound, and quick to check a dozen times.
  const hidden = whole.traces.hidden.filter(({ name }) => name === "counts-pages-not-blocks");
  const mutants = whole.mutants.filter(({ name }) => name === "counts-blocks" || name === "usable-share");
  exercise = { ...whole, mutants, traces: { ...whole.traces, hidden, generated: [] } };
});
const problemsOf = async (changes: Partial<Exercise>) => {
  const version = JSON.stringify(changes);
  return (await checkExercise({ ...exercise, version, ...changes }, course.engine)).problems;
};

describe("checkExercise", () => {
  it("finds nothing wrong with a good exercise, and says which case catches which mutant", async () => {
    const report = await checkExercise(exercise, course.engine);
    expect(report.problems).toEqual([]);
    expect(report.caught["counts-blocks"]).toContain("counts-pages-not-blocks");
    expect(report.fuel.used * 3).toBeLessThan(report.fuel.limit);
  });

  it("refuses a solution that is not right, and a second one that is the same", async () => {
    const wrong = exercise.mutants[0]!.source;
    expect(await problemsOf({ solutions: [exercise.solutions[0]!, wrong] })).toEqual([
      expect.stringMatching(/^solution-2 gets \d+ of 20 points \([\w-]+\): every solution must get all\.$/),
    ]);
    expect((await problemsOf({ solutions: [exercise.solutions[0]!, exercise.solutions[0]!] })).join()).toContain(
      "solution-2 is the same as solution",
    );
  });

  it("refuses a starter that is complete, that crashes or that does not compile", async () => {
    expect(await problemsOf({ starter: exercise.solutions[1]! })).toEqual([
      expect.stringContaining("starter already gets all points"),
    ]);
    const crash = "export function unusableIndex(nrFree: number[], order: number): number { throw new Error('todo'); }";
    expect(await problemsOf({ starter: crash })).toEqual([expect.stringContaining("starter ends with runtime_error")]);
    expect(await problemsOf({ starter: "export function (" })).toEqual([
      expect.stringContaining("starter does not compile"),
    ]);
  });

  it("refuses a mutant that nothing catches, and two that cannot be told apart", async () => {
    const [first] = exercise.mutants;
    const right = { ...first!, name: "not-wrong", source: exercise.solutions[1]! };
    expect(await problemsOf({ mutants: [...exercise.mutants, right] })).toEqual([
      expect.stringContaining("mutants/not-wrong.ts gets all points"),
    ]);
    const twin = { ...first!, name: "twin" };
    expect(await problemsOf({ mutants: [...exercise.mutants, twin] })).toEqual([
      `mutants/twin.ts behaves like mutants/${first!.name}.ts in every case: add a case that tells them apart, or remove one.`,
    ]);
  });

  it("refuses a hidden case that catches nothing, an unknown operation and a group without cases", async () => {
    const { traces, groups } = exercise;
    const idle = {
      ...traces.hidden[0]!,
      name: "idle",
      ops: [{ call: "unusableIndex", args: [[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 2] }],
    };
    const hidden = [...traces.hidden, idle];
    // A block of order 5 serves order 2 in every mutant but the one that counts the usable share.
    const mutants = exercise.mutants.filter(({ name }) => name !== "usable-share");
    expect(await problemsOf({ traces: { ...traces, hidden }, mutants })).toEqual([
      expect.stringContaining('hidden case "idle" catches no mutant'),
    ]);
    const unknown = { ...idle, ops: [{ call: "other", args: [] }] };
    expect(await problemsOf({ traces: { ...traces, hidden: [unknown] } })).toEqual([
      expect.stringContaining('operation 1 is none of the slot "function"'),
    ]);
    const extra = { id: "more", title: exercise.title, weight: 1 };
    expect(await problemsOf({ groups: [...groups, extra] })).toEqual([
      expect.stringContaining('group "more" has no case'),
    ]);
  });

  it("refuses a case that is not legal in its zone", async () => {
    const other = course.exercise("free-and-merge");
    const illegal = { ...other.traces.visible[0]!, ops: [{ op: "free", id: "a" }] };
    const { problems } = await checkExercise(
      { ...other, traces: { ...other.traces, visible: [illegal] } },
      course.engine,
    );
    expect(problems).toEqual([expect.stringContaining("operation 1 (free(a)) is not legal there")]);
  });
});

describe("checkProse", () => {
  it("finds the first place where the languages part", () => {
    expect(partingOf({ en: "## A\ntext\n```ts\n## no heading\n```", "zh-CN": "## 甲\n文字\n```ts\n```" })).toBeNull();
    expect(partingOf({ en: "## A\n### B", "zh-CN": "## 甲" })).toBe(
      'English has "heading ###", Chinese has "nothing more"',
    );
    expect(
      partingOf({ en: '::figure{kind="static" id="x" src="a"}', "zh-CN": '::figure{kind="static" id="y" src="a"}' }),
    ).not.toBeNull();
  });
  it("asks for hints", () => {
    expect(checkProse({ prompt: { en: "a", "zh-CN": "b" }, hints: { en: [], "zh-CN": [] } })).toEqual([
      expect.stringContaining("hints: there is none"),
    ]);
  });
});

describe("the author's schemas", () => {
  it("in exercises/ are the ones generated from the code", async () => {
    const written = ["course", "chapter", "figures", "questions", "exercise", "traces"];
    expect(Object.keys(authorSchemas())).toEqual(written.map((file) => `${file}.schema.json`));
    expect(await staleSchemas("exercises")).toEqual([]);
  });
});

describe("closest", () => {
  it("prefers what contains the typed name, then the fewest changes", () => {
    expect(distance("kitten", "sitting")).toBe(3);
    expect(closest("merge", ["split-a-block", "free-and-merge", "buddy-of"])[0]).toBe("free-and-merge");
    expect(closest("buddyof", ["split-a-block", "free-and-merge", "buddy-of"])[0]).toBe("buddy-of");
  });
});
