"use client";
// What the last operation did, step by step: each step a button that shows the picture of that moment.
import { type KeyboardEvent, useEffect, useRef } from "react";
import { announce } from "@/app/_shell/announce.client";
import { sentenceOf } from "./narrate";
import type { AnyPart } from "./part";
import type { PartControl } from "./use-part-session.client";
import type { PartWords } from "./use-part-words.client";

interface StoryProps {
  readonly part: AnyPart;
  readonly control: PartControl;
  readonly words: PartWords;
  /** Instead of a story: why nothing was done. */
  readonly refusal: string | null;
}

export function Story({ part, control, words: { words, shared }, refusal }: StoryProps) {
  const { moments, step } = control;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const item = list.current?.children[step];
    // Only the list scrolls; the page stays where the reader is.
    if (list.current && item instanceof HTMLElement)
      list.current.scrollTop = item.offsetTop - (list.current.clientHeight - item.offsetHeight) / 2;
  }, [step]);
  if (refusal !== null) return <p className="fig-step fig-refused">{`✗ ${refusal}`}</p>;
  const line = moments.at(-1)!.line;
  const sentences = moments.map((moment) => sentenceOf(part, moment, words, shared));
  if (sentences.length === 1) {
    const [sentence] = sentences;
    return (
      <p className="fig-step">{line === null ? sentence : shared("stepSaid", { label: line, sentence: sentence! })}</p>
    );
  }
  const show = (at: number) => {
    const sentence = sentences[at];
    if (sentence === undefined) return;
    control.show(at);
    announce(sentence);
    list.current?.children[at]?.querySelector("button")?.focus({ preventScroll: true });
  };
  const keys = (event: KeyboardEvent<HTMLElement>, at: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "ArrowDown") show(at + 1);
    else if (event.key === "ArrowUp") show(at - 1);
    else return;
    event.preventDefault();
  };
  return (
    <div className="fig-story">
      <p>
        <code>{line}</code>
      </p>
      <ol ref={list}>
        {sentences.map((sentence, at) => (
          <li key={at}>
            <button
              type="button"
              aria-current={at === step ? "step" : undefined}
              onClick={() => show(at)}
              onKeyDown={(event) => keys(event, at)}
            >
              {sentence}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
