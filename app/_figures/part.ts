// A part of the machine that can be drawn and operated: a scenario (lib/scenarios) and the faces of its figure.
// Theory: every face is a pure function of one moment. What is the same for all parts (controls, mirror, announcing, the console,
//         links, undo) is written once, around these.

import type { Moment } from "@/lib/scenarios/run";
import type { AnyOp, Result, Scenario } from "@/lib/scenarios/scenario";
import type { SimEvent } from "@/lib/sim/events";
import type { MirrorItem, Table } from "./define";
import type { Look, Scene } from "./scene";
import type { AnyWords, PartNamespace, WordsOf } from "./words";

export interface LegendEntry {
  readonly look: Look;
  /** In the part's words; begins with the letter that the picture uses. */
  readonly key: string;
}

export interface Measure {
  readonly name: string;
  readonly value: string | number;
}

/** `Words`: the part's own, `WordsOf<"figure-slab">`. */
export interface PartFigure<State, Words> {
  /** @param before the state one step earlier, for outlines of what was; null after a jump. */
  layout(moment: Moment<State>, width: number, words: Words, before: State | null): Scene;
  legend(state: State): readonly LegendEntry[];
  /** The state in one to three sentences; different states, different sentences. */
  summarize(state: State, words: Words): string;
  tabulate(state: State, words: Words): readonly Table[];
  /** One event as a sentence; null when its neighbours already say it. */
  tell(event: SimEvent, words: Words, moment: Moment<State>): string | null;
  /** Sentences after those of the events: what came of the operation (only on `moment.last`), why it failed. */
  conclude(moment: Moment<State>, words: Words): readonly string[];
  /** The result in a few words, for the log: "page 12", "-ENOMEM". */
  result(op: AnyOp, result: Result, words: Words): string;
  /** In the order in which arrow keys visit them. */
  mirror(state: State, scene: Scene, words: Words): readonly MirrorItem[];
  /** Numbers worth watching. */
  measure(state: State, words: Words): readonly Measure[];
}

export interface Part<Config, Op extends AnyOp, Machine, State, Words> {
  readonly scenario: Scenario<Config, Op, Machine, State>;
  readonly figure: PartFigure<State, Words>;
}

export function definePart<Config, Op extends AnyOp, Machine, State, N extends PartNamespace>(
  _namespace: N,
  part: Part<Config, Op, Machine, State, WordsOf<N>>,
): Part<Config, Op, Machine, State, WordsOf<N>> {
  return part;
}

/** A part whose types nobody needs to know: every `Part<…>` is one. */
export type AnyPart = Part<unknown, AnyOp, unknown, unknown, AnyWords>;
export type AnyMoment = Moment<unknown>;
