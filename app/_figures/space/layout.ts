// Where everything of an address space stands: a vertical bar, the highest address on top; a second one for a child.
//
//   0xc000_0000 +------------------+ kernel
//               | stack rw-p 21 p  |        what is filled at an area's foot is in memory
//   0xbffe_b000 +------------------+
//               ≈  62 MiB free     ≈
//   0xb800_0000 +------------------+ ◂ mmap_base
//               | rw-p 3 p         |
//   0xb7ff_d000 +------------------+ ◂ free_area_cache

import type { Moment } from "@/lib/scenarios/run";
import type { SpaceOp, SpaceState } from "@/lib/scenarios/space-types";
import type { AreaView, PageKind, ProcessView } from "@/lib/scenarios/space-view";
import type { SimEvent } from "@/lib/sim/events";
import { TASK_SIZE } from "@/lib/sim/mm/flags";
import { fits, textWidth } from "../measure";
import {
  type Box,
  fontSize,
  type Label,
  type Look,
  type Marker,
  type Place,
  type Ring,
  ringAround,
  round,
  type Scene,
  type Shape,
  smallFontSize,
  wideFrom,
} from "../scene";
import type { WordsOf } from "../words";
import { address, size } from "./amounts";
import { lineHeight, type Segment, segmentsOf, yOf } from "./segments";

export type Words = WordsOf<"figure-space">;

const top = 38;
const kernelHeight = 22;
const barHeight = 500;
const stripHeight = 5;
const axisWidth = 82;

export const looks = { anon: "anon", file: "file", zero: "reserved" } as const satisfies Readonly<
  Record<PageKind, Look>
>;

interface Bar {
  readonly who: "parent" | "child";
  readonly process: ProcessView;
  readonly x: number;
  readonly width: number;
  readonly segments: readonly Segment[];
}

/** A picture being put together. */
interface Sheet {
  readonly width: number;
  readonly words: Words;
  readonly boxes: Box[];
  readonly shapes: Shape[];
  readonly labels: Label[];
  readonly rings: Ring[];
}

export function layoutSpace(
  moment: Moment<SpaceState>,
  width: number,
  words: Words,
  _before: SpaceState | null,
): Scene {
  const { parent, child } = moment.state;
  const sheet: Sheet = { width, words, boxes: [], shapes: [], labels: [], rings: [] };
  const caption = [words("caption"), words("captionShort")].find((text) => textWidth(text, smallFontSize) <= width);
  sheet.labels.push({ x: 0, y: 11, text: caption ?? "", look: "caption", anchor: "start" });
  const bars: Bar[] = [];
  if (parent !== null && child === null) {
    const right = width >= wideFrom ? 150 : 64;
    bars.push(barOf(parent, "parent", axisWidth, width - axisWidth - right));
    drawPointers(sheet, bars[0]!, width - right);
  } else {
    const middle = width >= wideFrom ? 140 : 34;
    const each = (width - 2 * axisWidth - middle) / 2;
    if (parent !== null) bars.push(barOf(parent, "parent", axisWidth, each));
    if (child !== null) bars.push(barOf(child, "child", axisWidth + each + middle, each));
  }
  for (const bar of bars) drawBar(sheet, bar);
  if (bars.length === 2) drawTies(sheet, bars[0]!, bars[1]!);
  if (bars.length === 0)
    sheet.labels.push({ x: width / 2, y: 120, text: words("ended"), look: "note", anchor: "middle" });
  const op = moment.op as SpaceOp | null;
  const by = op !== null && "who" in op ? op.who : "parent";
  const acting = bars.find(({ who }) => who === by) ?? null;
  const marker = markCurrent(sheet, acting, moment.events);
  const { boxes, shapes, labels, rings } = sheet;
  return { width, height: top + kernelHeight + barHeight + 16, boxes, shapes, labels, rings, marker };
}

function barOf(process: ProcessView, who: Bar["who"], x: number, width: number): Bar {
  return { who, process, x, width, segments: segmentsOf(process, top + kernelHeight, barHeight) };
}

