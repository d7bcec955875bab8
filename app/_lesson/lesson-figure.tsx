// ::figure in a lesson -> the figure component of its kind, with the texts in the reader's language.

import { BuddyFigure } from "@/app/_figures/buddy/buddy-figure";
import { Stepper } from "@/app/_figures/buddy/stepper.client";
import type { FigureFile } from "@/lib/course/figures-file";
import { replay } from "@/lib/slots/buddy-replay";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { figureAnchor } from "./markdown";

interface LessonFigureProps {
  readonly locale: Locale;
  readonly id: string;
  readonly number: number;
  readonly figure: FigureFile;
  readonly lesson: string;
  /** Answers of signed-out readers are not kept. */
  readonly stored: boolean;
}

export function LessonFigure({ locale, id, number, figure }: LessonFigureProps) {
  const t = translator(locale, "lesson");
  const caption = `${t("figure", { number })}. ${figure.caption[locale]}`;
  const common = { locale, id: figureAnchor(id), caption };
  switch (figure.kind) {
    case "static": {
      const state = replay(figure.config, figure.ops).states.at(-1);
      return state ? <BuddyFigure {...common} state={state} words={translator(locale, "figure")} /> : null;
    }
    case "stepper":
    case "sandbox":
    case "predict":
      return <Stepper {...common} config={figure.config} ops={figure.ops} />;
    case "compare":
      return <Stepper {...common} config={figure.left.config} ops={figure.left.ops} />;
  }
}
