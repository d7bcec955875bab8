// What a page must say to place a figure of a part: plain JSON, texts already in the reader's language.
// The page wraps it in <Words names={["figure", "scene", "figure-<part>"]}>.
import type { Locale } from "@/lib/words/text";

export interface PartFigureProps {
  readonly locale: Locale;
  /** Unique on the page; becomes the element's id. */
  readonly id: string;
  readonly caption: string;
  /** The part's own configuration, or the name of one of its presets (whose operations are then not done). */
  readonly config: unknown;
  /** Command lines; those that are refused are left out. */
  readonly ops: readonly string[];
}

export interface PartStepperProps extends PartFigureProps {
  /** Operations already done when the figure opens; default 0. */
  readonly start?: number;
}
