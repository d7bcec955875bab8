import { beforeAll, describe, expect, it } from "vitest";
import { toPublicExercise } from "@/lib/course/public";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { replay } from "@/lib/slots/buddy-replay";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import type { Case, Value } from "@/lib/slots/slot";
import { grade } from "./grade";
import { canonical, type Json } from "./json";
import { measure } from "./measure";
import { openTestCourse, type TestCourse } from "./testing-course";
import { verdictSchema } from "./verdict";

let course: TestCourse;
beforeAll(async () => {
  course = await openTestCourse();
});

/** The two functions of the exercise around other bodies. */
const split = (expand: string, rmqueue = "return null;") =>
  `import { listAdd, pageAt, pageIndex, setPageOrder } from "kernel";
export function expand(zone: any, page: any, low: number, high: number) { ${expand} }
export function rmqueue(zone: any, order: number) { ${rmqueue} }`;

describe("a verdict", () => {
  it("gives every solution of every exercise all points, on any seed", async () => {
    for (const slug of [
      "buddy-of",
      "order-for",
      "split-a-block",
      "free-and-merge",
      "hot-and-cold",
      "check-the-zone",
      "unusable-index",
    ])
      for (const source of course.exercise(slug).solutions)
        for (const seed of ["1", "2", "another seed"]) {
          const verdict = await course.grade(slug, source, seed);
          expect([slug, verdict.status, verdict.score]).toEqual([slug, "passed", verdict.maxScore]);
        }
  });

  it("is what its schema says, and the same to the last bit on a second run", async () => {
    const source = course.exercise("free-and-merge").mutants.find(({ name }) => name === "merges-any-order")!.source;
    const verdict = await course.grade("free-and-merge", source);
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
    expect(canonical((await course.grade("free-and-merge", source)) as unknown as Json)).toBe(
      canonical(verdict as unknown as Json),
    );
  });

  it("changes its receipt with the seed, the source and nothing else", async () => {
    const [source, other] = course.exercise("buddy-of").solutions as [string, string];
    const id = async (...args: [string, string]) => (await course.grade("buddy-of", ...args)).receipt!.id;
    const first = await id(source, "a");
    expect(await id(source, "a")).toBe(first);
    expect(await id(source, "b")).not.toBe(first);
    expect(await id(other, "a")).not.toBe(first);
  });

  it("names the first operation after which the machines differ, the fields, the rule and the mistake", async () => {
    const source = course.exercise("free-and-merge").mutants.find(({ name }) => name === "never-merges")!.source;
    const verdict = await course.grade("free-and-merge", source);
    const first = verdict.cases[verdict.firstFailure!]!;
    expect(first).toMatchObject({ name: "merge-once-and-on", visibility: "visible", status: "failed" });
    expect(first.divergence).toMatchObject({
      step: 6,
      label: "free(e)",
      returned: null,
      explanation: { key: "rule.missingMerge", args: { a: 8, b: 9 } },
    });
    expect(first.divergence!.fields[0]).toEqual({ path: "zone.freeArea[0].nrFree", expected: 1, actual: 3 });
    expect(first.divergence!.findings).toMatchObject([{ rule: "unmerged-buddies" }]);
    expect(verdict.misconception?.mutant).toBe("never-merges");
    expect(verdict.counterexample?.trace.labels).toEqual(["a = alloc(order 0)", "free(a)"]);
  });

  it("holds what a page needs to draw the timeline: the replayed reference equals the expected state", async () => {
    const source = course.exercise("free-and-merge").mutants.find(({ name }) => name === "inserts-at-tail")!.source;
    const { counterexample } = await course.grade("free-and-merge", source);
    const { trace, divergence } = counterexample!;
    const { states } = replay(trace.config as unknown as BuddyConfig, trace.ops as unknown as BuddyOp[]);
    expect(divergence!.expected).toEqual(states[divergence!.step + 1]);
    expect((divergence!.actual as unknown as BuddyState).freeLists).not.toEqual(
      (divergence!.expected as unknown as BuddyState).freeLists,
    );
  });

  it("gives partial credit: expand alone is right under the kernel's own rmqueue", async () => {
    const expand = `for (let k = high - 1; k >= low; k--) { const upper = pageAt(zone, pageIndex(zone, page) + 2 ** k);
      setPageOrder(upper, k); listAdd(upper, zone.freeArea[k].freeList); zone.freeArea[k].nrFree++; } return page;`;
    const verdict = await course.grade("split-a-block", split(expand));
    expect(verdict.groups.map(({ id, passed }) => [id, passed])).toEqual([
      ["expand", true],
      ["rmqueue", false],
      ["limits", false],
    ]);
    expect(verdict).toMatchObject({ status: "failed", score: 40, maxScore: 100 });
  });
});