function drawBar(sheet: Sheet, bar: Bar): void {
  const { words } = sheet;
  const { pid } = bar.process;
  const name = [words("who", { who: bar.who, pid }), words("whoShort", { who: bar.who, pid })].find(
    (text) => textWidth(text, fontSize) <= bar.width + 16,
  );
  const middle = bar.x + bar.width / 2;
  sheet.labels.push({ x: middle, y: top - 7, text: name ?? String(pid), look: "strong", anchor: "middle" });
  const kernelText = [words("kernelLong"), words("kernel")].find((text) => fits(text, smallFontSize, bar.width - 20));
  sheet.boxes.push({
    key: `kernel:${bar.who}`,
    look: "guard",
    x: bar.x,
    y: top,
    width: bar.width,
    height: kernelHeight,
    label: kernelText ?? null,
    square: true,
  });
  sheet.shapes.push({
    d: `M${bar.x} ${top}V${top + kernelHeight + barHeight}M${bar.x + bar.width} ${top}V${top + kernelHeight + barHeight}`,
    look: "rule",
  });
  tick(sheet, bar, TASK_SIZE, top + kernelHeight);
  for (const segment of bar.segments) {
    if (segment.kind === "gap") drawGap(sheet, bar, segment);
    else drawArea(sheet, bar, segment);
  }
  tick(sheet, bar, 0, top + kernelHeight + barHeight);
}

/** The address beside a border. */
function tick(sheet: Sheet, bar: Bar, at: number, y: number): void {
  const left = bar.who === "parent";
  const x = left ? bar.x - 4 : bar.x + bar.width + 4;
  sheet.labels.push({ x, y: y + 4, text: address(at), look: "axis", anchor: left ? "end" : "start" });
}

function drawGap(sheet: Sheet, bar: Bar, { start, end, y, height }: Segment): void {
  const middle = y + height / 2;
  const text = sheet.words("gap", { size: size(end - start) });
  const shown = fits(text, smallFontSize, bar.width - 24) ? text : "";
  if (shown !== "")
    sheet.labels.push({ x: bar.x + bar.width / 2, y: middle + 4, text, look: "quiet", anchor: "middle" });
  // The bar's edges are broken where the axis is.
  for (const x of [bar.x, bar.x + bar.width])
    sheet.shapes.push({
      d: `M${round(x - 4)} ${round(middle + 1)}l8 -5M${round(x - 4)} ${round(middle + 5)}l8 -5`,
      look: "mark",
    });
}

function drawArea(sheet: Sheet, bar: Bar, segment: Segment): void {
  const { y, height, area } = segment;
  const place = { x: bar.x, y: round(y), width: bar.width, height: round(height) };
  if (area === null) {
    const label = sheet.words("more", { count: segment.hidden });
    const shown = fits(label, smallFontSize, bar.width) ? label : `+${segment.hidden}`;
    sheet.boxes.push({ key: `more:${bar.who}`, look: "panel", ...place, label: shown, square: true });
  } else {
    const label = areaLabels(area, sheet.words).find((text) => fits(text, smallFontSize, bar.width)) ?? null;
    sheet.boxes.push({ key: `area:${area.id}`, look: "free", ...place, label, square: true });
    drawPages(sheet, place, area);
  }
  tick(sheet, bar, segment.start, y + height);
  const above = bar.segments[bar.segments.indexOf(segment) - 1];
  if (above?.kind === "gap") tick(sheet, bar, segment.end, y);
}

/** From the longest to the shortest. */
function areaLabels(area: AreaView, words: Words): string[] {
  const pages = (area.end - area.start) / 4096;
  const name = words("areaName", { name: area.name });
  const marks = `${area.locked ? " L" : ""}${area.accounted ? " a" : ""}`;
  const amount = words("pages", { count: pages });
  const bytes = size(area.end - area.start);
  return [
    `${name} ${area.permissions}${marks} · ${amount} · ${bytes}`,
    `${name} ${area.permissions}${marks} · ${amount}`,
    `${name} ${area.permissions}${marks}`,
    `${name} ${area.permissions}`,
    area.permissions,
  ];
}

/** At the foot of an area: its pages from left to right, filled where they are in memory. */
function drawPages(sheet: Sheet, place: Place, area: AreaView): void {
  const pages = (area.end - area.start) / 4096;
  const step = place.width / pages;
  for (const run of area.runs)
    sheet.boxes.push({
      key: `pages:${area.id}:${run.at}`,
      look: looks[run.kind],
      x: round(place.x + run.at * step),
      y: round(place.y + place.height - stripHeight),
      width: Math.max(2, round(run.count * step)),
      height: stripHeight,
      label: null,
      square: true,
    });
}

