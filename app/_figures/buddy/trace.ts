// A replayed trace as figures need it: steps, the state and sentence of each, where operations end.
import type { Replay } from "@/lib/slots/buddy-replay";
import type { FigureWords } from "../words";
import type { DrawnState } from "./blocks";
import { currentBlocks, type Frame, framesOf, stateAt } from "./frames";
import { announceBuddy, type Moment, noteFor } from "./narrate";
import type { BuddyOptions } from "./scene";

export interface Trace {
  readonly run: Replay;
  readonly frames: readonly Frame[];
  /** Positions at which an operation is complete; 0 is the machine before the first. */
  readonly stops: readonly number[];
}

export function traceOf(run: Replay): Trace {
  const frames = framesOf(run);
  return { run, frames, stops: frames.flatMap((frame, at) => (frame.last ? [at] : [])) };
}

export function traceState(trace: Trace, position: number): DrawnState {
  return stateAt(trace.run, trace.frames[position]!);
}

export function momentAt(trace: Trace, position: number): Moment {
  const frame = trace.frames[position]!;
  return { label: trace.run.labels[frame.op] ?? null, events: frame.events, state: stateAt(trace.run, frame) };
}

export function sentenceAt(trace: Trace, position: number, words: FigureWords): string {
  const previous = position > 0 ? momentAt(trace, position - 1) : null;
  return announceBuddy(previous, momentAt(trace, position), words);
}

/** Triangle and rings of a step. */
export function optionsAt(trace: Trace, position: number, words: FigureWords): BuddyOptions {
  const frame = trace.frames[position]!;
  const before = trace.frames[position - 1];
  const current = currentBlocks(frame.events);
  const note = noteFor(frame.events, words);
  return { current, note, previous: before && current.length > 0 ? currentBlocks(before.events) : [] };
}

/** Labels of the operation before, at and after a position. */
export function neighbours(
  trace: Trace,
  position: number,
): { previous: string | null; current: string | null; next: string | null } {
  const { op } = trace.frames[position]!;
  const { labels } = trace.run;
  return { previous: labels[op - 1] ?? null, current: labels[op] ?? null, next: labels[op + 1] ?? null };
}
