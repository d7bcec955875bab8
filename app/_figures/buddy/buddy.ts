// The buddy allocator as a figure.
// Theory: a page's index is its place on the x axis, so a block and its buddy, which differ in one bit of the index, lie side
//         by side and the merged block lies exactly above both.
import { defineFigure } from "../define";
import type { DrawnState } from "./blocks";
import { layoutBuddy } from "./layout";
import { announceBuddy, type Moment, summarizeBuddy } from "./narrate";
import type { BuddyOptions, Scene } from "./scene";
import { mirrorBuddy, tabulateBuddy } from "./table";

export const buddyFigure = defineFigure<DrawnState, Moment, Scene, BuddyOptions>({
  id: "buddy",
  layout: layoutBuddy,
  summarize: summarizeBuddy,
  tabulate: tabulateBuddy,
  announce: announceBuddy,
  mirror: mirrorBuddy,
});
