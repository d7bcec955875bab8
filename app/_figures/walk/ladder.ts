// The ladder of a page walk: the address cut into indices, one table for each level, arrows from entry to table.
//
//   [ pgd 32  | pte 72  | offset 0x123 ]
//   pgd at 0x4000        pte at 0x9000
//   |  ...   |       +-->|  ...   |
//   | 32 PWUA|-------+   | 72 P·UA|--+        narrow: one entry below the other, without its neighbours
//   |  ...   |           |  ...   |  |
//   [ frame 12     | offset 0x123 ]<-+
import { hex } from "@/lib/scenarios/hex";
import type { LevelView, WalkState } from "@/lib/scenarios/walk-types";
import { fits } from "../measure";
import { ringAround, round, smallFontSize, wideFrom } from "../scene";
import type { WordsOf } from "../words";
import { flagsOf, levelLooks } from "./flags";
import type { Paper } from "./paper";
import { type Progress, paddrOf } from "./progress";

type Words = WordsOf<"figure-walk">;

const rowHeight = 20;
const gap = 30;
const middle = 2;
const barHeight = 24;

/** The address in proportion to its bits; what lies below a large page is offset. @returns where the next thing goes. */
export function drawAddress(paper: Paper, state: WalkState, shown: Progress, words: Words, top: number): number {
  const { width } = paper;
  const large = state.levels.findIndex(({ leads }) => leads === "large");
  const cut = large >= 0 && shown.walked > large ? large + 1 : state.levels.length;
  const levels = state.levels.slice(0, cut);
  const all = state.levels[0]!.shift + state.levels[0]!.bits;
  const offsetBits = levels.at(-1)!.shift;
  const offset = state.focus.address % 2 ** offsetBits;
  const pieces = [
    ...levels.map(({ name, bits, index }) => ({
      key: `bar:${name}`,
      look: levelLooks[name],
      bits,
      texts: [`${name} ${index} = ${hex(index)}`, `${name} ${index}`, String(index)],
      value: index,
    })),
    {
      key: "bar:offset",
      look: "reserved" as const,
      bits: offsetBits,
      texts: [words("offset", { offset: hex(offset) }), hex(offset)],
      value: offset,
    },
  ];
  let x = 1;
  for (const { key, look, bits, texts, value } of pieces) {
    const span = ((width - 2) * bits) / all;
    // Labels of the textured box stand clear of its left third.
    const room = look === "reserved" ? span * 0.62 : span;
    paper.box({ key, look, x, y: top, width: span, height: barHeight, label: longest(texts, room), square: true });
    const digits = value.toString(2).padStart(bits, "0");
    if (fits(digits, smallFontSize, span)) paper.label(x + span / 2, top + barHeight + 13, digits, "axis", "middle");
    x += span;
  }
  return top + barHeight + 22;
}

