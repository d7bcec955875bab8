// Where everything of swapping stands: the pages of the processes, below them the slots of each area by priority, then the cache.
//
//   parent   [M][M][A1][A2][ ]            M in memory, A1 in slot 1 of area A (filled: in memory as well)
//   A  priority -1   2 of 18 used   asked next
//            [H][1][1][ ][ ][×]           counter of each slot; H header, × bad
//               |     ========|           bracket: the cluster that is being handed out; ticks: lowest and highest free slot
//   swap cache  [A1 page 130]

import type { Moment } from "@/lib/scenarios/run";
import type { AreaView, PageView, SwapSceneState } from "@/lib/scenarios/swap-types";
import { SWAP_MAP_BAD, SWAP_MAP_MAX } from "@/lib/sim/swap/structs";
import { fits, textWidth } from "../measure";
import {
  type Box,
  fontSize,
  type Label,
  type Look,
  type Marker,
  type Ring,
  ringAround,
  type Scene,
  type Shape,
  smallFontSize,
  wideFrom,
} from "../scene";
import type { WordsOf } from "../words";
import { subjectOf } from "./subject";

export type Words = WordsOf<"figure-swap">;

const cellHeight = 24;
/** Numbers above a row, the marker below it. */
const rowHeight = cellHeight + 24;
const headHeight = 34;
const cacheHead = 22;
const blockGap = 4;
/** Every fourth cell is numbered. */
const axisStep = 4;

const looks: Readonly<Record<PageView["place"], Look>> = {
  none: "free",
  zero: "reserved",
  memory: "anon",
  cached: "file",
  swap: "free",
};

/** Rows of cells of one size. */
interface Grid {
  readonly top: number;
  readonly perRow: number;
  readonly cell: number;
}

