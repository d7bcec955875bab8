import { beforeAll, describe, expect, it } from "vitest";
import { answer } from "@/lib/slots/predict";
import { graderExercise } from "./cases";
import { gradePrediction, questionsOf, readPrediction } from "./prediction";
import { openTestCourse } from "./testing-course";

let exercise: ReturnType<typeof graderExercise>;
beforeAll(async () => {
  exercise = graderExercise((await openTestCourse()).exercise("predict-free-lists"));
});
const rightAnswers = (variant: number) =>
  questionsOf(exercise, variant).map(({ question }) => answer(question).freeLists);

describe("gradePrediction", () => {
  it("gives all points for what the simulator says, in every variant", () => {
    for (const variant of [1, 2, 3, 99, 123_456]) {
      const verdict = gradePrediction(JSON.stringify({ variant, answers: rightAnswers(variant) }), exercise);
      expect(verdict).toMatchObject({ status: "passed", score: 20, maxScore: 20 });
    }
  });

  it("says for each order what is wrong, and keeps the points of the other questions", () => {
    const answers: (readonly (readonly number[])[])[] = rightAnswers(7);
    const question = questionsOf(exercise, 7)[1]!.question;
    const unchanged = answers.with(1, question.state.freeLists);
    const verdict = gradePrediction(JSON.stringify({ variant: 7, answers: unchanged }), exercise);
    expect(verdict).toMatchObject({
      status: "failed",
      firstFailure: 1,
      groups: [{ passed: true }, { passed: false }, { passed: true }],
    });
    const { divergence, trace } = verdict.cases[1]!;
    expect(divergence!.step).toBe(trace!.ops.length - 1);
    expect(divergence!.label).toBe(question.label);
    expect(divergence!.fields.every(({ path }) => /^zone\.freeArea\[\d+\]\.freeList$/.test(path))).toBe(true);
    expect(divergence!.explanation).not.toBeNull();
  });

  it("does not pass a question that was not answered", () => {
    const verdict = gradePrediction(
      JSON.stringify({ variant: 7, answers: [...rightAnswers(7).slice(0, 2), null] }),
      exercise,
    );
    expect(verdict).toMatchObject({ status: "failed", firstFailure: null });
    expect(verdict.cases[2]!.status).toBe("not_run");
  });

  it("refuses whatever is not an answer", () => {
    const texts = [
      "",
      "{",
      "null",
      "[]",
      '{"variant":0,"answers":[]}',
      '{"variant":1.5,"answers":[]}',
      '{"variant":1,"answers":[[["a"]]]}',
      '{"variant":1,"answers":[[[-1]]]}',
    ];
    for (const text of texts) {
      expect(readPrediction(text)).toBeNull();
      expect(gradePrediction(text, exercise)).toMatchObject({
        status: "compile_error",
        score: 0,
        failure: { message: { key: "predict.unreadable" } },
      });
    }
  });
});
