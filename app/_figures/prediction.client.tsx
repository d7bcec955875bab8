"use client";
// Predict, then see: the answer that a reader commits to, and what stands below the picture to give it.
import { type SubmitEvent, useId, useState } from "react";
import { announce } from "@/app/_shell/announce.client";
import { readNumbers, sameNumbers } from "./numbers";
import type { FigureWords } from "./words";

export interface PredictAnswer {
  readonly id: string;
  /** Null when the reader asked to be shown. */
  readonly answer: readonly number[] | null;
  readonly expected: readonly number[];
  readonly correct: boolean;
}

type Reveal =
  | { readonly kind: "asked" }
  | { readonly kind: "wrong-form"; readonly value: string }
  /** `given` null: the reader asked to be shown. */
  | { readonly kind: "answered"; readonly given: readonly number[] | null };

interface Question {
  readonly id: string;
  readonly expected: readonly number[];
  /** One number, or several (none as well) in order. */
  readonly form: "one" | "list";
  readonly why: string;
  readonly words: FigureWords;
  /** How a number is written: pages decimal, addresses 0x…. */
  readonly spell?: (value: number) => string;
  readonly onAnswer?: (answer: PredictAnswer) => void;
}

export interface Prediction extends Question {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly reveal: Reveal;
  readonly answered: boolean;
  /** What was answered; null before, and when the reader asked to be shown. */
  readonly given: readonly number[] | null;
  commit(answer: readonly number[] | null): void;
  submit(): void;
  again(): void;
}

export function usePrediction(question: Question): Prediction {
  const { id, expected, form, why, onAnswer } = question;
  const [text, setText] = useState("");
  const [reveal, setReveal] = useState<Reveal>({ kind: "asked" });
  const commit = (answer: readonly number[] | null) => {
    setReveal({ kind: "answered", given: answer });
    onAnswer?.({ id, answer, expected, correct: answer !== null && sameNumbers(answer, expected) });
    announce(`${verdictOf(question, answer)} ${why}`);
  };
  return {
    ...question,
    text,
    setText: (typed) => {
      setText(typed);
      if (reveal.kind === "wrong-form") setReveal({ kind: "asked" });
    },
    reveal,
    answered: reveal.kind === "answered",
    given: reveal.kind === "answered" ? reveal.given : null,
    commit,
    submit: () => {
      const read = readNumbers(text);
      if ("wrong" in read) setReveal({ kind: "wrong-form", value: read.wrong });
      else if (read.numbers.length === 0 && form === "one") setReveal({ kind: "wrong-form", value: "" });
      else commit(form === "list" ? read.numbers : read.numbers.slice(0, 1));
    },
    again: () => setReveal({ kind: "asked" }),
  };
}

function verdictOf({ expected, spell = String, words }: Question, answer: readonly number[] | null): string {
  const write = (numbers: readonly number[]) =>
    numbers.length === 0 ? words("emptyList") : numbers.map(spell).join(" → ");
  if (answer === null) return words("predictShown", { answer: write(expected) });
  if (sameNumbers(answer, expected)) return words("predictRight", { answer: write(expected) });
  return words("predictWrong", { given: write(answer), answer: write(expected) });
}

/** Field, buttons, verdict and reason. The question itself has the id `<id>-ask`. */
export function PredictionForm({ prediction, label }: { prediction: Prediction; label: string }) {
  const { id, words, form, text, reveal, answered, given, expected, why } = prediction;
  const field = useId();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    prediction.submit();
  };
  const tone = given === null ? "" : sameNumbers(given, expected) ? "fig-right" : "fig-wrong";
  return (
    <>
      <form method="dialog" className="fig-form" onSubmit={submit} noValidate>
        <label htmlFor={field}>{label}</label>
        <input
          id={field}
          className="field"
          inputMode={form === "list" ? "text" : "numeric"}
          autoComplete="off"
          value={text}
          readOnly={answered}
          aria-describedby={`${id}-ask ${id}-result`}
          aria-invalid={reveal.kind === "wrong-form" || undefined}
          onChange={(event) => prediction.setText(event.target.value)}
        />
        {answered ? (
          <button type="button" className="button" onClick={prediction.again}>
            {words("tryAgain")}
          </button>
        ) : (
          <>
            <button type="submit" className="button button-primary">
              {words("check")}
            </button>
            <button type="button" className="fig-link" onClick={() => prediction.commit(null)}>
              {words("showMe")}
            </button>
          </>
        )}
      </form>
      <p id={`${id}-result`} className={`fig-result ${tone}`}>
        {reveal.kind === "wrong-form" && words("predictInvalid", { value: reveal.value })}
        {answered && verdictOf(prediction, given)}
      </p>
      {answered && (
        <p className="fig-why">
          <strong>{words("why")}</strong> {why}
        </p>
      )}
    </>
  );
}
