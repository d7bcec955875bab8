// Two machines under one trace, in step: the reference's and the learner's. The first operation after which they differ decides.
// Theory: as long as both machines look the same and return the same, nothing that happened before can explain a later
//         difference. So the first one is the cause, and everything after it is left out.
import { KernelBug } from "@/lib/sim/kernel-bug";
import type { AnySlot } from "@/lib/slots/registry";
import type { Observation, Run, Value } from "@/lib/slots/slot";
import { kernelBug } from "@/lib/slots/value-slot";
import { compare, sameValue } from "./compare";
import { failureOf, GuestError } from "./guest-error";
import type { Json } from "./json";
import type { CaseResult, Divergence, Failure } from "./verdict";

export type OutcomeStatus = Exclude<CaseResult["status"], "not_run">;

export interface Outcome {
  readonly status: OutcomeStatus;
  /** The operation that failed or made the difference; null when all passed. */
  readonly step: number | null;
  /** The machines at that step; also when the code stopped there. */
  readonly divergence: Divergence | null;
  readonly failure: Failure | null;
  /** What the learner's machine showed at the step; two implementations with the same mistake show the same. */
  readonly behaviour: Json;
}

/** What a page can show, and more than any right answer needs: a verdict is stored and sent, and must not grow with the learner's data. */
const maxFindings = 20;
const maxReturnedChars = 16 * 1024;

const passed: Outcome = { status: "passed", step: null, divergence: null, failure: null, behaviour: null };

export function lockstep(slot: AnySlot, ops: readonly Value[], reference: Run<Value>, actual: Run<Value>): Outcome {
  for (const [step, op] of ops.entries()) {
    const expected = attempt(reference, op);
    if (expected.failure && expected.returned !== kernelBug)
      throw new Error(`the reference fails at ${slot.label(op)}`);
    const got = attempt(actual, op);
    const bothBug = expected.returned === kernelBug && got.returned === kernelBug;
    const same = sameValue(expected.returned, got.returned) && (bothBug || !got.failure);
    if (same && actual.same(reference)) continue;
    return describe(slot, { step, op, expected, got, reference, actual });
  }
  return passed;
}

interface Attempt {
  readonly returned: Value;
  readonly status: OutcomeStatus;
  readonly failure: Failure | null;
}

/** A failing guest is a value here; a bug of ours is thrown on. */
function attempt(run: Run<Value>, op: Value): Attempt {
  try {
    return { returned: run.apply(op), status: "passed", failure: null };
  } catch (error) {
    if (error instanceof KernelBug) {
      const failure = failureOf(
        { key: "kernelBug", args: { text: error.message } },
        { raw: `KernelBug: ${error.message}` },
      );
      return { returned: kernelBug, status: "failed", failure };
    }
    if (!(error instanceof GuestError)) throw error;
    const returned = error.thrown === kernelBug ? kernelBug : null;
    return { returned, status: outcomeOf(error.status), failure: error.failure };
  }
}

/** A value that the contract forbids is a wrong answer, not a crash. */
export function outcomeOf(status: GuestError["status"]): OutcomeStatus {
  if (status === "bad_return" || status === "detached") return "failed";
  return status === "compile_error" ? "runtime_error" : status;
}

function describe(
  slot: AnySlot,
  at: { step: number; op: Value; expected: Attempt; got: Attempt; reference: Run<Value>; actual: Run<Value> },
): Outcome {
  const { step, op, expected, got } = at;
  const [expectedState, actualState]: [Observation, Observation] = [at.reference.observe(), at.actual.observe()];
  const sound = new Set(at.reference.findings().map((finding) => JSON.stringify(finding)));
  const findings = at.actual.findings().filter((finding) => !sound.has(JSON.stringify(finding)));
  const explained = {
    op,
    expected: expectedState,
    actual: actualState,
    expectedReturn: expected.returned,
    actualReturn: got.returned,
  };
  const divergence = {
    step,
    label: slot.label(op),
    returned: sameValue(expected.returned, got.returned)
      ? null
      : { expected: expected.returned, actual: bounded(got.returned) },
    fields: compare(expectedState, actualState),
    expected: expectedState,
    actual: actualState,
    findings: findings.slice(0, maxFindings),
    // What stopped the code explains itself; the state it left behind would only mislead.
    explanation: got.failure ? null : slot.explain(explained),
  } as unknown as Divergence;
  const status = got.failure ? got.status : "failed";
  const behaviour = {
    step,
    status,
    returned: got.returned,
    state: got.failure ? null : actualState,
  } as unknown as Json;
  return { status, step, divergence, failure: got.failure, behaviour };
}

/** A value too large to keep is only described. */
function bounded(returned: Value): Value {
  const { length } = JSON.stringify(returned);
  return length > maxReturnedChars ? `(${length} characters)` : returned;
}