describe("code that does not get that far", () => {
  const failing = async (source: string) => {
    const verdict = await course.grade("split-a-block", source);
    const failure = verdict.failure ?? verdict.cases[verdict.firstFailure!]?.failure;
    return [verdict.status, failure?.message.key, failure?.place?.line ?? null];
  };

  it("is refused with place and reason when it does not compile, is empty or too large", async () => {
    expect(await failing("export function expand( {")).toMatchObject(["compile_error", "compile.syntax", 1]);
    expect(await failing("  \n")).toEqual(["compile_error", "compile.empty", null]);
    expect(await failing(`// ${"x".repeat(65 * 1024)}`)).toEqual(["compile_error", "compile.tooLarge", null]);
  });

  it("is told which function is missing or takes the wrong number of parameters", async () => {
    expect(await failing("export const nothing = 1;")).toEqual(["runtime_error", "guest.missingExport", null]);
    const arity =
      "export function expand(zone: any) { return null; } export function rmqueue(zone: any, order: number) { return null; }";
    expect(await failing(arity)).toEqual(["runtime_error", "guest.wrongArity", null]);
  });

  it("fails, as a wrong answer does, when it returns what is no page", async () => {
    expect(await failing(split("return 5 as any;"))).toEqual(["failed", "guest.badReturn", null]);
  });

  it("cannot make a verdict large, or one that is none, by what it returns", async () => {
    const reporting = (body: string) =>
      course.grade("check-the-zone", `export function checkZone(zone: any): any { return ${body}; }`);
    const large = await reporting("Array.from({ length: 4000 }, (_, i) => 1e6 + i)");
    expect(large.cases[large.firstFailure!]!.divergence!.returned!.actual).toBe("(32001 characters)");
    const unstorable = await reporting('[{ rule: "a\\u0000b\\ud800\\\\u0000", pfn: 0, order: 0 }]');
    expect(unstorable.cases[unstorable.firstFailure!]!.divergence!.returned!.actual).toEqual([
      { rule: "a\ufffdb\ufffd\\u0000", pfn: 0, order: 0 },
    ]);
    const cut = await reporting('(() => { throw new Error("x".repeat(299) + "\\u{1f600}"); })()');
    expect(cut.cases[cut.firstFailure!]!.failure!.raw).toMatch(/^Error: x{299}\ufffd/);
    const odd = await reporting('[{ rule: "stale-mark", pfn: "head", order: {} }]');
    expect(odd.cases[odd.firstFailure!]!.divergence!.explanation!.key).toBe("rule.notAReport");
    expect(verdictSchema.parse(JSON.parse(JSON.stringify(odd)))).toEqual(odd);
  });

  it("is shown the line that throws, and the operation", async () => {
    const verdict = await course.grade("split-a-block", split("\n  throw new Error('here');"));
    expect(verdict.status).toBe("runtime_error");
    expect(verdict.cases[0]).toMatchObject({
      failure: { place: { line: 3 }, raw: "Error: here" },
      divergence: { step: 0, explanation: null },
    });
  });

  it("runs into the step limit in an endless loop, and the groups after it still count", async () => {
    const verdict = await course.grade("split-a-block", split("for (;;) {}"));
    expect(verdict.status).toBe("step_limit");
    expect(verdict.cases[0]!.failure?.message.key).toBe("guest.steps");
    expect(verdict.fuel.used).toBeLessThanOrEqual(verdict.fuel.limit);
    expect(verdict.cases.some(({ status }) => status === "failed")).toBe(true);
  });

  it("is told where it drives the kernel's own step into BUG()", async () => {
    const source = `import { freePagesBulk, rmqueue } from "kernel";
export function bufferedRmqueue(zone: any, cold: boolean) { return rmqueue(zone, 0); }
export function freeHotColdPage(zone: any, page: any, cold: boolean): void {
  freePagesBulk(zone, page, 5);
}`;
    const verdict = await course.grade("hot-and-cold", source);
    const bug = verdict.cases.find(({ failure }) => failure !== null)!;
    expect(bug).toMatchObject({
      status: "runtime_error",
      failure: { place: { line: 4 }, functionName: "freeHotColdPage" },
    });
    expect(bug.failure!.raw).toContain("KernelBug: misaligned-block");
  });
});

