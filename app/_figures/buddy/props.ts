// What a page must say to place a figure: plain JSON, texts already in the reader's language.
// The page wraps its figures in <Words locale names={["figure"]}> once; the browser needs those words.

import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import type { Locale } from "@/lib/words/text";
import type { PredictAnswer } from "../prediction.client";

export interface FigureProps {
  readonly locale: Locale;
  /** Unique on the page; becomes the element's id. */
  readonly id: string;
  readonly caption: string;
}

export interface TraceProps extends FigureProps {
  readonly config: BuddyConfig;
  readonly ops: readonly BuddyOp[];
}

export interface StepperProps extends TraceProps {
  /** Operations already done when the figure opens; default 0. */
  readonly start?: number;
  /** Where the shown state can be taken; default the playground. */
  readonly link?: "playground" | "nowhere";
}

export interface SandboxProps extends TraceProps {
  /** Seed of the first "New seed" workload. */
  readonly seed?: number;
}

/** What the reader must predict about the last operation of the trace. */
export type Question =
  /** First page number of the block that is handed out. */
  | { readonly ask: "page" }
  /** First page number of the free block that the allocator takes (and splits if it is too large). */
  | { readonly ask: "taken" }
  /** First page number of the free block that exists after merging. */
  | { readonly ask: "merged" }
  /** The free list of one order afterwards, head first; an empty list is a valid answer. */
  | { readonly ask: "list"; readonly order: number };

export interface PredictProps extends TraceProps {
  readonly question: Question;
  /** Why the answer is what it is; shown after the reveal. */
  readonly why: string;
  readonly onAnswer?: (answer: PredictAnswer) => void;
}

export interface CompareSide {
  readonly title: string;
  readonly config: BuddyConfig;
  readonly ops: readonly BuddyOp[];
}

export interface CompareProps extends FigureProps {
  readonly left: CompareSide;
  readonly right: CompareSide;
}
