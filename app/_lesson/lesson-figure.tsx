// ::figure in a lesson -> the figure component of its kind, with the texts in the reader's language.

import type { ReactNode } from "react";
import { BuddyFigure } from "@/app/_figures/buddy/buddy-figure";
import { CompareFigure } from "@/app/_figures/buddy/compare.client";
import { BuddySandbox } from "@/app/_figures/buddy/sandbox.client";
import { Stepper } from "@/app/_figures/buddy/stepper.client";
import { PartSandboxFigure, PartStepperFigure } from "@/app/_figures/part-figure.client";
import { PartStaticFigure } from "@/app/_figures/part-static";
import { Words } from "@/app/_shell/words";
import type { FigureFile, PartFigureFile } from "@/lib/course/figures-file";
import type { PartName } from "@/lib/scenarios/names";
import { replay } from "@/lib/slots/buddy-replay";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { LessonPartPredict, LessonPredict } from "./lesson-predict.client";
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

export function LessonFigure({ locale, id, number, figure, lesson, stored }: LessonFigureProps) {
  const caption = `${translator(locale, "lesson")("figure", { number })}. ${figure.caption[locale]}`;
  const common = { locale, id: figureAnchor(id), caption };
  switch (figure.kind) {
    case "static": {
      const state = replay(figure.config, figure.ops).states.at(-1);
      return state ? <BuddyFigure {...common} state={state} words={translator(locale, "figure")} /> : null;
    }
    case "stepper":
      return <Stepper {...common} config={figure.config} ops={figure.ops} start={figure.start} link="playground" />;
    case "sandbox":
      return <BuddySandbox {...common} config={figure.config} ops={figure.ops} seed={figure.seed} />;
    case "predict": {
      const { config, ops, question, why } = figure;
      const asked = `figure:${id}`;
      return <LessonPredict {...common} {...{ config, ops, question, lesson, asked, stored }} why={why[locale]} />;
    }
    case "compare": {
      const side = ({ title, config, ops }: typeof figure.left) => ({ title: title[locale], config, ops });
      return <CompareFigure {...common} left={side(figure.left)} right={side(figure.right)} />;
    }
    case "part":
      return <PartFigure {...common} figure={figure} />;
    case "part-predict": {
      const { part: name, config, ops, answer } = figure;
      const props = { ...common, name, config, ops, answer, lesson, asked: `figure:${id}`, stored };
      return (
        <PartWords locale={locale} name={name}>
          <LessonPartPredict {...props} ask={figure.ask[locale]} why={figure.why[locale]}>
            <PartStaticFigure {...common} name={name} config={config} ops={ops.slice(0, -1)} />
          </LessonPartPredict>
        </PartWords>
      );
    }
  }
}

function PartFigure({ figure, ...common }: { locale: Locale; id: string; caption: string; figure: PartFigureFile }) {
  const { part: name, config, ops, start } = figure;
  const props = { ...common, name, config, ops };
  const still = <PartStaticFigure {...props} ops={figure.show === "stepper" ? ops.slice(0, start ?? 0) : ops} />;
  if (figure.show === "static") return still;
  const Figure = figure.show === "stepper" ? PartStepperFigure : PartSandboxFigure;
  return (
    <PartWords locale={common.locale} name={name}>
      <Figure {...props} start={start}>
        {still}
      </Figure>
    </PartWords>
  );
}

function PartWords({ locale, name, children }: { locale: Locale; name: PartName; children: ReactNode }) {
  return (
    <Words locale={locale} names={["scene", "bug", `figure-${name}`]}>
      {children}
    </Words>
  );
}
