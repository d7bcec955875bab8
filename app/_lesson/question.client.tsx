"use client";
// A check question: commit to an answer first, then see why. Without JavaScript the explanation is behind "Answer".
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import { numbersIn } from "./numbers";
import { rememberPrediction } from "./remember.client";

export type LocalQuestion =
  | { readonly kind: "choice"; readonly ask: string; readonly options: readonly LocalOption[] }
  | { readonly kind: "numbers"; readonly ask: string; readonly answer: readonly number[]; readonly why: string };

interface LocalOption {
  readonly text: string;
  readonly right: boolean;
  readonly why: string;
}

interface QuestionProps {
  readonly id: string;
  readonly lesson: string;
  /** Answers of signed-out readers are not kept. */
  readonly stored: boolean;
  readonly question: LocalQuestion;
}

interface Feedback {
  readonly kind: "right" | "wrong" | "shown" | "refused";
  readonly text: string;
}

export function Question({ id, lesson, stored, question }: QuestionProps) {
  const t = useTranslations("lesson.question");
  const name = useId();
  const [feedback, setFeedback] = useState<Feedback | null>(null);

  function tell(next: Feedback) {
    setFeedback(next);
    announce(next.kind === "refused" ? next.text : `${t(next.kind)} ${next.text}`);
  }

  function remember(answer: readonly number[] | null) {
    if (stored) rememberPrediction({ lesson, question: `question:${id}`, answer });
  }

  function check(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const written = String(new FormData(event.currentTarget).get(name) ?? "").trim();
    if (written === "") return tell({ kind: "refused", text: t("needAnswer") });
    const answer = numbersIn(written);
    if (answer === null) return tell({ kind: "refused", text: t("needNumbers") });
    remember(answer);
    tell(judge(question, answer));
  }

  function show() {
    remember(null);
    tell({ kind: "shown", text: solution(question, (answer) => t("expected", { answer })) });
  }

  return (
    <form method="dialog" className="question" onSubmit={check} noValidate>
      <p className="callout-kind">
        <span aria-hidden="true" className="callout-icon">
          ?
        </span>
        {t("title")}
      </p>
      {question.kind === "choice" ? (
        <fieldset>
          <legend>{question.ask}</legend>
          {question.options.map((option, index) => (
            <label key={option.text} className="question-option">
              <input type="radio" name={name} value={index} onChange={() => setFeedback(null)} />
              <span>{option.text}</span>
            </label>
          ))}
        </fieldset>
      ) : (
        <div className="question-numbers">
          <p>{question.ask}</p>
          <label htmlFor={name}>{t("numbersLabel")}</label>
          <input
            id={name}
            name={name}
            className="field"
            inputMode="numeric"
            autoComplete="off"
            aria-invalid={feedback?.kind === "refused" || undefined}
            aria-describedby={`${name}-feedback`}
            onChange={() => setFeedback(null)}
          />
        </div>
      )}
      <p className="question-buttons needs-script">
        <button type="submit" className="button">
          {t("check")}
        </button>
        <button type="button" className="button button-quiet" onClick={show}>
          {t("show")}
        </button>
      </p>
      <div id={`${name}-feedback`} className="question-feedback" data-kind={feedback?.kind}>
        {feedback && (
          <p>
            {feedback.kind !== "refused" && (
              <strong>
                <span aria-hidden="true">
                  {feedback.kind === "right" ? "✓ " : feedback.kind === "wrong" ? "✗ " : ""}
                </span>
                {t(feedback.kind)}
              </strong>
            )}{" "}
            {feedback.text}
          </p>
        )}
      </div>
      <details className="without-script">
        <summary>{t("solution")}</summary>
        <p>{solution(question, (answer) => t("expected", { answer }))}</p>
      </details>
    </form>
  );
}

function judge(question: LocalQuestion, answer: readonly number[]): Feedback {
  if (question.kind === "choice") {
    const chosen = question.options[answer[0] ?? -1];
    return { kind: chosen?.right ? "right" : "wrong", text: chosen?.why ?? "" };
  }
  const right = answer.join(" ") === question.answer.join(" ");
  return { kind: right ? "right" : "wrong", text: question.why };
}

function solution(question: LocalQuestion, expected: (answer: string) => string): string {
  if (question.kind === "numbers") return `${expected(question.answer.join(" "))} ${question.why}`;
  const right = question.options.find((option) => option.right);
  return right ? `${right.text} ${right.why}` : "";
}
