// A figure of memory is a few pure functions of one state: picture, sentence, table, step in words, keyboard mirror.
// Theory: everything a reader can perceive comes from the same state, so the faces cannot contradict each other, and
//         all of them are tested without a browser.
import type { FigureWords } from "./words";

export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The cells are lines of a text: blanks count, all characters are equally wide. */
  readonly preformatted?: true;
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
}

/** One thing in the picture that the keyboard can reach; `box` is its place in the scene, in pixels. */
export interface MirrorItem {
  readonly key: string;
  readonly label: string;
  /** What Enter says about it. */
  readonly detail: string;
  readonly level: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface Figure<State, Moment, Scene, Options> {
  readonly id: string;
  layout(state: State, width: number, words: FigureWords, options?: Options): Scene;
  summarize(state: State, words: FigureWords): string;
  tabulate(state: State, words: FigureWords): Table;
  /** What happened between two moments, in one or two sentences. */
  announce(previous: Moment | null, next: Moment, words: FigureWords): string;
  /** In the order in which arrow keys visit them. */
  mirror(state: State, scene: Scene, words: FigureWords): readonly MirrorItem[];
}

export function defineFigure<State, Moment, Scene, Options>(
  figure: Figure<State, Moment, Scene, Options>,
): Figure<State, Moment, Scene, Options> {
  return figure;
}
