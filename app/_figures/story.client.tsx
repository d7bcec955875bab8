"use client";
// What the last operation did, step by step: each step a button that shows the picture of that moment.
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
  if (refusal !== null) return <p className="fig-step fig-refused">{`✗ ${refusal}`}</p>;
  const line = moments.at(-1)!.line;
  if (moments.length === 1) {
    const sentence = sentenceOf(part, moments[0]!, words, shared);
    return <p className="fig-step">{line === null ? sentence : shared("stepSaid", { label: line, sentence })}</p>;
  }
  return (
    <div className="fig-story">
      <p>
        <code>{line}</code>
      </p>
      <ol>
        {moments.map((moment, at) => (
          <li key={at}>
            <button type="button" aria-current={at === step ? "step" : undefined} onClick={() => control.show(at)}>
              {sentenceOf(part, moment, words, shared)}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
