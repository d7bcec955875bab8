import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BuddyConfig } from "@/lib/sim/machine";
import { createRng } from "@/lib/sim/rng";
import { buddyFree } from "@/lib/slots/buddy-free";
import { legalBuddyOps } from "@/lib/slots/buddy-machine";
import { replay } from "@/lib/slots/buddy-replay";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import type { AnySlot } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import type { Outcome } from "./lockstep";
import { shrink, type Trace } from "./shrink";

const slot = buddyFree as unknown as AnySlot;
const outcome = (step: number | null): Outcome => {
  const status = step === null ? "passed" : "failed";
  return { status, step, divergence: null, failure: null, behaviour: null };
};

/** Stands for a learner's bug: fails at the first free that merges at least `merges` times. */
function failsAtMerge(merges: number, { config, ops }: Trace): Outcome {
  const { events } = replay(config as unknown as BuddyConfig, ops as unknown as BuddyOp[]);
  const step = events.findIndex((happened) => happened.filter(({ kind }) => kind === "merge").length >= merges);
  return outcome(step < 0 ? null : step);
}

describe("shrink", () => {
  it("runs only legal traces, stays within its executions, and ends on a trace that fails", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 3 }), (seed, merges) => {
        const config = { pages: 64, init: "one-block" } as const;
        const trace = { config, ops: slot.generate(createRng(seed), config, { maxOrder: 3 }, 60) };
        const first = failsAtMerge(merges, trace);
        fc.pre(first.step !== null);
        let executions = 0;
        const run = (candidate: Trace) => {
          executions++;
          const ops = candidate.ops as unknown as BuddyOp[];
          expect(legalBuddyOps(candidate.config as unknown as BuddyConfig, ops)).toEqual(ops);
          return failsAtMerge(merges, candidate);
        };
        const shrunk = shrink(trace, first, { slot, run, maxExecutions: 120 });
        expect(executions).toBeLessThanOrEqual(120);
        expect(shrunk.ops.length).toBeLessThanOrEqual(first.step! + 1);
        expect(failsAtMerge(merges, shrunk).step).toBe(shrunk.ops.length - 1);
      }),
      { numRuns: 40 },
    );
  });

  it("finds the one allocation and free, in the smallest zone", () => {
    const config = { pages: 64, init: "one-block" } as const;
    const trace = { config, ops: slot.generate(createRng(4242), config, { maxOrder: 3 }, 60) };
    const shrunk = shrink(trace, failsAtMerge(1, trace), {
      slot,
      run: (one) => failsAtMerge(1, one),
      maxExecutions: 300,
    });
    expect(shrunk.config).toEqual({ pages: 2, init: "one-block" });
    expect(shrunk.ops.map((op) => (op as { op: string }).op)).toEqual(["alloc", "free"]);
  });

  it("gives the cut trace back when nothing may be executed", () => {
    const trace = {
      config: { pages: 4, init: "one-block" },
      ops: [
        { op: "alloc", order: 0, id: "a" },
        { op: "free", id: "a" },
      ] as Value[],
    };
    expect(shrink(trace, outcome(0), { slot, run: () => null, maxExecutions: 0 })).toMatchObject({
      ops: trace.ops.slice(0, 1),
      executions: 0,
    });
  });
});