export function layoutSwap(
  moment: Moment<SwapSceneState>,
  width: number,
  words: Words,
  before: SwapSceneState | null,
): Scene {
  const { state } = moment;
  const cell = width >= wideFrom ? 30 : 26;
  const perRow = Math.floor((width - 2) / cell);
  const boxes: Box[] = [];
  const shapes: Shape[] = [];
  const labels: Label[] = [];
  const rings: Ring[] = [];
  let marker: Marker | null = null;
  const subject = subjectOf(moment);
  labels.push({
    x: 0,
    y: 11,
    text: words(width >= wideFrom ? "caption" : "captionShort"),
    look: "caption",
    anchor: "start",
  });
  let y = 18;
  for (const who of ["parent", "child"] as const) drawProcess(who);
  for (const area of inOrder(state)) drawArea(area, before?.areas.find(({ name }) => name === area.name) ?? null);
  const windowNote = [words("windowNote"), words("windowShort")].find((each) => fits(each, smallFontSize, width));
  if (windowNote !== undefined) labels.push({ x: 0, y: y + 4, text: windowNote, look: "axis", anchor: "start" });
  y += 12;
  drawCache();
  return { width, height: y, boxes, shapes, labels, rings, marker };

  function place({ top, perRow: each, cell: size }: Grid, index: number) {
    return {
      x: 1 + (index % each) * size,
      y: top + Math.floor(index / each) * rowHeight,
      width: size - 2,
      height: cellHeight,
    };
  }

  function drawAxis(grid: Grid, count: number): void {
    for (let index = 0; index < count; index += axisStep) {
      const spot = place(grid, index);
      labels.push({ x: spot.x + spot.width / 2, y: spot.y - 4, text: String(index), look: "axis", anchor: "middle" });
    }
  }

  function drawProcess(who: "parent" | "child"): void {
    const process = state[who];
    const count = state.parent.pages.length;
    labels.push({ x: 0, y: y + 14, text: words(who), look: "strong", anchor: "start" });
    const after = Math.ceil(textWidth(words(who), fontSize)) + 10;
    const note = process === null ? words("noChild") : words("processNote", counts(process.pages));
    const short = process === null ? note : words("processShort", counts(process.pages));
    const text = [note, short].find((each) => fits(each, fontSize, width - after));
    if (text !== undefined) labels.push({ x: after, y: y + 14, text, look: "note", anchor: "start" });
    const grid = { top: y + headHeight, perRow, cell };
    drawAxis(grid, count);
    for (let index = 0; index < count; index++) {
      const spot = place(grid, index);
      const view = process?.pages[index];
      if (view === undefined) {
        shapes.push({ d: `M${spot.x} ${spot.y}h${spot.width}v${spot.height}h${-spot.width}z`, look: "ghost" });
        continue;
      }
      const label = view.place === "memory" ? "M" : view.place === "zero" ? "0" : view.slot;
      const shown = label !== null && fits(label, smallFontSize, spot.width + 4) ? label : null;
      boxes.push({ key: `${who}:${index}`, look: looks[view.place], ...spot, label: shown, square: true });
      if (subject.who === who && subject.page === index) point(spot);
    }
    y += headHeight + Math.ceil(count / perRow) * rowHeight + blockGap;
  }

  function drawArea(area: AreaView, old: AreaView | null): void {
    const { name, counters } = area;
    labels.push({ x: 0, y: y + 14, text: name, look: "strong", anchor: "start" });
    const isNext = state.next === name && area.state === "on" ? "yes" : "no";
    const values = { state: area.state, prio: area.prio, inuse: area.inuse, usable: area.usable, next: isNext };
    const text = [words("areaNote", values), words("areaShort", values)].find((each) =>
      fits(each, fontSize, width - 18),
    );
    if (text !== undefined) labels.push({ x: 18, y: y + 14, text, look: "note", anchor: "start" });
    const grid = { top: y + headHeight, perRow, cell };
    const cached = new Set(area.cached);
    drawAxis(grid, counters.length);
    for (const [slot, counter] of counters.entries()) {
      const spot = place(grid, slot);
      const label = labelOf(area, slot, counter);
      boxes.push({
        key: `${name}:${slot}`,
        look: lookOf(area, slot, counter, cached.has(slot)),
        ...spot,
        label,
        square: true,
      });
      if (subject.slot === `${name}${slot}`) point(spot);
      else if (slot > 0 && old !== null && old.counters[slot] !== counter)
        rings.push({ ...ringAround(spot, "previous") });
    }
    if (area.state !== "off") {
      drawWindow(area, grid);
      tick(area.lowest, "mark-dashed", "start");
      tick(area.highest, "mark-dotted", "end");
    }
    y += headHeight + Math.ceil(counters.length / perRow) * rowHeight + blockGap;

    function tick(slot: number, look: "mark-dashed" | "mark-dotted", edge: "start" | "end"): void {
      if (area.lowest > area.highest || slot >= counters.length) return;
      const spot = place(grid, slot);
      const x = edge === "start" ? spot.x - 1 : spot.x + spot.width + 1;
      shapes.push({ d: `M${x} ${spot.y - 2}V${spot.y + cellHeight + 4}`, look });
    }
  }

  /** A line under the slots that the current cluster may still hand out, broken at the ends of rows. */
  function drawWindow({ clusterNext, clusterNr, highest }: AreaView, grid: Grid): void {
    const last = Math.min(clusterNext + clusterNr - 1, highest);
    for (let slot = clusterNext; slot <= last; ) {
      const end = Math.min(last, slot - (slot % grid.perRow) + grid.perRow - 1);
      const [from, to] = [place(grid, slot), place(grid, end)];
      shapes.push({ d: `M${from.x} ${from.y + cellHeight + 3}H${to.x + to.width}`, look: "mark" });
      slot = end + 1;
    }
  }

  function drawCache(): void {
    const head = words("cache", { count: state.cache.length });
    labels.push({ x: 0, y: y + 14, text: head, look: "strong", anchor: "start" });
    const chip = Math.ceil(textWidth("A63 p9999", smallFontSize)) + 12;
    const room = Math.max(1, Math.floor(width / (chip + 4)));
    const shown = state.cache.length > room ? state.cache.slice(0, room - 1) : state.cache;
    for (const [index, { slot, pfn, dirty }] of shown.entries()) {
      const spot = { x: 1 + index * (chip + 4), y: y + cacheHead, width: chip, height: cellHeight };
      boxes.push({
        key: `cache:${slot}`,
        look: dirty ? "dirty" : "file",
        ...spot,
        label: words("cacheChip", { slot, pfn }),
      });
      if (subject.slot === slot && subject.inCache) point(spot);
    }
    const hidden = state.cache.length - shown.length;
    const at = 5 + shown.length * (chip + 4);
    if (hidden > 0)
      labels.push({
        x: at,
        y: y + headHeight + 16,
        text: words("more", { count: hidden }),
        look: "quiet",
        anchor: "start",
      });
    y += cacheHead + cellHeight + 18;
  }

  function point(spot: { x: number; y: number; width: number; height: number }): void {
    rings.push(ringAround(spot, "current"));
    marker = { x: spot.x + spot.width / 2, y: spot.y + spot.height + 2 };
  }
}

/** Areas by priority; those that are off last. */
export function inOrder({ areas, order }: SwapSceneState): AreaView[] {
  const rank = (area: AreaView) => (order.includes(area.name) ? order.indexOf(area.name) : areas.length);
  return [...areas].sort((a, b) => rank(a) - rank(b));
}

export function counts(pages: readonly PageView[]): {
  readonly memory: number;
  readonly cached: number;
  readonly swap: number;
} {
  const of = (...places: PageView["place"][]) => pages.filter(({ place }) => places.includes(place)).length;
  return { memory: of("memory", "cached"), cached: of("cached"), swap: of("swap") };
}

function lookOf({ state }: AreaView, slot: number, counter: number, cached: boolean): Look {
  if (slot === 0) return "reserved";
  if (counter === SWAP_MAP_BAD) return "guard";
  if (state === "off") return "free";
  if (counter === 0) return "free";
  return cached ? "file" : "used";
}

function labelOf({ state }: AreaView, slot: number, counter: number): string | null {
  if (slot === 0) return "H";
  if (counter === SWAP_MAP_BAD) return "×";
  if (counter === 0 || state === "off") return null;
  return counter === SWAP_MAP_MAX ? "∞" : String(counter);
}
