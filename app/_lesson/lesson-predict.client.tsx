"use client";
// The predict figures of a lesson: their answers are kept for signed-in readers.
import type { ComponentProps } from "react";
import { PredictFigure } from "@/app/_figures/buddy/predict.client";
import type { PredictProps } from "@/app/_figures/buddy/props";
import { PartPredictFigure } from "@/app/_figures/part-figure.client";
import type { PredictAnswer } from "@/app/_figures/prediction.client";
import { rememberPrediction } from "./remember.client";

interface Stored {
  readonly lesson: string;
  /** `figure:<id>` */
  readonly asked: string;
  readonly stored: boolean;
}

type LessonPredictProps = Omit<PredictProps, "onAnswer"> & Stored;

export function LessonPredict({ lesson, asked, stored, ...figure }: LessonPredictProps) {
  return <PredictFigure {...figure} onAnswer={rememberer({ lesson, asked, stored })} />;
}

type LessonPartPredictProps = Omit<ComponentProps<typeof PartPredictFigure>, "onAnswer"> & Stored;

export function LessonPartPredict({ lesson, asked, stored, ...figure }: LessonPartPredictProps) {
  return <PartPredictFigure {...figure} onAnswer={rememberer({ lesson, asked, stored })} />;
}

function rememberer({ lesson, asked, stored }: Stored) {
  if (!stored) return undefined;
  return ({ answer }: PredictAnswer) => rememberPrediction({ lesson, question: asked, answer });
}
