// Names the mistake: the mutant whose machine behaves like the learner's.
// Theory: a mutant is the author's example of one misconception. It is named if it fails exactly the cases that the learner's
//         code fails, at the same operation, with the same returned value and the same machine. Sharing a failed case is not
//         enough: many mistakes break the same trace.
import type { Mutant } from "@/lib/course/exercise";
import { type AttemptFacts, openAttempt, type Ran } from "./attempt";
import { compile } from "./compile";
import { canonical } from "./json";
import type { Outcome } from "./lockstep";
import type { Verdict } from "./verdict";

/** Null when no mutant behaves so, or the code did not get as far as showing a behaviour. */
export function nameMisconception(
  mutants: readonly Mutant[],
  ran: readonly Ran[],
  facts: Omit<AttemptFacts, "js">,
): Verdict["misconception"] {
  const passed = ran.filter(({ outcome }) => outcome?.status === "passed");
  const failed = ran
    .flatMap(({ one, outcome }) => (outcome && isTelling(outcome) ? [{ one, outcome, step: outcome.step! }] : []))
    .sort((a, b) => a.step - b.step);
  if (failed.length === 0) return null;
  const found = mutants.find((mutant) => {
    const compiled = compile(mutant.source);
    if (!compiled.ok) return false;
    const attempt = openAttempt({ ...facts, js: compiled.js });
    // Most mutants differ in the shortest failing case already.
    return (
      failed.every(({ one, outcome, step }) => {
        const upToThere = attempt.run({ ...one, ops: one.ops.slice(0, step + 1) });
        return canonical(upToThere.behaviour) === canonical(outcome.behaviour);
      }) && passed.every(({ one }) => attempt.run(one).status === "passed")
    );
  });
  return found ? { mutant: found.name, sentence: { ...found.misconception } } : null;
}

/** Where a code runs out of fuel says nothing about what it would have done. */
function isTelling({ step, status }: Outcome): boolean {
  return step !== null && (status === "failed" || status === "runtime_error");
}
