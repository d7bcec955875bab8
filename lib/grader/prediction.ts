// Predict exercises: the learner says what the free lists will be; the simulator knows.
// A submission is JSON: { "variant": 7, "answers": [ [[5], [], [0, 8], ...], ... ] }. A variant number gives one question for
// each generated entry of traces.json, in their order; an answer holds one list for each order, pfns head first.
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { MAX_ORDER } from "@/lib/sim/structs";
import { explainBuddy } from "@/lib/slots/buddy-rules";
import { labelOf } from "@/lib/slots/buddy-trace";
import {
  answer,
  type FreeLists,
  makeQuestion,
  type PredictQuestion,
  type QuestionParams,
  wrongOrders,
} from "@/lib/slots/predict";
import type { GraderExercise } from "./cases";
import { failureOf } from "./guest-error";
import { refusal, verdictOf } from "./report";
import { caseSeed } from "./seeds";
import type { CaseResult, Divergence, Verdict } from "./verdict";

export interface Prediction {
  readonly variant: number;
  /** One for each question, in order; null where nothing was answered. */
  readonly answers: readonly (FreeLists | null)[];
}

export interface NamedQuestion {
  readonly name: string;
  readonly group: string;
  readonly question: PredictQuestion;
}

/** Variants are numbered 1 to this. */
export const maxVariant = 1_000_000;
const maxListLength = 4096;

/** The questions of one variant; the same number always gives the same ones. */
export function questionsOf({ generated }: Pick<GraderExercise, "generated">, variant: number): NamedQuestion[] {
  return generated.flatMap(({ name, group, config, params, length, count }) =>
    Array.from({ length: count }, (_, i) => {
      const seed = caseSeed(`variant ${variant}`, name, i);
      const question = makeQuestion(
        seed,
        config as unknown as BuddyConfig,
        params as unknown as QuestionParams,
        length,
      );
      return { name: `${name}-${i + 1}`, group, question };
    }),
  );
}

export function gradePrediction(source: string, exercise: GraderExercise): Verdict {
  const prediction = readPrediction(source);
  if (!prediction) return refusal(exercise, failureOf({ key: "predict.unreadable", args: {} }), 0);
  const cases = questionsOf(exercise, prediction.variant).map((named, i) =>
    judge(named, prediction.answers[i] ?? null),
  );
  return verdictOf({ exercise, cases, fuel: { used: 0, limit: 0 } });
}

/** Null unless it is exactly of the form above. */
export function readPrediction(source: string): Prediction | null {
  let data: unknown;
  try {
    data = JSON.parse(source);
  } catch {
    return null;
  }
  if (typeof data !== "object" || data === null) return null;
  const { variant, answers } = data as { variant?: unknown; answers?: unknown };
  if (!isPfn(variant) || variant < 1 || variant > maxVariant || !Array.isArray(answers)) return null;
  return answers.every((given) => given === null || isFreeLists(given)) ? { variant, answers } : null;
}

function isFreeLists(value: unknown): value is FreeLists {
  return Array.isArray(value) && value.length <= MAX_ORDER && value.every(isList);
}
const isList = (list: unknown) => Array.isArray(list) && list.length <= maxListLength && list.every(isPfn);
const isPfn = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function judge({ name, group, question }: NamedQuestion, given: FreeLists | null): CaseResult {
  const ops = [...question.setup, question.op];
  const expected = answer(question);
  const wrong = given ? wrongOrders(expected.freeLists, given) : null;
  const passed = wrong?.length === 0;
  return {
    name,
    group,
    visibility: "generated",
    status: passed ? "passed" : given ? "failed" : "not_run",
    operations: ops.length,
    fuel: 0,
    divergence: given && !passed ? divergenceOf(question, expected, given) : null,
    failure: null,
    trace: { config: question.config, ops, labels: ops.map(labelOf) } as unknown as CaseResult["trace"],
  };
}

function divergenceOf(question: PredictQuestion, expected: BuddyState, given: FreeLists): Divergence {
  const actual = stateOf(expected, given);
  const fields = wrongOrders(expected.freeLists, given).map((order) => ({
    path: `zone.freeArea[${order}].freeList`,
    expected: expected.freeLists[order],
    actual: actual.freeLists[order],
  }));
  const explanation = explainBuddy({ op: question.op, expected, actual, expectedReturn: null, actualReturn: null });
  return {
    step: question.setup.length,
    label: question.label,
    returned: null,
    fields,
    expected,
    actual,
    findings: [],
    explanation,
  } as unknown as Divergence;
}

/** The zone as the answer would have it. */
function stateOf(expected: BuddyState, given: FreeLists): BuddyState {
  const freeLists = expected.freeLists.map((_, order) => given[order] ?? []);
  const blocks = freeLists.flatMap((list, order) => list.map((pfn) => ({ pfn, order })));
  return {
    ...expected,
    freeLists,
    nrFree: freeLists.map((list) => list.length),
    freePages: blocks.reduce((pages, { order }) => pages + 2 ** order, 0),
    marks: blocks.sort((a, b) => a.pfn - b.pfn),
  };
}
