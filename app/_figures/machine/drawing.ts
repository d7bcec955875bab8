// A picture under construction: what each piece of the layout adds to.
import type { Box, Label, Ring, Shape } from "../scene";

export interface Drawing {
  readonly boxes: Box[];
  readonly shapes: Shape[];
  readonly labels: Label[];
  readonly rings: Ring[];
}

export function newDrawing(): Drawing {
  return { boxes: [], shapes: [], labels: [], rings: [] };
}
