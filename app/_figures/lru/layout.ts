// Where everything of the LRU lists stands: two lanes of cards, head first, and between them the pages in the hands of a scan.
//
//   active 3        head … tail
//   [ 30•][ 21 ][ 28•]
//     m3    f0    a1          whose page it is
//     M           M           its state in letters
//   scan: 2 to go                         page 23: freed
//   [ 24•][ 21•]
//              ▲              the next one, the oldest
//   inactive 1
//   [ 31•]
//
// A lane has room for a fixed number of cards; of a longer list the middle is left out, because head and tail are what matters.
import type { LruCard, LruState } from "@/lib/scenarios/lru-view";
import type { Moment } from "@/lib/scenarios/run";
import { fits } from "../measure";
import {
  type Box,
  fontSize,
  type Label,
  type Look,
  type Marker,
  type Ring,
  ringAround,
  type Scene,
  smallFontSize,
  wideFrom,
} from "../scene";
import type { WordsOf } from "../words";
import { decided, outcomeOf } from "./outcome";

type Words = WordsOf<"figure-lru">;

const cardWidth = 34;
const cardHeight = 22;
const gap = 4;
const rowHeight = 50;
const titleHeight = 20;
/** Rows of a list: about fifty pages when wide, twenty when narrow. */
const rowsWide = 2;
const rowsNarrow = 3;

export function layoutLru(moment: Moment<LruState>, width: number, words: Words, before: LruState | null): Scene {
  const { state } = moment;
  const boxes: Box[] = [];
  const labels: Label[] = [];
  const rings: Ring[] = [];
  const rows = width >= wideFrom ? rowsWide : rowsNarrow;
  const perRow = Math.floor((width - 2 + gap) / (cardWidth + gap));
  const laneHeight = titleHeight + rows * rowHeight;
  const held = { y: laneHeight + 4, height: titleHeight + rowHeight + 8 };
  const inactiveTop = held.y + held.height;
  drawLane("active", state.active, 0, rows);
  drawLane("held", state.held, held.y, 1);
  drawLane("inactive", state.inactive, inactiveTop, rows);
  const facts = inactiveTop + laneHeight + 14;
  drawFacts(facts);
  const event = decided(moment.events);
  const outcome = event && outcomeOf(event);
  if (event && outcome) {
    const note = words("outcome", { pfn: event.pfn, outcome });
    if (fits(note, fontSize, width - 130))
      labels.push({ x: width, y: held.y + 14, text: note, look: "note", anchor: "end" });
  }
  ringChanged();
  return { width, height: facts + 34, boxes, shapes: [], labels, rings, marker: pointer() };

  function drawLane(name: "active" | "held" | "inactive", cards: readonly LruCard[], top: number, most: number): void {
    const text = words(`lane-${name}`, { count: cards.length });
    labels.push({ x: 0, y: top + 14, text, look: "strong", anchor: "start" });
    if (name !== "held") labels.push({ x: width, y: top + 14, text: words("order"), look: "axis", anchor: "end" });
    const shown = elide(cards, most * perRow);
    const y0 = top + titleHeight;
    if (shown.length === 0) {
      const empty = { x: 1, y: y0, width: cardWidth, height: cardHeight };
      boxes.push({ key: `empty:${name}`, look: "panel", ...empty, label: "–" });
    }
    for (const [index, card] of shown.entries()) {
      const x = 1 + (index % perRow) * (cardWidth + gap);
      const y = y0 + Math.floor(index / perRow) * rowHeight;
      if (typeof card === "number") {
        boxes.push({
          key: `more:${name}`,
          look: "panel",
          x,
          y,
          width: cardWidth,
          height: cardHeight,
          label: `+${card}`,
        });
        continue;
      }
      const dot = /[RY]/.test(card.flags) ? { dot: true as const } : {};
      const place = { x, y, width: cardWidth, height: cardHeight };
      boxes.push({ key: `page:${card.pfn}`, look: lookOf(card), ...place, label: String(card.pfn), ...dot });
      const middle = x + cardWidth / 2;
      labels.push({ x: middle, y: y + cardHeight + 11, text: card.owner, look: "axis", anchor: "middle" });
      const letters = card.flags.replace(/[RY]/g, "");
      if (letters !== "")
        labels.push({ x: middle, y: y + cardHeight + 22, text: letters, look: "axis", anchor: "middle" });
    }
  }

  function drawFacts(y: number): void {
    const { free, min, high, kswapd, mappedRatio, distress, swappiness, tendency } = state;
    const wide = width >= wideFrom;
    const memory = words(wide ? "factFree" : "factFreeShort", { free, min, high, kswapd });
    const values = { half: Math.floor(mappedRatio / 2), distress, swappiness, tendency };
    const sum = words(wide ? "factTendency" : "factTendencyShort", {
      ...values,
      takes: tendency >= 100 ? "yes" : "no",
    });
    for (const [line, text] of [memory, sum].entries()) {
      if (fits(text, smallFontSize, width + 6))
        labels.push({ x: 0, y: y + line * 16, text, look: "caption", anchor: "start" });
    }
  }

  /** Under the page that the scan looks at next: the oldest it has taken. */
  function pointer(): Marker | null {
    const next = state.held.at(-1);
    const box = next && boxes.find(({ key }) => key === `page:${next.pfn}`);
    return box ? { x: box.x + cardWidth / 2, y: held.y + titleHeight + rowHeight - 5 } : null;
  }

  /** The page that the step is about, and outlines where cards came in or changed. */
  function ringChanged(): void {
    const about = moment.events.findLast((each) => "pfn" in each && each.pfn !== null);
    const current = about && "pfn" in about ? about.pfn : -1;
    const old = new Map(before ? allCards(before).map((card) => [card.pfn, card.flags]) : []);
    for (const card of allCards(state)) {
      const box = boxes.find(({ key }) => key === `page:${card.pfn}`);
      if (!box) continue;
      if (card.pfn === current) rings.push(ringAround(box, "current"));
      else if (before && old.get(card.pfn) !== card.flags) rings.push(ringAround(box, "previous"));
    }
  }
}

/** All cards in the order of the picture. */
export function allCards(state: LruState): LruCard[] {
  return [...state.active, ...state.held, ...state.inactive];
}

export function lookOf({ owner, flags }: LruCard): Look {
  if (/[DW]/.test(flags)) return "dirty";
  if (owner.startsWith("a") || owner.startsWith("s")) return "anon";
  return owner === "-" ? "reserved" : "file";
}

/** Head and tail of a list that is too long, with the number of those between. */
function elide(cards: readonly LruCard[], most: number): (LruCard | number)[] {
  if (cards.length <= most) return [...cards];
  const head = Math.floor((most - 1) / 2);
  const tail = most - 1 - head;
  return [...cards.slice(0, head), cards.length - head - tail, ...cards.slice(cards.length - tail)];
}
