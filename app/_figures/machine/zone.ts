// One zone of the whole machine: what most of its frames are used for, from the first to the last, and below it how many are free.
import type { FrameUse } from "@/lib/sim/whole/census";
import type { ZoneRow } from "@/lib/sim/whole/observe";
import { fits, textWidth } from "../measure";
import { fontSize, type Place, round, type Scene, type Shape, smallFontSize } from "../scene";
import type { WordsOf } from "../words";
import { zoneScale } from "../zone-scale";
import { type MarkState, markState } from "../zones/marks";
import type { Drawing } from "./drawing";
import { uses } from "./uses";

type Words = WordsOf<"figure-machine">;

export const zoneHeight = 80;
const stripTop = 18;
const stripHeight = 22;
const gaugeTop = 46;
const gaugeHeight = 9;
/** Narrower stretches have no edge of their own: it would drown the fill. */
const leastEdged = 6;

export const stateKeys = {
  asleep: "stateAsleep",
  between: "stateBetween",
  low: "stateLow",
  min: "stateMin",
} as const satisfies Readonly<Record<MarkState, Parameters<Words>[0]>>;

interface ZonePlace {
  readonly zone: ZoneRow;
  readonly before: ZoneRow | null;
  readonly y: number;
  readonly width: number;
}

export function drawZone(drawing: Drawing, { zone, before, y, width }: ZonePlace, words: Words): void {
  drawHead(drawing, zone, y, width, words);
  drawStrip(drawing, zone, { x: 1, y: y + stripTop, width: width - 2, height: stripHeight });
  drawGauge(drawing, zone, before, { x: 1, y: y + gaugeTop, width: width - 2, height: gaugeHeight }, words);
}

function drawHead({ labels }: Drawing, zone: ZoneRow, y: number, width: number, words: Words): void {
  const state = words(stateKeys[markState(zone)]);
  const free = words("free", { free: zone.free, pages: zone.pages });
  const after = Math.ceil(textWidth(zone.name, fontSize)) + 10;
  labels.push({ x: 0, y: y + 12, text: zone.name, look: "strong", anchor: "start" });
  labels.push({ x: after, y: y + 12, text: free, look: "note", anchor: "start" });
  const room = width - after - textWidth(free, fontSize) - 8;
  const short = state.split(/[:：]/u)[0]!;
  const text = [state, short].find((each) => fits(each, fontSize, room)) ?? state.slice(0, 1);
  labels.push({ x: width, y: y + 12, text, look: "note", anchor: "end" });
}

function drawStrip({ boxes, shapes }: Drawing, zone: ZoneRow, place: Place): void {
  const scale = place.width / zone.pages;
  const narrow: Partial<Record<FrameUse, string>> = {};
  // A path, not a box: slivers are paths too and must lie above it.
  shapes.push({ d: `M${place.x} ${place.y}h${place.width}v${place.height}h-${place.width}z`, look: "free" });
  for (const { pfn, pages, use } of zone.strip) {
    const x = round(place.x + (pfn - zone.startPfn) * scale);
    const width = round(pages * scale);
    const { look, letter } = uses[use];
    // What is free is hollow; a sliver on a per-CPU list is not worth a mark.
    if (use === "free" || (use === "percpu" && width < leastEdged)) continue;
    if (width < leastEdged) {
      narrow[use] =
        `${narrow[use] ?? ""}M${x} ${place.y}h${Math.max(1, width)}v${place.height}h-${Math.max(1, width)}z`;
      continue;
    }
    const label = fits(letter, smallFontSize, width) ? letter : null;
    boxes.push({ key: `run:${pfn}`, look, ...place, x, width, label, square: true });
  }
  for (const use of Object.keys(narrow) as FrameUse[]) shapes.push({ d: narrow[use]!, look: uses[use].look });
}

function drawGauge(drawing: Drawing, zone: ZoneRow, before: ZoneRow | null, place: Place, words: Words): void {
  const { boxes, shapes, labels, rings } = drawing;
  const xOf = zoneScale(zone, place.width);
  boxes.push({ key: `gauge:${zone.name}`, look: "free", ...place, label: null });
  boxes.push({ key: `free:${zone.name}`, look: "count", ...place, width: round(xOf(zone.free)), label: null });
  mark("min", zone.min, "mark");
  mark("low", zone.low, "mark-dashed");
  mark("high", zone.high, "mark-dotted");
  if (before && before.free !== zone.free) {
    const [from, to] = [xOf(before.free), xOf(zone.free)];
    const width = Math.max(3, round(Math.abs(from - to)));
    const x = Math.min(round(place.x + Math.min(from, to)), place.x + place.width - width);
    rings.push({ look: "previous", x, y: place.y - 2, width, height: place.height + 4 });
  }

  function mark(name: "min" | "low" | "high", pages: number, look: Shape["look"]): void {
    const x = round(place.x + xOf(pages));
    shapes.push({ d: `M${x} ${place.y - 5}v${place.height + 9}`, look });
    const y = place.y + place.height + 13;
    const text = words(name);
    if (name === "low") {
      const room = 2 * Math.min(xOf(zone.high) - xOf(pages), xOf(pages) - xOf(zone.min));
      if (fits(text, smallFontSize, room)) labels.push({ x, y, text, look: "axis", anchor: "middle" });
    } else if (name === "min") {
      const room = x - 2;
      if (fits(text, smallFontSize, room + 6)) labels.push({ x: x - 2, y, text, look: "axis", anchor: "end" });
    } else labels.push({ x: x + 2, y, text, look: "axis", anchor: "start" });
  }
}

/** The place of a zone in the scene: strip and gauge. */
export function zonePlace(scene: Scene, name: string): Place {
  const gauge = scene.boxes.find(({ key }) => key === `gauge:${name}`)!;
  const top = gauge.y - gaugeTop + stripTop;
  return { x: gauge.x, y: top, width: gauge.width, height: gauge.y + gauge.height - top };
}
