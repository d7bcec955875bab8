import { beforeAll, describe, expect, it } from "vitest";
import { printTrace } from "@/lib/slots/buddy-text";
import { type BuddyOp, blockName } from "@/lib/slots/buddy-trace";
import { slotFor } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import { openAttempt } from "./attempt";
import { compile } from "./compile";
import { openTestCourse, type TestCourse } from "./testing-course";
import type { Verdict } from "./verdict";

let course: TestCourse;
beforeAll(async () => {
  course = await openTestCourse();
});
const attack = (source: string) => course.grade("break-the-merge", source);
const passed = ({ groups }: Verdict) => groups.filter((group) => group.passed).map(({ id }) => id);

describe("gradeBreakIt", () => {
  it("gives all points for a short trace that exposes the fault, and shows how the faulty machine differs", async () => {
    const verdict = await attack(course.exercise("break-the-merge").solutions[0]!);
    expect(verdict).toMatchObject({ status: "passed", score: 40, maxScore: 40 });
    const { divergence, trace } = verdict.cases[1]!;
    expect(divergence).toMatchObject({ step: 4, label: "free(a)", explanation: { key: "rule.coversUsed" } });
    expect(trace!.labels).toHaveLength(5);
  });

  it("keeps the points for exposing when the trace could be shorter", async () => {
    const longer = `x = alloc 0\nfree x\n${course.exercise("break-the-merge").solutions[0]!}`;
    expect(passed(await attack(longer))).toEqual(["legal", "exposes"]);
  });

  it("gives only the points for a legal trace when both machines behave alike", async () => {
    const verdict = await attack("a = alloc 1\nfree a\n");
    expect(passed(verdict)).toEqual(["legal"]);
    expect(verdict.cases[1]!.failure!.message.key).toBe("breakIt.notExposed");
  });

  it("refuses what cannot be read or executed, with the line", async () => {
    expect(await attack("a = alloc 1\nfree b")).toMatchObject({
      status: "failed",
      score: 0,
      failure: { message: { key: "trace.notInUse", args: { id: "b" } }, place: { line: 2 } },
    });
    expect(await attack("please merge")).toMatchObject({
      status: "compile_error",
      failure: { place: { line: 1, column: 1 } },
    });
  });

  it("asks for no fewer operations than are possible: no trace of four exposes the fault", async () => {
    const traces: BuddyOp[][] = [];
    const extend = (ops: readonly BuddyOp[], free: number, held: readonly { id: string; order: number }[]): void => {
      for (let order = 0; ops.length < 3 && 2 ** order <= free; order++) {
        const id = blockName(ops.length);
        extend([...ops, { op: "alloc", order, id }], free - 2 ** order, [...held, { id, order }]);
      }
      for (const block of held) {
        const freed: BuddyOp[] = [...ops, { op: "free", id: block.id }];
        const rest = held.filter((other) => other !== block);
        // Only a free can go wrong, so only traces that end in one need to be run.
        if (freed.length === 4) traces.push(freed);
        else extend(freed, free + 2 ** block.order, rest);
      }
    };
    extend([], 8, []);
    expect(traces.length).toBeGreaterThan(50);

    const { mutants, traces: written } = course.exercise("break-the-merge");
    const compiled = compile(mutants[0]!.source);
    if (!compiled.ok) throw new Error("the faulty implementation does not compile");
    const facts = { engine: course.engine, slot: slotFor({ slot: "buddy-free" }), oracleJs: null, fuel: 1_000_000_000 };
    const attempt = openAttempt({ ...facts, js: compiled.js });
    const run = (ops: readonly unknown[]) =>
      attempt.run({ config: written.hidden[0]!.config, ops: ops as Value[], install: undefined, expected: undefined });
    expect(run(written.hidden[0]!.ops).status).toBe("failed");
    for (const ops of traces) expect([printTrace(ops), run(ops).status]).toEqual([printTrace(ops), "passed"]);
  });
});
