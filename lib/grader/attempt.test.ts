import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createRng } from "@/lib/sim/rng";
import { slotFor } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import { openAttempt, runAll } from "./attempt";
import { compile } from "./compile";
import { openTestCourse, type TestCourse } from "./testing-course";

let course: TestCourse;
beforeAll(async () => {
  course = await openTestCourse();
});

/** An attempt with the n-th solution of an exercise. */
function attemptWith(slug: string, n: number) {
  const exercise = course.exercise(slug);
  const compiled = compile(exercise.solutions[n]!);
  if (!compiled.ok) throw new Error(`${slug} does not compile`);
  const slot = slotFor(exercise);
  return {
    slot,
    attempt: openAttempt({ engine: course.engine, slot, js: compiled.js, oracleJs: null, fuel: 50_000_000_000 }),
  };
}

const configs = fc.record(
  {
    pages: fc.integer({ min: 1, max: 300 }),
    startPfn: fc.integer({ min: 0, max: 40 }),
    init: fc.constantFrom("one-block", "boot32", "pages_asc", "pages_desc", "holes", "none"),
    pcp: fc.option(fc.record({ batch: fc.integer({ min: 1, max: 5 }) })),
  },
  { requiredKeys: ["pages", "init"] },
);

describe("two machines in lockstep", () => {
  it("never part when the learner's functions are right, in any zone and under any trace", () => {
    for (const slug of ["split-a-block", "free-and-merge", "hot-and-cold", "check-the-zone"]) {
      for (const n of [0, 1]) {
        const { slot, attempt } = attemptWith(slug, n);
        fc.assert(
          fc.property(
            configs,
            fc.integer({ min: 1, max: 1e9 }),
            fc.integer({ min: 0, max: 10 }),
            (config, seed, maxOrder) => {
              const params = { maxOrder, coldPercent: 20, ...(slug === "check-the-zone" ? { damages: 3 } : {}) };
              const ops = slot.generate(createRng(seed), config as Value, params, 40);
              const { status, divergence, failure } = attempt.run({
                config: config as Value,
                ops,
                install: undefined,
                expected: undefined,
              });
              expect({ status, divergence, failure }).toEqual({ status: "passed", divergence: null, failure: null });
            },
          ),
          { numRuns: 15 },
        );
      }
    }
  });
});

describe("runAll", () => {
  const one = (name: string) => ({
    name,
    group: "g",
    visibility: "hidden" as const,
    config: { pages: 4, init: "one-block" },
    ops: [{ op: "alloc", order: 0, id: "a" }] as Value[],
    install: undefined,
    expected: undefined,
  });
  const attemptOf = (body: string, fuel: number) => {
    const compiled = compile(
      `export function expand(a, b, c, d) { ${body} }\nexport function rmqueue(a, b) { return expand(a, null, 0, 0); }`,
    );
    if (!compiled.ok) throw new Error("does not compile");
    return openAttempt({
      engine: course.engine,
      slot: slotFor({ slot: "buddy-expand" }),
      js: compiled.js,
      oracleJs: null,
      fuel,
    });
  };

  it("lets an endless loop take half of the fuel, and runs nothing once it is spent", () => {
    const fuel = 20_000_000;
    const ran = runAll(attemptOf("for (;;) {}", fuel), [one("a"), one("b"), one("c")], fuel);
    expect(ran.map(({ outcome }) => outcome?.status ?? "not run")).toEqual(["step_limit", "step_limit", "not run"]);
    expect(ran[0]!.outcome!.fuel).toBe(fuel / 2);
  });

  it("runs no second case with code that cannot even be loaded", () => {
    const compiled = compile("export function expand(a, b, c, d) { return b; }\nthrow new Error('at once');");
    if (!compiled.ok) throw new Error("does not compile");
    const facts = {
      engine: course.engine,
      slot: slotFor({ slot: "buddy-expand" }),
      js: compiled.js,
      oracleJs: null,
      fuel: 20_000_000,
    };
    const ran = runAll(openAttempt(facts), [one("a"), one("b")], facts.fuel);
    expect(ran[0]!.outcome).toMatchObject({ status: "runtime_error", step: null, failure: { raw: "Error: at once" } });
    expect(ran[1]!.outcome).toBeNull();
  });
});
