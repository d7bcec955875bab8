// Where everything of a slab cache stands: the arrays as rows of places, then one row for each slab, true to scale in bytes.
//
//   CPU array 2 of 4 · next out 0.3
//   [0.1][0.3][   ][   ]                      oldest on the left, the next one out on the right
//
//   slab 0 · partial · colour 32 · 2 of 4           free 3 → 1
//   //[d][U 0   ][3     ][C 2   ][1     ]..         colour, descriptor, objects, waste
//                 `-----------------^              the chain of free objects

import type { Moment } from "@/lib/scenarios/run";
import { type ArrayView, cacheName, mostEntries, mostSlabs, type SlabState, type SlabView } from "@/lib/scenarios/slab";
import { PAGE_SIZE } from "@/lib/sim/constants";
import type { ObjectPlace } from "@/lib/sim/slab/observe";
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
} from "../scene";
import type { WordsOf } from "../words";

type Words = WordsOf<"figure-slab">;

const slotWidth = 40;
const slotGap = 2;
const slotHeight = 24;
const headHeight = 18;
const cellHeight = 26;
const arcHeight = 10;
const rowHeight = headHeight + cellHeight + arcHeight + 8;

const looks: Readonly<Record<ObjectPlace, Look>> = { used: "slab", cpu: "hot", shared: "cold", free: "free" };
/** As in the legend; a free object has its number alone. */
export const letters: Readonly<Record<ObjectPlace, string>> = { used: "U", cpu: "C", shared: "S", free: "" };

interface Touched {
  readonly objects: ReadonlySet<string>;
  readonly slabs: ReadonlySet<number>;
}

