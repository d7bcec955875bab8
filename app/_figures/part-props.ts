// What a page must say to place a figure of a part: plain JSON, texts already in the reader's language.
// The page wraps it in <Words names={["figure", "scene", "figure-<part>"]}>.

import type { Locale } from "@/lib/words/text";
import type { PredictAnswer } from "./prediction.client";

export interface PartFigureProps {
  readonly locale: Locale;
  /** Unique on the page; becomes the element's id. */
  readonly id: string;
  readonly caption: string;
  /** The part's own configuration, or the name of one of its presets (whose operations are then not done). */
  readonly config: unknown;
  /** Command lines; those that are refused are left out. */
  readonly ops: readonly string[];
}

/** The last operation is what is asked about. */
export interface PartPredictProps extends PartFigureProps {
  /** The question, after the name of the operation. */
  readonly ask: string;
  /** `result`, or the path of a number or a list of numbers in the state afterwards (lib/scenarios/predict.ts). */
  readonly answer: string;
  /** Shown after the reveal. */
  readonly why: string;
  readonly onAnswer?: (answer: PredictAnswer) => void;
}

export interface PartStepperProps extends PartFigureProps {
  /** Operations already done when the figure opens; default 0. */
  readonly start?: number;
}
