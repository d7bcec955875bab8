"use client";
// A part before an operation, a question about it, and what really happens: step by step after the answer.
import { useMemo } from "react";
import { openPart } from "@/lib/scenarios/open-part";
import { answerAt, valueAt } from "@/lib/scenarios/predict";
import { goTo, lastMoments } from "@/lib/scenarios/run";
import { Frame } from "./frame";
import type { AnyPart } from "./part";
import { PartCanvas } from "./part-canvas.client";
import { PartFaces } from "./part-faces";
import type { PartPredictProps } from "./part-props";
import { PredictionForm, usePrediction } from "./prediction.client";
import { Story } from "./story.client";
import { usePartSession } from "./use-part-session.client";
import { usePartWords } from "./use-part-words.client";

export function PartPredict({ part, ...props }: PartPredictProps & { part: AnyPart }) {
  const { id, caption, config, ops, ask, answer, why, onAnswer } = props;
  const both = usePartWords(part);
  const { words, shared } = both;
  const { scenario } = part;
  const session = useMemo(() => openPart(scenario, config, ops), [scenario, config, ops]);
  const control = usePartSession(part, () => session);
  const before = lastMoments(goTo(session, session.ops.length - 1)).at(-1)!;
  const after = lastMoments(session).at(-1)!;
  const expected = useMemo(() => answerAt(after, answer) ?? [], [after, answer]);
  const listed = Array.isArray(answer === "result" ? null : valueAt(after.state, answer));
  const hex = ops.some((line) => line.includes("0x")) && expected.some((each) => each >= 0x10000);
  const spell = (value: number) => (hex ? `0x${value.toString(16)}` : String(value));
  const form = listed || expected.length !== 1 ? "list" : "one";
  const prediction = usePrediction({ id, expected, form, why, words: shared, spell, onAnswer });
  const moment = prediction.answered ? control.moments[control.step]! : before;
  return (
    <Frame
      id={id}
      caption={caption}
      words={shared}
      below={<PartFaces part={part} id={id} state={moment.state} words={words} shared={shared} />}
    >
      <p className="fig-ask" id={`${id}-ask`}>
        {shared("predictNext", { label: after.line ?? "" })} {ask}
      </p>
      <PartCanvas part={part} id={id} moment={moment} before={null} words={both}>
        {prediction.answered && <Story part={part} control={control} words={both} refusal={null} />}
      </PartCanvas>
      <PredictionForm prediction={prediction} label={shared(form === "list" ? "predictValues" : "predictValue")} />
    </Frame>
  );
}