export function layoutSlab(moment: Moment<SlabState>, width: number, words: Words): Scene {
  const { state } = moment;
  const touched = touchedBy(moment);
  const boxes: Box[] = [];
  const shapes: Shape[] = [];
  const labels: Label[] = [];
  const rings: Ring[] = [];
  let marker: Marker | null = null;
  const { objsize: size, num, colour, colourOff: step } = state;
  say(0, 11, "caption", width, words("caption", { size, num, colour, step }), words("captionShort", { size, num }));
  let y = 22;
  y = drawArray("cpu", state.cpu, mostEntries, y);
  if (state.sharedBatches > 0 && state.shared)
    y = drawArray("shared", state.shared, mostEntries * state.sharedBatches, y);
  y += 6;
  for (const [index, slab] of state.slabs.entries()) drawSlab(slab, y + index * rowHeight);
  if (state.slabs.length === 0) say(0, y + 12, "quiet", width, words("noSlabs"));
  return { width, height: y + mostSlabs * rowHeight, boxes, shapes, labels, rings, marker };

  /** The first text that fits. */
  function say(x: number, at: number, look: Label["look"], room: number, ...texts: readonly string[]): number {
    const px = look === "note" || look === "strong" ? fontSize : smallFontSize;
    const text = texts.find((each) => fits(each, px, room));
    if (text === undefined) return x;
    labels.push({ x, y: at, text, look, anchor: "start" });
    return x + Math.ceil(textWidth(text, px)) + 8;
  }

  /** @returns where the next thing may begin; room is kept for `most` entries. */
  function drawArray(name: "cpu" | "shared", array: ArrayView, most: number, top: number): number {
    const { limit, objects, batchcount: batch } = array;
    const next = objects.at(-1)?.join(".") ?? "";
    const values = { avail: objects.length, limit, batch, next, touched: array.touched ? "yes" : "no" };
    const after = say(0, top + 11, "strong", width, words(name === "cpu" ? "cpuArray" : "sharedArray"));
    const long = words(name === "cpu" ? "cpuNote" : "sharedNote", values);
    say(after, top + 11, "note", width - after, long, words("arrayNote", values), `${objects.length}/${limit}`);
    const columns = Math.max(1, Math.floor((width - 2 + slotGap) / (slotWidth + slotGap)));
    for (let index = 0; index < Math.min(most, Math.max(limit, objects.length)); index++) {
      const object = objects[index];
      const place = {
        x: 1 + (index % columns) * (slotWidth + slotGap),
        y: top + headHeight + Math.floor(index / columns) * (slotHeight + slotGap),
        width: slotWidth,
        height: slotHeight,
      };
      const label = object?.join(".") ?? null;
      const key = label === null ? `${name}:${index}` : `${name}:object:${label}`;
      if (boxes.some((box) => box.key === key)) continue;
      boxes.push({ key, look: label === null ? "free" : looks[name], ...place, label });
      if (label !== null && touched.objects.has(label)) rings.push(ringAround(place, "current"));
    }
    return top + headHeight + Math.ceil(most / columns) * (slotHeight + slotGap) + 8;
  }

  function drawSlab(slab: SlabView, top: number): void {
    const { id, list, inuse, colour: shift, chain } = slab;
    const chained = chain.length === 0 ? "" : words("chain", { chain: chain.join(" → ") });
    const values = { id, list, inuse, num, colour: shift };
    const after = say(0, top + 12, "note", width, words("slabHead", values), words("slabShort", values));
    const chainText = [chained, chain.length === 0 ? "" : words("chain", { chain: `${chain[0]} → …` })].find((text) =>
      fits(text, smallFontSize, width - after),
    );
    if (chainText) labels.push({ x: width - 1, y: top + 12, text: chainText, look: "axis", anchor: "end" });
    const y = top + headHeight;
    const scale = (width - 2) / (PAGE_SIZE * 2 ** state.order);
    const span = (from: number, to: number): Place => ({
      x: round(1 + from * scale),
      y,
      width: Math.max(0, round((to - from) * scale)),
      height: cellHeight,
    });
    const block = (name: string, look: Look, from: number, to: number) => {
      if (to > from) boxes.push({ key: `${name}:${id}`, look, ...span(from, to), label: null, square: true });
    };
    block("colour", "guard", 0, shift);
    block("descriptor", "used", shift, slab.offset);
    for (const [index, place] of slab.places.entries()) {
      const cell = span(slab.offset + index * state.objsize, slab.offset + (index + 1) * state.objsize);
      const label = [`${letters[place]} ${index}`.trim(), letters[place] || `${index}`].find((text) =>
        fits(text, smallFontSize, cell.width),
      );
      boxes.push({ key: `object:${id}.${index}`, look: looks[place], ...cell, label: label ?? null, square: true });
      if (!touched.objects.has(`${id}.${index}`)) continue;
      rings.push(ringAround(cell, "current"));
      marker = { x: round(cell.x + cell.width / 2), y: y + cellHeight + 2 };
    }
    block("waste", "reserved", slab.offset + num * state.objsize, PAGE_SIZE * 2 ** state.order);
    if (touched.slabs.has(id)) rings.push(ringAround({ x: 1, y, width: width - 2, height: cellHeight }, "current"));
    const middle = (index: number) => round(1 + (slab.offset + (index + 0.5) * state.objsize) * scale);
    for (let at = 1; at < chain.length; at++) {
      const [from, to] = [middle(chain[at - 1]!), middle(chain[at]!)];
      const bottom = y + cellHeight + 1;
      const bend = `M${from} ${bottom}Q${round((from + to) / 2)} ${bottom + 2 * arcHeight - 2} ${to} ${bottom}`;
      shapes.push({ d: `${bend}M${to - 3} ${bottom + 5}L${to} ${bottom}L${to + 3} ${bottom + 5}`, look: "arrow" });
    }
  }
}

/** Objects ("slab.index") and slabs that the step is about. */
function touchedBy({ events, state }: Moment<SlabState>): Touched {
  const objects = new Set<string>();
  const slabs = new Set<number>();
  for (const event of events) {
    if (!("cache" in event) || event.cache !== cacheName || !("slab" in event)) continue;
    const id = state.ids[event.slab];
    if (id === undefined) continue;
    if ("index" in event) objects.add(`${id}.${event.index}`);
    else slabs.add(id);
  }
  return { objects, slabs };
}

/** The box of a slab's row: from its first box to its last. */
export function rowOf(scene: Scene, id: number): Place {
  const cells = scene.boxes.filter(({ key }) => key.endsWith(`:${id}`) || key.startsWith(`object:${id}.`));
  const x = Math.min(...cells.map((cell) => cell.x));
  const right = Math.max(...cells.map((cell) => cell.x + cell.width));
  const [first] = cells;
  return { x, y: first!.y, width: round(right - x), height: first!.height };
}
