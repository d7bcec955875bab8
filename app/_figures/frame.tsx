// The outside of a figure that can be operated: one group for what reacts, below it what describes, the caption last.
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import type { FigureWords } from "./words";

interface FrameProps {
  readonly id: string;
  readonly caption: ReactNode;
  readonly words: FigureWords;
  readonly root?: RefObject<HTMLElement | null>;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  /** Picture and controls. */
  readonly children: ReactNode;
  /** Key, summary (with the id `<id>-summary`) and tables. */
  readonly below: ReactNode;
}

export function Frame({ id, caption, words, root, onKeyDown, children, below }: FrameProps) {
  return (
    <figure ref={root} className="fig" id={id} aria-labelledby={`${id}-caption`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form around the picture */}
      <div
        role="group"
        aria-roledescription={words("interactive")}
        aria-labelledby={`${id}-caption`}
        aria-describedby={`${id}-summary`}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
      {below}
      <figcaption id={`${id}-caption`}>{caption}</figcaption>
    </figure>
  );
}
