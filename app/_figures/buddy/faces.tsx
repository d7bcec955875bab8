// What stands below every picture of the buddy machine: key, summary, table.
import { FigureTable } from "../table";
import type { FigureWords } from "../words";
import type { BlockKind, DrawnState } from "./blocks";
import { buddyFigure } from "./buddy";
import { BuddyLegend } from "./legend";

interface FacesProps {
  readonly id: string;
  readonly state: DrawnState;
  readonly kinds: readonly BlockKind[];
  readonly words: FigureWords;
  /** Between summary and table. */
  readonly children?: React.ReactNode;
}

export function BuddyFaces({ id, state, kinds, words, children }: FacesProps) {
  return (
    <>
      <BuddyLegend kinds={kinds} words={words} />
      <p className="fig-summary" id={`${id}-summary`}>
        {buddyFigure.summarize(state, words)}
      </p>
      {children}
      <FigureTable table={buddyFigure.tabulate(state, words)} words={words} />
    </>
  );
}