describe("a quick check in the browser", () => {
  it("judges visible and own cases of a public exercise, without secrets and without a receipt", async () => {
    const exercise = course.exercise("split-a-block");
    const shown = toPublicExercise(exercise, measure(exercise, course.engine));
    const ownCases: Case[] = [
      {
        config: { pages: 8, init: "one-block" },
        ops: [
          { op: "alloc", order: 1, id: "a" },
          { op: "free", id: "zz" },
        ] as Value[],
      },
    ];
    const verdict = await grade(
      { exercise: shown, source: exercise.solutions[0]!, seed: "", scope: "visible", ownCases },
      course.engine,
    );
    expect(verdict).toMatchObject({ status: "passed", receipt: null });
    expect(verdict.cases.map(({ visibility }) => visibility)).toEqual(["visible", "visible", "visible", "own"]);
    expect(verdict.cases.at(-1)!.operations).toBe(1);
    const starter = await grade(
      { exercise: shown, source: exercise.starter, seed: "", scope: "visible" },
      course.engine,
    );
    expect(starter).toMatchObject({ status: "failed", misconception: null });
    expect(starter.counterexample).not.toBeNull();
  });

  it("uses recorded answers where only the author's solution knows them", async () => {
    const exercise = course.exercise("unusable-index");
    const shown = toPublicExercise(exercise, measure(exercise, course.engine));
    const check = async (source: string) =>
      grade({ exercise: shown, source, seed: "", scope: "visible" }, course.engine);
    expect((await check(exercise.solutions[1]!)).status).toBe("passed");
    expect(await check(exercise.starter)).toMatchObject({ status: "failed", counterexample: null });
  });
});

describe("the mutant matrix", () => {
  /** Mutant -> the rule that its smallest counterexample is explained by; null where the code stopped. */
  const rules: Readonly<Record<string, string | null>> = {
    "absolute-pfn": "missingMerge",
    "buddy-always-above": "missingMerge",
    "buddy-still-counted": "nrFree",
    "counts-every-merge": "freePages",
    "ignores-the-zone-end": null,
    "inserts-at-tail": "tailInsteadOfHead",
    "leaves-stale-mark": "staleMark",
    "merges-any-order": "beyondZone",
    "merges-once": "missingMerge",
    "middle-of-the-two": "misaligned",
    "never-merges": "missingMerge",
    "only-looks-at-count": "beyondZone",
    "past-the-largest-order": null,
    "starts-at-the-freed-block": "misaligned",
    "stops-one-early": "missingMerge",
  };

  it("catches, names and explains every mutant of the merging exercise, with at most 6 operations", async () => {
    const { mutants } = course.exercise("free-and-merge");
    expect(mutants.map(({ name }) => name)).toEqual(Object.keys(rules));
    for (const { name, source, misconception } of mutants) {
      const verdict = await course.grade("free-and-merge", source);
      expect(verdict.score).toBeLessThan(verdict.maxScore);
      expect(verdict.misconception).toEqual({ mutant: name, sentence: misconception });
      const { trace, divergence } = verdict.counterexample!;
      expect(trace.ops.length).toBeLessThanOrEqual(6);
      const rule = rules[name] ?? null;
      expect([name, divergence?.explanation?.key ?? null]).toEqual([name, rule && `rule.${rule}`]);
    }
  });

  it("names nobody for a mistake that no mutant makes", async () => {
    const source = `export function freePagesBulk(zone: any, page: any, order: number): void { zone.freePages += 3; }`;
    expect((await course.grade("free-and-merge", source)).misconception).toBeNull();
  });
});
