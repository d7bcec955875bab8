// Where everything of the buddy picture stands: order lanes, address strip, free lists, on one address axis.
//
//   order 3 |                 [ 8          ]      a block lies in the lane of its order, above its addresses;
//   order 2 |        [ 4     ]                    a dashed box is a range that is split
//   order 1 |   [2 ]
//   strip   [U U][ · ][  U   ][      ·     ]      the same axis again, every page once
//   ticks   0   2   4         8            16
//
// The height depends on the machine and on wide/narrow only, never on the step, so stepping cannot move the page.
import { fits, textWidth } from "../measure";
import { type Box, fontSize, type Label, type Marker, round, type Shape, smallFontSize, wideFrom } from "../scene";
import type { FigureWords } from "../words";
import { type Block, blocksOf, type DrawnState, topOrder } from "./blocks";
import { layoutLists } from "./lists";
import { layoutRings } from "./rings";
import { type BuddyOptions, laneHeight, lanePitch, laneY, type Scale, type Scene, stripHeight, xOf } from "./scene";
import { laneShape, layoutStrip, narrowestBox } from "./strip";

export function layoutBuddy(state: DrawnState, width: number, words: FigureWords, options: BuddyOptions = {}): Scene {
  const layers = options.layers ?? "all";
  const view = options.view ?? { pfn: state.startPfn, pages: state.pages };
  const highest = topOrder(state);
  const wide = width >= wideFrom;
  const gutter = layers !== "all" ? 0 : Math.ceil(textWidth(laneName(highest), smallFontSize)) + 8;
  const scale: Scale = { x: gutter + 1, width: width - gutter - 2, pfn: view.pfn, pages: view.pages };
  const boxes: Box[] = [];
  const shapes: Shape[] = [];
  const labels: Label[] = [];
  const blocks = blocksOf(state).filter((b) => b.pfn < view.pfn + view.pages && b.pfn + b.pages > view.pfn);
  const drawn = blocks.map((block) => clip(block, view));

  // Above a strip without lanes the sign of a differing block needs room.
  let y = layers === "all" ? 0 : 14;
  let lanes: Scene["lanes"] = null;
  if (layers === "lists") {
    const lists = layoutLists(state, width, 0, words, options.differingLists);
    return {
      ...lists,
      width,
      height: Math.ceil(lists.height + 2),
      scale,
      marker: null,
      lanes,
      strip: { y: 0, height: 0 },
    };
  }
  if (layers === "all") {
    labels.push({
      x: 0,
      y: 10,
      text: words(wide ? "lanesCaption" : "lanesCaptionShort"),
      look: "caption",
      anchor: "start",
    });
    lanes = { top: 18, highest };
    addLanes(lanes, drawn, blocks);
    y = 18 + (highest + 1) * lanePitch + 12;
    labels.push({ x: 0, y: y + 4, text: words("stripCaption"), look: "caption", anchor: "start" });
    y += 12;
  }
  const strip = { y, height: stripHeight };
  const stripLayout = layoutStrip(drawn, scale, { y, height: stripHeight }, layers === "all" ? null : words);
  // The frame comes first: columns of narrow blocks leave the free share hollow, and it must have an edge.
  shapes.push({ d: `M${scale.x} ${y}h${round(scale.width)}v${stripHeight}h${-round(scale.width)}z`, look: "free" });
  shapes.push(...stripLayout.shapes);
  boxes.push(...stripLayout.boxes);
  y += stripHeight;
  labels.push(...ticks(scale, y + 14));
  y += 18;
  const current = options.current?.[0];
  const marker = current ? addMarker(current.pfn + 2 ** current.order / 2) : null;
  y += 18;
  const rings = layoutRings(options, { scale, lanes, strip });
  if (layers !== "strip") {
    const lists = layoutLists(state, width, y + 10, words, options.differingLists);
    boxes.push(...lists.boxes);
    shapes.push(...lists.shapes);
    labels.push(...lists.labels);
    rings.push(...lists.rings);
    y += 10 + lists.height;
  }
  return { width, height: Math.ceil(y + 2), scale, boxes, shapes, labels, rings, marker, lanes, strip };

  function laneName(order: number): string {
    return wide ? words("order", { order }) : String(order);
  }

  function addLanes(place: NonNullable<Scene["lanes"]>, visible: readonly Block[], whole: readonly Block[]): void {
    const right = scale.x + scale.width;
    for (let order = highest; order >= 0; order--) {
      const top = laneY({ lanes: place }, order);
      labels.push({ x: 0, y: top + 13, text: laneName(order), look: "quiet", anchor: "start" });
      shapes.push({ d: `M${scale.x} ${top + laneHeight + 2}H${round(right)}`, look: "rule" });
      addGhosts(order, top, whole);
      const inLane = visible.filter((block) => block.order === order);
      const narrow = new Map<Block["kind"], Block[]>();
      for (const block of inLane) {
        const box = { x: xOf(scale, block.pfn), width: (block.pages / scale.pages) * scale.width };
        if (box.width < narrowestBox) {
          const others = narrow.get(block.kind);
          if (others) others.push(block);
          else narrow.set(block.kind, [block]);
          continue;
        }
        const name = String(block.pfn);
        const label = fits(name, smallFontSize, box.width + 3) ? name : null;
        boxes.push({ key: `lane:${block.pfn}`, look: block.kind, ...inset(box), y: top, height: laneHeight, label });
      }
      for (const [kind, list] of narrow) shapes.push({ d: laneShape(list, scale, top, laneHeight), look: kind });
    }
  }

  /** Aligned ranges of this order that hold smaller blocks: what was split, or has not merged yet. */
  function addGhosts(order: number, top: number, whole: readonly Block[]): void {
    const size = 2 ** order;
    const ghostWidth = (size / scale.pages) * scale.width;
    if (order === 0 || ghostWidth < narrowestBox * 2) return;
    const split = new Set<number>();
    for (const block of whole) {
      if (block.order === null || block.order >= order) continue;
      const first = Math.floor((block.pfn - state.startPfn) / size) * size;
      if (first + size <= state.pages) split.add(first);
    }
    let d = "";
    for (const first of split) {
      const x = xOf(scale, state.startPfn + first);
      const from = Math.max(scale.x, x + 0.5);
      const to = Math.min(scale.x + scale.width, x + ghostWidth - 0.5);
      if (to <= from) continue;
      d += `M${round(from)} ${top}H${round(to)}V${top + laneHeight}H${round(from)}z`;
      if (fits(words("split"), smallFontSize, to - from)) {
        labels.push({ x: round((from + to) / 2), y: top + 13, text: words("split"), look: "quiet", anchor: "middle" });
      }
    }
    if (d) shapes.push({ d, look: "ghost" });
  }

  function addMarker(pfn: number): Marker {
    const x = Math.min(scale.x + scale.width, Math.max(scale.x, xOf(scale, pfn)));
    const note = options.note;
    if (note) {
      const right = fits(note, fontSize, width - x - 10);
      const left = fits(note, fontSize, x - 10);
      if (right) labels.push({ x: x + 12, y: y + 13, text: note, look: "note", anchor: "start" });
      else if (left) labels.push({ x: x - 12, y: y + 13, text: note, look: "note", anchor: "end" });
    }
    return { x: round(x), y: y + 3 };
  }
}

