import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allExercises, loadCourse } from "./load";
import { toPublicExercise } from "./public";

const both = (en: string) => ({ en, "zh-CN": `${en} (中文)` });
const exerciseJson = {
  uuid: "6f0c1f0e-6a1b-4b5e-9a55-0d7a1f5f8a01",
  kind: "implement",
  slot: "buddy-of",
  title: both("Buddy of"),
  level: 1,
  minutes: 10,
  points: 10,
  groups: [{ id: "pairs", title: both("Pairs"), weight: 1 }],
  sources: ["mm/page_alloc.c"],
};
const tracesJson = {
  visible: [{ name: "first", group: "pairs", config: null, ops: [1] }],
  hidden: [{ name: "secret-case", group: "pairs", config: null, ops: [4711] }],
  generated: [],
};

let root: string;
const write = async (file: string, content: unknown) => {
  const full = path.join(root, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, typeof content === "string" ? content : JSON.stringify(content, null, 2));
};

beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(tmpdir(), "course-")), "exercises");
  await write("course.json", {
    slug: "linux-mm",
    title: both("Linux MM"),
    description: both("All of it"),
    chapters: ["06-buddy"],
  });
  await write("06-buddy/chapter.json", {
    title: both("Buddy"),
    goal: both("Split and merge"),
    lesson: {
      slug: "buddy",
      title: both("Buddy"),
      goals: { en: ["a"], "zh-CN": ["甲"] },
      minutes: 20,
      sources: ["Gorman 6"],
    },
  });
  for (const locale of ["en", "zh-CN"]) {
    await write(`06-buddy/lesson.${locale}.md`, `Lesson ${locale}`);
    await write(`06-buddy/01-buddy-of/prompt.${locale}.md`, `Prompt ${locale}`);
    await write(
      `06-buddy/01-buddy-of/hints.${locale}.md`,
      "## One\nxor\n\n```\n## not a heading\n```\n## Two\nshift\n",
    );
  }
  await write("06-buddy/01-buddy-of/exercise.json", exerciseJson);
  await write("06-buddy/01-buddy-of/traces.json", tracesJson);
  await write("06-buddy/01-buddy-of/starter.ts", "export function buddyOf() { return 0; }");
  await write("06-buddy/01-buddy-of/solution.ts", "export const solutionOne = 1;");
  await write("06-buddy/01-buddy-of/solution-2.ts", "export const solutionTwo = 2;");
  await write(
    "06-buddy/01-buddy-of/mutants/plus.ts",
    "// en: Adds instead of flipping.\n// zh-CN: 用加法代替翻转。\nexport const mutantPlus = 3;",
  );
});
afterEach(() => rm(path.dirname(root), { recursive: true, force: true }));

test("a complete folder tree becomes the course, with URLs and order taken from the folder names", async () => {
  const course = await loadCourse(root);
  expect(course.problems).toEqual([]);
  expect(course.chapters.map((c) => [c.number, c.slug, c.lesson?.body.en])).toEqual([[6, "buddy", "Lesson en"]]);
  const [exercise] = allExercises(course);
  expect(exercise).toMatchObject({
    slug: "buddy-of",
    chapter: "buddy",
    fuelFactor: 20,
    starter: "export function buddyOf() { return 0; }",
  });
  expect(exercise?.solutions).toHaveLength(2);
  expect(exercise?.mutants).toEqual([
    {
      name: "plus",
      source: expect.any(String),
      misconception: { en: "Adds instead of flipping.", "zh-CN": "用加法代替翻转。" },
    },
  ]);
});

test("hints are split at their headings, but not at a heading inside a code block", async () => {
  const [exercise] = allExercises(await loadCourse(root));
  expect(exercise?.hints.en).toEqual(["## One\nxor\n\n```\n## not a heading\n```", "## Two\nshift"]);
});

test("the version follows everything a verdict depends on and nothing else", async () => {
  const version = async () => allExercises(await loadCourse(root))[0]?.version;
  const before = await version();
  await write("06-buddy/01-buddy-of/prompt.en.md", "Better prose");
  expect(await version()).toBe(before);
  await write("06-buddy/01-buddy-of/mutants/plus.ts", "// en: a\n// zh-CN: b\n");
  expect(await version()).not.toBe(before);
});

test("a copy of the tree elsewhere has the same versions", async () => {
  const copy = path.join(path.dirname(root), "copy");
  await cp(root, copy, { recursive: true });
  expect(allExercises(await loadCourse(copy))[0]?.version).toBe(allExercises(await loadCourse(root))[0]?.version);
});

test("broken JSON is reported with its line and leaves the other exercises standing", async () => {
  await write("06-buddy/02-broken/exercise.json", '{\n  "uuid": "x",\n  oops\n}');
  const course = await loadCourse(root);
  expect(allExercises(course).map((e) => e.slug)).toEqual(["buddy-of"]);
  expect(course.problems).toEqual([
    { file: "exercises/06-buddy/02-broken/exercise.json", line: 3, message: expect.stringContaining("not JSON") },
  ]);
});

test("a wrong value is reported at the line of its key", async () => {
  await write("06-buddy/01-buddy-of/exercise.json", { ...exerciseJson, level: 9 });
  const course = await loadCourse(root);
  expect(course.problems).toHaveLength(1);
  expect(course.problems[0]).toMatchObject({ line: 9, message: expect.stringContaining("level") });
});

test("a case in a group that does not exist keeps the exercise out, since its score could not add up", async () => {
  await write("06-buddy/01-buddy-of/traces.json", {
    ...tracesJson,
    hidden: [{ ...tracesJson.hidden[0], group: "nowhere" }],
  });
  const course = await loadCourse(root);
  expect(allExercises(course)).toEqual([]);
  expect(course.problems.map((p) => p.message).join()).toContain('"nowhere"');
});

test("a second exercise with the same uuid is left out and named", async () => {
  await cp(path.join(root, "06-buddy/01-buddy-of"), path.join(root, "06-buddy/02-again"), { recursive: true });
  const course = await loadCourse(root);
  expect(allExercises(course).map((e) => e.slug)).toEqual(["buddy-of"]);
  expect(course.problems.map((p) => p.message).join()).toContain("already belongs to buddy/buddy-of");
});

test("a missing translation is reported and the other language stands in", async () => {
  await rm(path.join(root, "06-buddy/01-buddy-of/prompt.zh-CN.md"));
  const course = await loadCourse(root);
  expect(allExercises(course)[0]?.prompt["zh-CN"]).toBe("Prompt en");
  expect(course.problems.map((p) => p.file)).toEqual(["exercises/06-buddy/01-buddy-of/prompt.zh-CN.md"]);
});

test("an empty folder is a course with problems, not an exception", async () => {
  await rm(root, { recursive: true });
  expect((await loadCourse(root)).problems.length).toBeGreaterThan(0);
});

test("what a browser gets holds no solution, hidden case, mutant or hint", async () => {
  const [exercise] = allExercises(await loadCourse(root));
  const seen = JSON.stringify(
    toPublicExercise(exercise!, { fuelLimit: 1000, expected: { first: [0], "secret-case": [7] } }),
  );
  for (const secret of ["solutionOne", "solutionTwo", "mutantPlus", "secret-case", "4711", "xor"])
    expect(seen).not.toContain(secret);
  expect(JSON.parse(seen)).toMatchObject({ fuelLimit: 1000, visible: [{ name: "first", expected: [0] }] });
});
