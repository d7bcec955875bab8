// What a reader predicted, against what the machine does. The browser shows the outcome at once; this one is stored.
import { z } from "zod";
import { answerOf } from "@/app/_figures/buddy/question";
import type { LessonParts } from "@/lib/course/lesson";
import { answerOf as answerOfPart } from "@/lib/scenarios/predict";
import { scenarios } from "@/lib/scenarios/registry";
import { replay } from "@/lib/slots/buddy-replay";

/** Null: the reader asked to be shown. Numbers in the order in which they were written; a choice by its position. */
export const answerSchema = z.array(z.number().int()).max(64).nullable();
export type Answer = z.infer<typeof answerSchema>;
export type Outcome = "right" | "wrong" | "skipped";

type Asked = Pick<LessonParts, "figures" | "questions">;

/** Null if the lesson asks no such question. `id` is `figure:<id>` or `question:<id>`. */
export function outcomeOf(parts: Asked, id: string, answer: Answer): Outcome | null {
  const expected = expectedAnswer(parts, id);
  if (expected === null) return null;
  if (answer === null) return "skipped";
  return JSON.stringify(answer) === JSON.stringify(expected) ? "right" : "wrong";
}

function expectedAnswer({ figures, questions }: Asked, id: string): readonly number[] | null {
  const [kind, name = ""] = id.split(":");
  const figure = kind === "figure" && Object.hasOwn(figures, name) ? figures[name] : undefined;
  if (figure?.kind === "predict") return answerOf(figure.question, replay(figure.config, figure.ops));
  if (figure?.kind === "part-predict")
    return answerOfPart(scenarios[figure.part], figure.config, figure.ops, figure.answer);
  const question = kind === "question" && Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (!question) return null;
  return question.kind === "numbers" ? question.answer : [question.options.findIndex((option) => option.right)];
}