/** @returns where the next thing goes: the same for every state of a machine. */
export function drawLadder(paper: Paper, state: WalkState, shown: Progress, words: Words, top: number): number {
  const wide = paper.width >= wideFrom;
  const count = state.levels.length;
  const column = wide ? Math.min(190, (paper.width - 2 - gap * (count - 1)) / count) : paper.width - 2;
  const height = wide ? 5 * rowHeight : rowHeight + 2;
  const step = wide ? 0 : height + 26;
  let previous: { x: number; y: number } | null = null;
  for (const [depth, level] of state.levels.entries()) {
    const x = wide ? 1 + depth * (column + gap) : 1;
    const y = top + 16 + depth * step;
    const walked = depth < shown.walked && level.leads !== "nowhere";
    drawHeader(x, y - 5, level, walked, column);
    const rows = wide ? level.rows.map((row, at) => ({ row, at })) : [{ row: level.rows[middle] ?? null, at: middle }];
    for (const { row, at } of rows.length > 0 ? rows : emptyRows(wide)) {
      const place = { x, y: wide ? y + at * rowHeight : y, width: column, height: wide ? rowHeight : height };
      const here = at === middle;
      const text =
        walked && row !== null ? rowTexts(level, row.index, row.low, here ? "here" : "neighbour", words) : [];
      const look = !walked || !here ? "free" : level.leads === "absent" ? "lost" : levelLooks[level.name];
      const room = look === "lost" ? column * 0.62 : column;
      paper.box({ key: `row:${level.name}:${at}`, look, ...place, label: longest(text, room), square: true });
      if (here && isCurrent(depth)) {
        paper.ring(ringAround(place, "current"));
        paper.mark(x + column / 2, y + height + 2);
      }
    }
    const entryY = wide ? y + middle * rowHeight + rowHeight / 2 : y;
    if (walked && previous !== null)
      paper.arrow(previous, { x: wide ? x : x + column - 30, y: wide ? y + 4 : y - 1 }, wide ? "right" : "down");
    const leads = walked && level.leads !== "absent";
    previous = leads ? { x: wide ? x + column : x + column - 30, y: wide ? entryY : y + height } : null;
  }
  const bottom = top + 16 + (count - 1) * step + height + 18;
  drawEnd(bottom);
  return bottom + 16 + barHeight + 8;

  function isCurrent(depth: number): boolean {
    const { event } = shown;
    if (event?.kind === "walk-level") return event.depth === depth;
    return event?.kind === "mmu-fault" && event.from === "walk" && depth === shown.walked - 1;
  }

  function drawHeader(x: number, y: number, level: LevelView, walked: boolean, room: number): void {
    const note = words(shown.needless ? "notNeeded" : "notReached");
    const at = level.table === null ? "" : words("tableAt", { level: level.name, address: hex(level.table) });
    const texts = walked ? [at, level.name] : [`${level.name}: ${note}`, level.name];
    paper.label(x, y, longest(texts, room) ?? level.name, walked ? "caption" : "quiet", "start");
  }

  function drawEnd(y: number): void {
    const { end } = shown;
    if (end === null) {
      paper.label(0, y + 10, words(shown.event === null ? "mapsNothing" : "underWay"), "quiet", "start");
      return;
    }
    if (end.kind === "fault") {
      paper.label(0, y + 10, words("faulted"), "caption", "start");
      const texts = [words("faultLong", faultValues(state, end.error)), words("faultShort", { code: hex(end.error) })];
      const box = { x: 1, y: y + 16, width: Math.min(paper.width - 2, 430), height: barHeight };
      paper.box({ key: "fault", look: "lost", ...box, label: longest(texts, box.width * 0.66), square: true });
      return;
    }
    const bits = state.pageShift ?? 12;
    const offset = end.paddr % 2 ** bits;
    const frame = Math.floor(end.paddr / 4096) - Math.floor(offset / 4096);
    paper.label(0, y + 10, words("physical", { address: hex(end.paddr) }), "note", "start");
    const whole = Math.min(paper.width - 2, 430);
    const share = Math.max(0.3, Math.min(0.7, bits / 32));
    const left = { x: 1, y: y + 16, width: round(whole * (1 - share)), height: barHeight };
    const right = { ...left, x: 1 + left.width, width: whole - left.width };
    const leaf = state.levels.find(({ leads }) => leads === "page" || leads === "large")?.name ?? "pte";
    const frameTexts = [words("frame", { pfn: frame }), String(frame)];
    const offsetTexts = [words("offset", { offset: hex(offset) }), hex(offset)];
    paper.box({ key: "frame", look: levelLooks[leaf], ...left, label: longest(frameTexts, left.width), square: true });
    paper.box({
      key: "in-page",
      look: "reserved",
      ...right,
      label: longest(offsetTexts, right.width * 0.62),
      square: true,
    });
    if (previous !== null && !shown.needless && paddrOf(state) === end.paddr)
      paper.arrow(
        wide ? { x: previous.x - column / 2, y: top + 16 + height } : previous,
        // Beside the words above the bar.
        { x: left.x + (wide ? Math.max(left.width * 0.75, 152) : whole - 30), y: left.y - 1 },
        "down",
      );
  }
}

/** What a fault's error code says, as values of the words. */
export function faultValues({ focus }: WalkState, error: number) {
  return {
    code: hex(error),
    who: (error & 4) === 0 ? "kernel" : "user",
    what: focus.access ?? "read",
    why: (error & 8) !== 0 ? "reserved" : (error & 1) !== 0 ? "rights" : "absent",
  };
}

function rowTexts(level: LevelView, index: number, low: number, where: "here" | "neighbour", words: Words): string[] {
  if (where === "neighbour") return [(low & 1) === 0 ? `${index}` : `${index} ${flagsOf(low)}`, `${index}`];
  if (level.leads === "absent") return [words("rowAbsent", { index }), `${index} ✗`];
  const size = level.leads === "large" ? ` ${2 ** (level.shift - 20)}M` : "";
  return [`${index} ▸ ${flagsOf(low)}${size}`, `${index} ${flagsOf(low)}`, `${index}`];
}

function emptyRows(wide: boolean): { row: null; at: number }[] {
  return (wide ? [0, 1, 2, 3, 4] : [middle]).map((at) => ({ row: null, at }));
}

function longest(texts: readonly string[], room: number): string | null {
  return texts.find((text) => text !== "" && fits(text, smallFontSize, room)) ?? null;
}
