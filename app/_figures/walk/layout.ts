// Where everything of the page walk stands: the address on top, the ladder, where it ends, and the TLB.
import { hex } from "@/lib/scenarios/hex";
import type { Moment } from "@/lib/scenarios/run";
import type { WalkState } from "@/lib/scenarios/walk-types";
import { fits } from "../measure";
import { fontSize, type Scene, smallFontSize } from "../scene";
import type { WordsOf } from "../words";
import { drawAddress, drawLadder } from "./ladder";
import { Paper } from "./paper";
import { progressOf } from "./progress";
import { drawTlb } from "./tlb";

type Words = WordsOf<"figure-walk">;

export function layoutWalk(moment: Moment<WalkState>, width: number, words: Words, before: WalkState | null): Scene {
  const { state } = moment;
  const shown = progressOf(moment);
  const paper = new Paper(width);
  const { address, access, as } = state.focus;
  const values = { address: hex(address), access: access ?? "none", as, process: state.process.toUpperCase() };
  const titles = [words("titleLong", values), words("titleShort", values), hex(address)];
  const title = titles.find((text) => fits(text, fontSize, width)) ?? hex(address);
  paper.label(0, 12, title, "strong", "start");
  const ladder = drawAddress(paper, state, shown, words, 20);
  const letters = words("letters");
  const room = fits(letters, smallFontSize, width);
  const tlb = drawLadder(paper, state, shown, words, ladder);
  if (room) paper.label(0, tlb + 10, letters, "quiet", "start");
  return paper.scene(drawTlb(paper, state, shown, before, words, tlb + (room ? 20 : 4)));
}
