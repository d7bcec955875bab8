// Where everything of the zones stands: one bar for each zone, its free pages from the left, its marks across.
//
//   Normal free 700 of 768        ✓ above high
//        min   high
//   [#####|##:#|#####         //     ]      # free; behind the break the rest of the zone, pressed together
//            low
//
// Marks are a few percent of a zone. The bar is therefore drawn to scale only up to twice the high mark, and broken there.
import type { Moment } from "@/lib/scenarios/run";
import type { ZonesState, ZoneView } from "@/lib/scenarios/zones";
import { fits, textWidth } from "../measure";
import {
  type Box,
  fontSize,
  type Label,
  type Marker,
  type Ring,
  ringAround,
  round,
  type Scene,
  type Shape,
  smallFontSize,
} from "../scene";
import type { WordsOf } from "../words";
import { scaledShare, zoneScale } from "../zone-scale";
import { type MarkState, markState } from "./marks";

type Words = WordsOf<"figure-zones">;

const barHeight = 28;
const rowHeight = 100;
const barTop = 34;

export const stateKeys = {
  asleep: "stateAsleep",
  between: "stateBetween",
  low: "stateLow",
  min: "stateMin",
} as const satisfies Readonly<Record<MarkState, Parameters<Words>[0]>>;

export function layoutZones(moment: Moment<ZonesState>, width: number, words: Words, before: ZonesState | null): Scene {
  const { zones, kswapd } = moment.state;
  const boxes: Box[] = [];
  const shapes: Shape[] = [];
  const labels: Label[] = [];
  const rings: Ring[] = [];
  let marker: Marker | null = null;
  const tried = moment.events.findLast((event) => event.kind === "zone-try");
  labels.push({
    x: 0,
    y: 11,
    text: fits(words("caption"), smallFontSize, width) ? words("caption") : words("captionShort"),
    look: "caption",
    anchor: "start",
  });
  for (const [index, zone] of zones.entries()) drawZone(zone, 20 + index * rowHeight);
  const y = 20 + zones.length * rowHeight + 8;
  const awake = words(kswapd === "awake" ? "kswapdAwake" : "kswapdAsleep");
  boxes.push({
    key: "kswapd",
    look: kswapd === "awake" ? "used" : "panel",
    x: 1,
    y,
    width: Math.min(width - 2, Math.ceil(textWidth(awake, smallFontSize)) + 24),
    height: 24,
    label: awake,
  });
  if (moment.events.some((event) => event.kind === "kswapd-wake")) rings.push(ringAround(boxes.at(-1)!, "current"));
  return { width, height: y + 28, boxes, shapes, labels, rings, marker };

  function drawZone(zone: ZoneView, top: number): void {
    const y = top + barTop;
    const place = { x: 1, y, width: width - 2, height: barHeight };
    const xOf = zoneScale(zone, place.width);
    const state = words(stateKeys[markState(zone)]);
    labels.push({ x: 0, y: top + 12, text: zone.name, look: "strong", anchor: "start" });
    const free = words("free", { free: zone.free, pages: zone.pages });
    const after = Math.ceil(textWidth(zone.name, fontSize)) + 10;
    labels.push({ x: after, y: top + 12, text: free, look: "note", anchor: "start" });
    const room = width - after - textWidth(free, fontSize) - 8;
    const short = state.split(/[:：]/u)[0]!;
    const stateText = [state, short].find((text) => fits(text, fontSize, room)) ?? state.slice(0, 1);
    labels.push({ x: width, y: top + 12, text: stateText, look: "note", anchor: "end" });
    boxes.push({ key: `zone:${zone.name}`, look: "free", ...place, label: null, square: true });
    const filled = round(xOf(zone.free));
    boxes.push({ key: `free:${zone.name}`, look: "anon", ...place, width: filled, label: null, square: true });
    mark("min", zone.min, "mark", y - 4);
    mark("low", zone.low, "mark-dashed", y + barHeight + 12);
    mark("high", zone.high, "mark-dotted", y - 4);
    if (xOf(zone.pages) > xOf(2 * zone.high) + 1) {
      const at = round(place.x + place.width * scaledShare);
      const zigzag = `M${at - 3} ${y - 3}l4 8l-4 8l4 8l-4 8l3 6`;
      shapes.push({ d: zigzag, look: "mark" });
    }
    const old = before?.zones.find(({ name: each }) => each === zone.name);
    if (old && old.free !== zone.free) {
      const x = round(Math.min(xOf(old.free), filled));
      const span = Math.max(3, Math.abs(round(xOf(old.free)) - filled));
      rings.push({ look: "previous", x: place.x + x, y: y + 2, width: span, height: barHeight - 4 });
    }
    if (tried?.kind === "zone-try" && tried.zone === zone.name) {
      rings.push(ringAround(place, "current"));
      marker = { x: round(place.x + xOf(Math.max(0, tried.mark + tried.reserve))), y: y + barHeight + 15 };
      const note = words(tried.ok ? "noteOk" : "noteLow", { limit: Math.max(0, tried.mark + tried.reserve) });
      const x = marker.x + 11;
      if (fits(note, fontSize, width - x))
        labels.push({ x, y: y + barHeight + 25, text: note, look: "note", anchor: "start" });
    }

    function mark(name: "min" | "low" | "high", pages: number, look: Shape["look"], textY: number): void {
      const x = round(place.x + xOf(pages));
      shapes.push({ d: `M${x} ${y - 2}V${y + barHeight + 2}`, look });
      const text = words(name);
      const anchor = name === "min" ? "end" : name === "high" ? "start" : "middle";
      labels.push({ x, y: textY, text, look: "axis", anchor: x < 24 && anchor === "end" ? "start" : anchor });
    }
  }
}

/** The zone's bar in the scene. */
export function barOf(scene: Scene, name: string): Box {
  return scene.boxes.find(({ key }) => key === `zone:${name}`)!;
}