function clip(block: Block, view: { pfn: number; pages: number }): Block {
  const from = Math.max(block.pfn, view.pfn);
  const to = Math.min(block.pfn + block.pages, view.pfn + view.pages);
  return to - from === block.pages ? block : { ...block, pfn: from, pages: to - from };
}

function inset(box: { x: number; width: number }): { x: number; width: number } {
  const air = box.width >= 8 ? 0.75 : 0;
  return { x: round(box.x + air), width: round(box.width - 2 * air) };
}

/** Page numbers at the closest power of two whose labels do not touch. */
function ticks(scale: Scale, y: number): Label[] {
  const last = scale.pfn + scale.pages;
  const labelWidth = textWidth(String(last), smallFontSize) + 14;
  let step = 1;
  while ((step / scale.pages) * scale.width < labelWidth) step *= 2;
  const labels: Label[] = [];
  for (let index = 0; index < scale.pages; index += step) {
    const x = xOf(scale, scale.pfn + index);
    if (index > 0 && scale.x + scale.width - x < labelWidth) break;
    labels.push({
      x: round(x),
      y,
      text: String(scale.pfn + index),
      look: "axis",
      anchor: index === 0 ? "start" : "middle",
    });
  }
  labels.push({ x: round(scale.x + scale.width), y, text: String(last), look: "axis", anchor: "end" });
  return labels;
}
