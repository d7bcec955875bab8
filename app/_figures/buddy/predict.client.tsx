"use client";
// Predict, then see: the machine before an operation, a question about it, and what really happens.
import "../figures.css";
import { type SubmitEvent, useId, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import type { BuddyState } from "@/lib/sim/observe";
import { replay } from "@/lib/slots/buddy-replay";
import { Frame } from "../frame";
import { kindsOf } from "./buddy-figure";
import { BuddyCanvas } from "./canvas.client";
import { BuddyFaces } from "./faces";
import { currentBlocks } from "./frames";
import { noteFor } from "./narrate";
import type { PredictProps } from "./props";
import { answerBlocks, answerOf, askIn, labelOfLast, readPages, samePages } from "./question";
import type { BuddyOptions } from "./scene";

type Reveal =
  | { readonly kind: "asked" }
  | { readonly kind: "wrong-form"; readonly value: string }
  /** `given` null: the reader asked to be shown. */
  | { readonly kind: "answered"; readonly given: readonly number[] | null };

export function PredictFigure({ id, caption, config, ops, question, why, onAnswer }: PredictProps) {
  const words = useTranslations("figure");
  const field = useId();
  const [text, setText] = useState("");
  const [reveal, setReveal] = useState<Reveal>({ kind: "asked" });
  const run = useMemo(() => replay(config, ops), [config, ops]);
  const expected = useMemo(() => answerOf(question, run), [question, run]);
  const before = run.states.at(-2)!;
  const after = run.states.at(-1)!;
  const label = labelOfLast(run, ops, words);
  const answered = reveal.kind === "answered";
  const given = answered ? reveal.given : null;
  const correct = given !== null && samePages(given, expected);
  const state = answered ? after : before;
  const events = run.events.at(-1)!;
  const listed = question.ask === "list";
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
  const spell = (pages: readonly number[]) => (pages.length === 0 ? words("emptyList") : pages.join(" → "));

  const verdict = (answer: readonly number[] | null) => {
    if (answer === null) return words("predictShown", { answer: spell(expected) });
    if (samePages(answer, expected)) return words("predictRight", { answer: spell(expected) });
    return words("predictWrong", { given: spell(answer), answer: spell(expected) });
  };
  const commit = (answer: readonly number[] | null) => {
    setReveal({ kind: "answered", given: answer });
    onAnswer?.({ id, answer, expected, correct: answer !== null && samePages(answer, expected) });
    announce(`${verdict(answer)} ${why}`);
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readPages(text);
    if ("wrong" in read) setReveal({ kind: "wrong-form", value: read.wrong });
    else if (read.pages.length === 0 && !listed) setReveal({ kind: "wrong-form", value: "" });
    else commit(listed ? read.pages : read.pages.slice(0, 1));
  };
  const pick = (pfn: number) => {
    if (!answered) setText(listed ? `${text} ${pfn}`.trim() : String(pfn));
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
      <form className="fig-form" onSubmit={submit} noValidate>
        <label htmlFor={field}>{words(listed ? "predictNumbers" : "predictNumber")}</label>
        <input
          id={field}
          className="field"
          inputMode={listed ? "text" : "numeric"}
          autoComplete="off"
          value={text}
          readOnly={answered}
          aria-describedby={`${id}-ask ${id}-result`}
          aria-invalid={reveal.kind === "wrong-form" || undefined}
          onChange={(event) => {
            setText(event.target.value);
            if (reveal.kind === "wrong-form") setReveal({ kind: "asked" });
          }}
        />
        {answered ? (
          <button type="button" className="button" onClick={() => setReveal({ kind: "asked" })}>
            {words("tryAgain")}
          </button>
        ) : (
          <>
            <button type="submit" className="button button-primary">
              {words("check")}
            </button>
            <button type="button" className="fig-link" onClick={() => commit(null)}>
              {words("showMe")}
            </button>
          </>
        )}
      </form>
      <p id={`${id}-result`} className={`fig-result ${given === null ? "" : correct ? "fig-right" : "fig-wrong"}`}>
        {reveal.kind === "wrong-form" && words("predictInvalid", { value: reveal.value })}
        {answered && verdict(given)}
      </p>
      {answered && (
        <p className="fig-why">
          <strong>{words("why")}</strong> {why}
        </p>
      )}
    </Frame>
  );
}

function pagesIn(text: string): readonly number[] {
  const read = readPages(text);
  return "wrong" in read ? [] : read.pages;
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
