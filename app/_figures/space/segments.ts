// From addresses to places on a vertical bar: areas and gaps, the highest address on top.
// Theory: a map of 3 GiB with areas of a few pages cannot be true to scale. An area's height grows with the square root of its pages
//         and never falls below one line of text; gaps are broken and share what is left.

import type { AreaView, ProcessView } from "@/lib/scenarios/space-view";
import { PAGE_SIZE } from "@/lib/sim/constants";
import { TASK_SIZE } from "@/lib/sim/mm/flags";

export interface Segment {
  readonly kind: "area" | "gap" | "more";
  readonly start: number;
  readonly end: number;
  readonly y: number;
  readonly height: number;
  /** Of an area. */
  readonly area: AreaView | null;
  /** How many areas are drawn as one. */
  readonly hidden: number;
}

export const lineHeight = 24;
const gapHeight = 15;
/** Pixels that an area gets for the square root of its pages, at most. */
const growth = 5;
/** More areas are not drawn one by one. */
const mostDrawn = 12;
const drawnAbove = 6;

interface Piece {
  readonly kind: Segment["kind"];
  readonly start: number;
  readonly end: number;
  readonly area: AreaView | null;
  readonly hidden: number;
}

/** Segments from top to bottom that fill `height` pixels from `top` on. */
export function segmentsOf(process: ProcessView, top: number, height: number): Segment[] {
  const pieces = withGaps(drawn(process.areas));
  const fixed = pieces.reduce((sum, { kind }) => sum + (kind === "gap" ? gapHeight : lineHeight), 0);
  const spare = Math.max(0, height - fixed);
  const roots = pieces.map(({ kind, start, end }) => (kind === "area" ? Math.sqrt((end - start) / PAGE_SIZE) - 1 : 0));
  const wanted = roots.reduce((sum, root) => sum + root * growth, 0);
  const scale = wanted === 0 ? 0 : Math.min(1, (spare * 0.6) / wanted) * growth;
  const gaps = pieces.map(({ kind, start, end }) => (kind === "gap" ? Math.cbrt(end - start) : 0));
  const gapSum = gaps.reduce((sum, gap) => sum + gap, 0);
  const left = spare - roots.reduce((sum, root) => sum + root * scale, 0);
  let y = top;
  return pieces.map((piece, index) => {
    const base = piece.kind === "gap" ? gapHeight : lineHeight;
    const extra = gapSum === 0 ? roots[index]! * scale : roots[index]! * scale + (gaps[index]! / gapSum) * left;
    const segment = { ...piece, y, height: base + extra };
    y += segment.height;
    return segment;
  });
}

/** The areas to draw, from the top; those in the middle of a long list are one piece. */
function drawn(areas: readonly AreaView[]): Piece[] {
  const single = areas
    .map((area) => ({ kind: "area", start: area.start, end: area.end, area, hidden: 1 }) as const)
    .reverse();
  if (single.length <= mostDrawn) return single;
  const below = mostDrawn - drawnAbove - 1;
  const hidden = single.slice(drawnAbove, single.length - below);
  const more: Piece = {
    kind: "more",
    start: hidden.at(-1)!.start,
    end: hidden[0]!.end,
    area: null,
    hidden: hidden.length,
  };
  return [...single.slice(0, drawnAbove), more, ...single.slice(single.length - below)];
}

function withGaps(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  let above = TASK_SIZE;
  const gap = (start: number, end: number) => {
    if (end > start) all.push({ kind: "gap", start, end, area: null, hidden: 0 });
  };
  for (const piece of pieces) {
    gap(piece.end, above);
    all.push(piece);
    above = piece.start;
  }
  gap(0, above);
  return all;
}

/** Where an address stands. A border belongs to both its neighbours, at one place. */
export function yOf(segments: readonly Segment[], address: number): number {
  const segment = segments.find(({ start, end }) => address >= start && address <= end) ?? segments[0]!;
  const share = segment.end === segment.start ? 0 : (segment.end - address) / (segment.end - segment.start);
  return segment.y + share * segment.height;
}
