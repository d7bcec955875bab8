// The verdict of a submission that we could not grade. It names the entry in our log, and costs the learner nothing.
import type { Verdict } from "./verdict";

export function internalError(errorId: string): Verdict {
  return {
    status: "internal_error",
    score: 0,
    maxScore: 0,
    groups: [],
    cases: [],
    firstFailure: null,
    counterexample: null,
    misconception: null,
    failure: { message: { key: "internalError", args: { errorId } }, raw: null, place: null, functionName: null },
    output: { text: "", totalChars: 0 },
    fuel: { used: 0, limit: 0 },
    receipt: null,
  };
}