/** What the kernel remembers, beside the bar. */
function drawPointers(sheet: Sheet, bar: Bar, x: number): void {
  const { process, segments } = bar;
  const room = sheet.width - x - 10;
  const pointers: { at: number; long: string; short: string }[] = [];
  const add = (at: number, long: string, short: string) => {
    const same = room > 100 ? pointers.find((each) => each.at === at) : undefined;
    if (same === undefined) pointers.push({ at, long, short });
    else same.long = `${same.long} = ${long}`;
  };
  add(process.cache, "free_area_cache", "cache");
  add(process.mmapBase, "mmap_base", "base");
  if (process.brk !== 0) add(process.brk, "brk", "brk");
  let lowest = -Infinity;
  for (const { at, long, short } of pointers.sort((a, b) => b.at - a.at)) {
    const y = round(yOf(segments, at));
    const textY = Math.max(y + 4, lowest + 13);
    lowest = textY;
    const text = [long, short].find((each) => textWidth(each, smallFontSize) <= room) ?? short.slice(0, 8);
    sheet.shapes.push({ d: `M${x + 1} ${y}l6 -4v8z`, look: "mark" });
    sheet.labels.push({ x: x + 10, y: textY, text, look: "axis", anchor: "start" });
  }
}

/** Between parent and child: areas that still share frames are tied, those that do not any more have a broken tie. */
function drawTies(sheet: Sheet, left: Bar, right: Bar): void {
  const from = left.x + left.width;
  const to = right.x;
  for (const segment of left.segments) {
    const area = segment.area;
    const twin = right.segments.find((each) => each.area !== null && each.area.start === area?.start);
    if (area === null || twin === undefined || area.resident === 0) continue;
    const [y1, y2] = [round(segment.y + segment.height / 2), round(twin.y + twin.height / 2)];
    const middle = (from + to) / 2;
    const word = area.tied === 0 ? "≠" : sheet.words("tied", { count: area.tied, all: area.resident });
    const text = textWidth(word, fontSize) + 36 <= to - from ? word : area.tied === 0 ? "≠" : String(area.tied);
    const half = textWidth(text, fontSize) / 2 + 4;
    const y = round((y1 + y2) / 2);
    const d = `M${from + 2} ${y1}L${round(middle - half)} ${y}M${round(middle + half)} ${y}L${to - 2} ${y2}`;
    sheet.shapes.push({ d, look: area.tied < area.resident ? "mark-dashed" : "mark" });
    sheet.labels.push({ x: middle, y: y + 4, text, look: "note", anchor: "middle" });
  }
}

/** Events that have a place in the picture. */
const shown: ReadonlySet<SimEvent["kind"]> = new Set([
  "vma-merge",
  "vma-grow",
  "vma-insert",
  "vma-flags",
  "vma-split",
  "gap-refused",
  "place-chosen",
  "fault-handled",
] as const);

/** Rings what the step is about. */
function markCurrent(sheet: Sheet, bar: Bar | null, events: readonly SimEvent[]): Marker | null {
  if (bar === null) return null;
  let marker: Marker | null = null;
  const ring = (start: number, end: number) => {
    const hit = bar.segments.filter((each) => each.area !== null && each.start < end && each.end > start);
    for (const { y, height } of hit) {
      sheet.rings.push(ringAround({ x: bar.x, y: round(y), width: bar.width, height: round(height) }, "current"));
      marker = { x: bar.x + 12, y: round(y + height) + 2 };
    }
  };
  const event = events.findLast(({ kind }) => shown.has(kind));
  if (event?.kind === "vma-merge" || event?.kind === "vma-grow") ring(event.newStart, event.newEnd);
  if (event?.kind === "vma-insert" || event?.kind === "vma-flags" || event?.kind === "vma-split")
    ring(event.start, event.end);
  if (event?.kind === "gap-refused") {
    ring(event.start, event.end);
    ghost(sheet, bar, event.address, event.length);
  }
  if (event?.kind === "place-chosen") marker = { x: bar.x + 12, y: ghost(sheet, bar, event.address, event.length) + 2 };
  if (event?.kind === "fault-handled") ring(event.address, event.address + 1);
  return marker;
}

/** A dashed outline of what is to go there; in a gap it gets a height that can be seen. @returns its lower edge. */
function ghost(sheet: Sheet, bar: Bar, start: number, length: number): number {
  let y1 = round(yOf(bar.segments, Math.min(start + length, TASK_SIZE)));
  let y2 = round(yOf(bar.segments, start));
  const gap = bar.segments.find((each) => each.kind === "gap" && each.start <= start && each.end >= start + length);
  const wanted = Math.min(lineHeight - 4, gap?.height ?? 0);
  // It stands on the area below it, or hangs from the one above.
  if (y2 - y1 < wanted && gap?.start === start) y1 = y2 - wanted;
  else if (y2 - y1 < wanted) y2 = y1 + wanted;
  const height = Math.max(4, y2 - y1);
  sheet.shapes.push({ d: `M${bar.x + 3} ${y1}h${bar.width - 6}v${height}h${6 - bar.width}z`, look: "ghost" });
  return y1 + height;
}
