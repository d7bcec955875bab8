// One state of the buddy allocator as a figure: no script needed. Drawn twice, for wide and for narrow columns.
import "../figures.css";
import type { ReactNode } from "react";
import { FigureTable } from "../table";
import { TwoPictures } from "../two-pictures";
import type { FigureWords } from "../words";
import { type BlockKind, blocksOf, type DrawnState } from "./blocks";
import { buddyFigure } from "./buddy";
import { BuddyLegend } from "./legend";
import type { BuddyOptions } from "./scene";

interface BuddyFigureProps {
  readonly id: string;
  readonly caption: ReactNode;
  readonly state: DrawnState;
  /** `translator(locale, "figure")`. */
  readonly words: FigureWords;
  readonly options?: BuddyOptions;
}

export function BuddyFigure({ id, caption, state, words, options }: BuddyFigureProps) {
  return (
    <figure className="fig" id={id} aria-labelledby={`${id}-caption`}>
      <div className="fig-canvas">
        <TwoPictures id={id} draw={(width) => buddyFigure.layout(state, width, words, options)} />
      </div>
      <BuddyLegend kinds={kindsOf(state)} words={words} />
      <p className="fig-summary">{buddyFigure.summarize(state, words)}</p>
      <FigureTable table={buddyFigure.tabulate(state, words)} words={words} />
      <figcaption id={`${id}-caption`}>{caption}</figcaption>
    </figure>
  );
}

/** Kinds worth a legend: the usual two, what the machine is configured for, and whatever is there. */
export function kindsOf(state: DrawnState): BlockKind[] {
  const present = new Set<BlockKind>(["free", "used", ...blocksOf(state).map((block) => block.kind)]);
  if (state.pcp) present.add("hot").add("cold");
  return [...present].filter((kind) => kind !== "held" || state.held !== undefined);
}
