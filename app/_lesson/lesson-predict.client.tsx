"use client";
// The predict figure of a lesson: its answer is kept for signed-in readers.
import { PredictFigure } from "@/app/_figures/buddy/predict.client";
import type { PredictProps } from "@/app/_figures/buddy/props";
import { rememberPrediction } from "./remember.client";

interface LessonPredictProps extends Omit<PredictProps, "onAnswer"> {
  readonly lesson: string;
  /** `figure:<id>` */
  readonly asked: string;
  readonly stored: boolean;
}

export function LessonPredict({ lesson, asked, stored, ...figure }: LessonPredictProps) {
  const remember = stored
    ? ({ answer }: { answer: readonly number[] | null }) => rememberPrediction({ lesson, question: asked, answer })
    : undefined;
  return <PredictFigure {...figure} onAnswer={remember} />;
}
