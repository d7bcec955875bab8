// What a reader predicted, against what the machine does. The browser shows the outcome at once; this one is stored.
import { z } from "zod";
import { replay } from "@/lib/slots/buddy-replay";
import type { FigureFile, QuestionFile } from "./figures-file";
import type { LessonParts } from "./lesson";

/** Null: the reader asked to be shown. Numbers as read from left to right; a choice by its position. */
export const answerSchema = z.array(z.number().int()).max(64).nullable();
export type Answer = z.infer<typeof answerSchema>;
export type Outcome = "right" | "wrong" | "skipped";

/** Null if the lesson asks no such question. `id` is `figure:<id>` or `question:<id>`. */
export function outcomeOf(
  parts: Pick<LessonParts, "figures" | "questions">,
  id: string,
  answer: Answer,
): Outcome | null {
  const expected = expectedAnswer(parts, id);
  if (expected === null) return null;
  if (answer === null) return "skipped";
  return JSON.stringify(answer) === JSON.stringify(expected) ? "right" : "wrong";
}

function expectedAnswer(parts: Pick<LessonParts, "figures" | "questions">, id: string): readonly number[] | null {
  const [kind, name = ""] = id.split(":");
  const figure = kind === "figure" && Object.hasOwn(parts.figures, name) ? parts.figures[name] : undefined;
  if (figure?.kind === "predict") return predicted(figure);
  const question = kind === "question" && Object.hasOwn(parts.questions, name) ? parts.questions[name] : undefined;
  return question ? asked(question) : null;
}

function asked(question: QuestionFile): readonly number[] {
  return question.kind === "numbers" ? question.answer : [question.options.findIndex((option) => option.right)];
}

function predicted({ config, ops, question }: Extract<FigureFile, { kind: "predict" }>): readonly number[] {
  const { states, events, results } = replay(config, ops);
  const happened = events.at(-1) ?? [];
  const pfn = {
    page: () => results.at(-1),
    taken: () => happened.find((event) => event.kind === "take")?.pfn,
    merged: () => happened.findLast((event) => event.kind === "insert")?.pfn,
  };
  if (question.ask === "list") return states.at(-1)?.freeLists[question.order] ?? [];
  const value = pfn[question.ask]();
  return value === undefined || value === null ? [] : [value];
}
