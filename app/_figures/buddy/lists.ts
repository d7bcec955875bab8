// Free lists and per-CPU lists as rows of chips, head at the left: count, then the blocks in list order.
import type { BuddyState } from "@/lib/sim/observe";
import { fits, textWidth } from "../measure";
import { type Box, fontSize, type Label, type Ring, type Shape, smallFontSize } from "../scene";
import type { FigureWords } from "../words";
import type { BlockKind } from "./blocks";
import { topOrder } from "./blocks";

const rowPitch = 26;
const chipHeight = 18;
const countWidth = 26;
const arrowGap = 13;
const plainGap = 4;
/** Arrows say "next"; beyond this they only make noise. */
const arrowsUpTo = 12;

interface Row {
  readonly key: string;
  readonly name: string;
  readonly list: readonly number[];
  /** What the machine's own counter says; differs from the length only in a broken machine. */
  readonly count: number;
  readonly look: BlockKind | "chip";
  readonly remark: string | null;
}

export interface ListLayout {
  readonly boxes: Box[];
  readonly shapes: Shape[];
  readonly labels: Label[];
  readonly rings: Ring[];
  readonly height: number;
}

export function layoutLists(
  state: BuddyState,
  width: number,
  top: number,
  words: FigureWords,
  differing: readonly string[] = [],
): ListLayout {
  const columns = width >= 560 ? 2 : 1;
  const free = freeRows(state, words);
  const perColumn = Math.ceil(free.length / columns);
  const columnWidth = (width - (columns - 1) * 24) / columns;
  const layout: ListLayout = { boxes: [], shapes: [], labels: [], rings: [], height: 0 };
  layout.labels.push({ x: 0, y: top + 10, text: words("listsCaption"), look: "caption", anchor: "start" });
  const nameWidth = Math.max(...free.map((row) => textWidth(row.name, fontSize))) + 10;
  free.forEach((row, index) => {
    const x = Math.floor(index / perColumn) * (columnWidth + 24);
    const y = top + 18 + (index % perColumn) * rowPitch;
    layoutRow(layout, row, { x, y, width: columnWidth, nameWidth }, words);
  });
  let height = 18 + perColumn * rowPitch;
  const perCpu = perCpuRows(state, words);
  if (perCpu.length > 0) {
    const captionY = top + height + 16;
    layout.labels.push({ x: 0, y: captionY, text: words("pcpCaption"), look: "caption", anchor: "start" });
    const perCpuName = Math.max(...perCpu.map((row) => textWidth(row.name, fontSize))) + 10;
    perCpu.forEach((row, index) => {
      layoutRow(layout, row, { x: 0, y: captionY + 8 + index * rowPitch, width, nameWidth: perCpuName }, words);
    });
    height += 24 + perCpu.length * rowPitch;
  }
  for (const box of layout.boxes) {
    const key = box.key.replace(/:count$/, "");
    if (key === box.key || !differing.includes(key)) continue;
    const chips = layout.boxes.filter((each) => each.key.startsWith(`${key}:`));
    const end = Math.max(...chips.map((chip) => chip.x + chip.width));
    layout.rings.push({
      look: "differing-list",
      x: box.x - 4,
      y: box.y - 3.5,
      width: end - box.x + 8,
      height: box.height + 7,
    });
  }
  return { ...layout, height };
}

function freeRows(state: BuddyState, words: FigureWords): Row[] {
  const rows: Row[] = [];
  const highest = Math.max(
    topOrder(state),
    state.freeLists.findLastIndex((list) => list.length > 0),
  );
  for (let order = highest; order >= 0; order--) {
    const list = state.freeLists[order] ?? [];
    const count = state.nrFree[order] ?? list.length;
    rows.push({ key: `list:${order}`, name: words("order", { order }), list, count, look: "chip", remark: null });
  }
  return rows;
}

function perCpuRows(state: BuddyState, words: FigureWords): Row[] {
  if (!state.pcp) return [];
  return (["hot", "cold"] as const).map((name) => {
    const { list, count, low, high, batch } = state.pcp![name];
    const remark = words("pcpMarks", { low, high, batch });
    return { key: `pcp:${name}`, name: words(name), list, count, look: name, remark };
  });
}

interface RowPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly nameWidth: number;
}

function layoutRow(layout: ListLayout, row: Row, place: RowPlace, words: FigureWords): void {
  const baseline = place.y + 13;
  layout.labels.push({ x: place.x, y: baseline, text: row.name, look: "note", anchor: "start" });
  let x = place.x + place.nameWidth;
  const wrong = row.count !== row.list.length;
  const count = wrong ? words("countDiffers", { count: row.count, length: row.list.length }) : String(row.list.length);
  const pill = Math.max(countWidth, textWidth(count, smallFontSize) + 12);
  layout.boxes.push({
    key: `${row.key}:count`,
    look: "count",
    x,
    y: place.y,
    width: pill,
    height: chipHeight,
    label: count,
  });
  x += pill + 8;
  let end = place.x + place.width;
  if (row.remark && fits(row.remark, smallFontSize, (end - x) / 2)) {
    layout.labels.push({ x: end, y: baseline, text: row.remark, look: "quiet", anchor: "end" });
    end -= textWidth(row.remark, smallFontSize) + 12;
  }
  if (row.list.length === 0) {
    layout.labels.push({ x, y: baseline, text: words("empty"), look: "quiet", anchor: "start" });
    return;
  }
  const chip = Math.max(28, ...row.list.slice(0, 40).map((pfn) => textWidth(String(pfn), smallFontSize) + 10));
  const rest = (hidden: number) => words("more", { count: hidden });
  const roomFor = (gap: number, reserved: number) => Math.floor((end - x - reserved + gap) / (chip + gap));
  const arrows = row.list.length <= arrowsUpTo && roomFor(arrowGap, 0) >= row.list.length;
  const gap = arrows ? arrowGap : plainGap;
  const all = roomFor(gap, 0) >= row.list.length;
  const shown = all ? row.list.length : Math.max(0, roomFor(gap, textWidth(rest(row.list.length), smallFontSize) + 8));
  for (let index = 0; index < shown; index++) {
    const label = String(row.list[index]);
    // A broken list may name a page twice; its second chip needs a key of its own.
    const twice = row.list.indexOf(row.list[index]!) < index ? `:${index}` : "";
    layout.boxes.push({
      key: `${row.key}:${label}${twice}`,
      look: row.look,
      x,
      y: place.y,
      width: chip,
      height: chipHeight,
      label,
    });
    if (arrows && index < shown - 1) {
      const from = x + chip + 2;
      const tip = x + chip + gap - 2;
      const y = place.y + chipHeight / 2;
      layout.shapes.push({ d: `M${from} ${y}H${tip}m-3 -3l3 3l-3 3`, look: "arrow" });
    }
    x += chip + gap;
  }
  if (!all) {
    const text = rest(row.list.length - shown);
    layout.labels.push({ x, y: baseline, text, look: "quiet", anchor: "start" });
  }
}
