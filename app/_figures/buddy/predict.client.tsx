"use client";
// Predict, then see: the machine before an operation, a question about it, and what really happens.
import "../figures.css";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { BuddyState } from "@/lib/sim/observe";
import { replay } from "@/lib/slots/buddy-replay";
import { Frame } from "../frame";
import { readNumbers } from "../numbers";
import { PredictionForm, usePrediction } from "../prediction.client";
import { kindsOf } from "./buddy-figure";
import { BuddyCanvas } from "./canvas.client";
import { BuddyFaces } from "./faces";
import { currentBlocks } from "./frames";
import { noteFor } from "./narrate";
import type { PredictProps } from "./props";
import { answerBlocks, answerOf, askIn, labelOfLast } from "./question";
import type { BuddyOptions } from "./scene";

export function PredictFigure({ id, caption, config, ops, question, why, onAnswer }: PredictProps) {
  const words = useTranslations("figure");
  const run = useMemo(() => replay(config, ops), [config, ops]);
  const expected = useMemo(() => answerOf(question, run), [question, run]);
  const before = run.states.at(-2)!;
  const after = run.states.at(-1)!;
  const label = labelOfLast(run, ops, words);
  const listed = question.ask === "list";
  const prediction = usePrediction({ id, expected, form: listed ? "list" : "one", why, words, onAnswer });
  const { answered, given, text } = prediction;
  const state = answered ? after : before;
  const events = run.events.at(-1)!;
  const picked = useMemo(
    () => guessedBlocks(answered ? given : pagesIn(text), before),
    [answered, given, text, before],
  );
  const options: BuddyOptions = useMemo(() => {
    if (!answered) return { answer: picked };
    return {
      answer: picked,
      current: answerBlocks(question, run),
      note: noteFor(events, words),
      previous: currentBlocks(events),
    };
  }, [answered, picked, question, run, events, words]);
  const pick = (pfn: number) => {
    if (!answered) prediction.setText(listed ? `${text} ${pfn}`.trim() : String(pfn));
  };

  return (
    <Frame
      id={id}
      caption={caption}
      words={words}
      below={<BuddyFaces id={id} state={state} kinds={kindsOf(state)} words={words} />}
    >
      <p className="fig-ask" id={`${id}-ask`}>
        {askIn(question, label, words)}
      </p>
      <BuddyCanvas
        id={id}
        state={state}
        from={answered ? before : null}
        words={words}
        options={options}
        onPick={pick}
      />
      <PredictionForm prediction={prediction} label={words(listed ? "predictNumbers" : "predictNumber")} />
    </Frame>
  );
}

function pagesIn(text: string): readonly number[] {
  const read = readNumbers(text);
  return "wrong" in read ? [] : read.numbers;
}

/** The guess as outlines: whole free blocks where a page heads one, else single pages. */
function guessedBlocks(pages: readonly number[] | null, state: BuddyState) {
  return (pages ?? []).map((pfn) => ({
    pfn,
    order: Math.max(
      0,
      state.freeLists.findIndex((list) => list.includes(pfn)),
    ),
  }));
}
