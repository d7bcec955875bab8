// Runs cases with one implementation: the learner's, the author's or a mutant's. Each case gets a fresh guest.
import { kernelSource } from "@/lib/slots/kernel-library";
import type { AnySlot } from "@/lib/slots/registry";
import type { Run, Value } from "@/lib/slots/slot";
import { recordedRun } from "@/lib/slots/value-slot";
import type { PreparedCase } from "./cases";
import type { Engine } from "./engine";
import type { Guest } from "./guest";
import { GuestError } from "./guest-error";
import { lockstep, type Outcome, outcomeOf } from "./lockstep";
import { openSandbox } from "./sandbox";

export interface Attempt {
  /** Runs one case from start to first difference. */
  run(one: RunnableCase, fuel?: number): Outcome & CaseFigures;
  fuelUsed(): number;
}
export type RunnableCase = Pick<PreparedCase, "config" | "ops" | "install" | "expected">;

export interface CaseFigures {
  readonly fuel: number;
  readonly output: { readonly text: string; readonly totalChars: number };
}

export interface AttemptFacts {
  readonly engine: Engine;
  readonly slot: AnySlot;
  /** JavaScript, compiled. */
  readonly js: string;
  /** The author's solution, compiled; only where it is the oracle. */
  readonly oracleJs: string | null;
  readonly fuel: number;
}

/** The learner's Math.random is the same in every grading: chance must not decide a grade. */
const guestSeed = 1;
/** The author's own code is trusted to end; the limit only keeps a mistake of ours from hanging. */
const oracleFuel = 2_000_000_000;

export function openAttempt({ engine, slot, js, oracleJs, fuel }: AttemptFacts): Attempt {
  const sandbox = openSandbox(engine, { source: js, limits: { fuel }, seed: guestSeed });
  const oracle =
    oracleJs === null ? null : openSandbox(engine, { source: oracleJs, limits: { fuel: oracleFuel }, seed: guestSeed });
  const kernel = kernelSource();

  const open = (from: typeof sandbox, config: Value, guestFuel?: number) =>
    from.guest({
      functions: slot.functions,
      memoryBytes: slot.memoryBytes(config),
      kernel,
      ...(guestFuel === undefined ? {} : { fuel: guestFuel }),
    });
  const referenceRun = ({ config, expected, install }: RunnableCase): Run<Value> => {
    if (slot.oracle === "simulator") return slot.start(config, {});
    if (oracle) return slot.start(config, { implementation: open(oracle, config), ...(install ? { install } : {}) });
    if (expected) return recordedRun(expected);
    throw new Error("this case has no known answer: the exercise's oracle is the author's solution");
  };

  return {
    fuelUsed: () => sandbox.fuelUsed(),
    run: (one, limit) => {
      const before = sandbox.fuelUsed();
      let guest: Guest;
      let actual: Run<Value>;
      try {
        guest = open(sandbox, one.config, limit);
        const environment = { implementation: guest, ...(one.install ? { install: one.install } : {}) };
        actual = slot.start(one.config, guest.memory ? { ...environment, memory: guest.memory } : environment);
        guest.setHost(actual.host);
      } catch (error) {
        if (!(error instanceof GuestError)) throw error;
        return { ...stillborn(error), fuel: sandbox.fuelUsed() - before, output: { text: "", totalChars: 0 } };
      }
      const outcome = lockstep(slot, one.ops, referenceRun(one), actual);
      return { ...outcome, fuel: guest.fuelUsed(), output: { ...guest.output } };
    },
  };
}

export interface Ran {
  readonly one: PreparedCase;
  /** Null: not run, because the fuel was spent or the code cannot be loaded at all. */
  readonly outcome: (Outcome & CaseFigures) | null;
}

/** Runs the cases in order. One endless loop may take half of the fuel, so that the cases after it still get their turn. */
export function runAll(attempt: Attempt, cases: readonly PreparedCase[], fuel: number): Ran[] {
  let unloadable = false;
  return cases.map((one) => {
    if (unloadable || attempt.fuelUsed() >= fuel) return { one, outcome: null };
    const outcome = attempt.run(one, Math.ceil(fuel / 2));
    unloadable = outcome.status !== "passed" && outcome.step === null;
    return { one, outcome };
  });
}

/** The code failed before its first call: while its module was run, or because it exports not what the contract names. */
function stillborn(error: GuestError): Outcome {
  const status = outcomeOf(error.status);
  return { status, step: null, divergence: null, failure: error.failure, behaviour: { status } };
}
