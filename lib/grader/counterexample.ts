// The smallest counterexample of a verdict: the cheapest failing case, shrunk, and confirmed in a fresh sandbox.
import { type AttemptFacts, openAttempt, type Ran } from "./attempt";
import { traceOf } from "./report";
import { shrink, type Trace } from "./shrink";
import type { Verdict } from "./verdict";

/** Most bugs shrink within 60 executions (sandbox measurements: 15 to 180). */
const maxExecutions = 250;
/** A shrunk trace is a part of one case, so a share of the submission's fuel is plenty for it. */
const fuelShare = 8;

export function smallestCounterexample(ran: readonly Ran[], facts: AttemptFacts): Verdict["counterexample"] {
  const start = cheapest(ran);
  if (!start) return null;
  const { one, outcome } = start;
  const { install, expected } = one;
  // Recorded answers belong to one trace; without the author's code no other one can be judged.
  if (facts.slot.oracle === "solution" && facts.oracleJs === null) return null;

  const attempt = openAttempt(facts);
  const fuel = Math.ceil(facts.fuel / fuelShare);
  const run = (trace: Trace) =>
    attempt.fuelUsed() < facts.fuel ? attempt.run({ ...trace, install, expected }, fuel) : null;
  const shrunk = shrink(one, outcome, { slot: facts.slot, run, maxExecutions });

  const confirmed = openAttempt(facts).run({ ...shrunk, install, expected });
  if (confirmed.status !== outcome.status) return null;
  return {
    trace: traceOf(facts.slot, shrunk),
    divergence: confirmed.divergence,
    failure: confirmed.failure,
    from: one.ops.length,
    install: install ? [...install] : null,
  };
}

/** Wrong answers before crashes before limits; among those the one that fails soonest. */
function cheapest(ran: readonly Ran[]) {
  const ranks = ["failed", "runtime_error", "step_limit", "memory_limit", "output_limit"];
  const failing = ran.flatMap(({ one, outcome }) =>
    outcome && outcome.step !== null ? [{ one, outcome, step: outcome.step }] : [],
  );
  const rank = (status: string) => ranks.indexOf(status);
  return failing.sort((a, b) => rank(a.outcome.status) - rank(b.outcome.status) || a.step - b.step)[0];
}
