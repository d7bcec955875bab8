// Blocks on the address axis: wide ones as boxes of their own, narrow ones gathered into one path for each kind.
// Theory: a browser draws a few hundred rectangles a frame without effort, thousands not. Blocks under 4 px cannot be
//         told apart anyway, so they become columns whose filled height is the share of used pages.
import { fits } from "../measure";
import { type Box, fontSize, round, type Shape } from "../scene";
import type { FigureWords } from "../words";
import type { Block, BlockKind } from "./blocks";
import { type Scale, xOf } from "./scene";

export const narrowestBox = 4;
const columnWidth = 3;

export const letters: Readonly<Record<BlockKind, string>> = {
  free: "·",
  used: "U",
  hot: "H",
  cold: "C",
  reserved: "–",
  lost: "?",
  clash: "!",
  held: "▲",
};

/** The address strip. With `words`, for strips that have no lanes above, blocks carry page and order where these fit. */
export function layoutStrip(
  blocks: readonly Block[],
  scale: Scale,
  { y, height }: { readonly y: number; readonly height: number },
  words: FigureWords | null,
): { boxes: Box[]; shapes: Shape[] } {
  const boxes: Box[] = [];
  const narrow: Block[] = [];
  for (const block of blocks) {
    const x = xOf(scale, block.pfn);
    const width = (block.pages / scale.pages) * scale.width;
    if (width < narrowestBox) {
      narrow.push(block);
      continue;
    }
    const letter = letters[block.kind];
    const names = [...(words ? longNames(block, words) : []), letter];
    // A single letter may touch the edges of its box; words may not.
    const label = names.find((name) => fits(name, fontSize, name === letter ? width + 4 : width)) ?? null;
    boxes.push({ key: `strip:${block.pfn}`, look: block.kind, x, y, width, height, label, square: true });
  }
  return { boxes, shapes: columns(narrow, scale, y, height) };
}

function longNames(block: Block, words: FigureWords): string[] {
  if (block.order === null) return [];
  const letter = block.kind === "free" ? "" : `${letters[block.kind]} `;
  const order = words("order", { order: block.order });
  return [`${letter}${block.pfn} · ${order}`, `${letter}${block.pfn}`];
}

/** Narrow blocks as stacked columns, used kinds from the bottom up; what stays hollow is free. */
function columns(blocks: readonly Block[], scale: Scale, y: number, height: number): Shape[] {
  if (blocks.length === 0) return [];
  const count = Math.ceil(scale.width / columnWidth);
  const total = new Float64Array(count);
  const share = new Map<BlockKind, Float64Array>();
  for (const block of blocks) {
    const perKind = share.get(block.kind) ?? new Float64Array(count);
    share.set(block.kind, perKind);
    const from = (xOf(scale, block.pfn) - scale.x) / columnWidth;
    const to = from + (block.pages / scale.pages) * (scale.width / columnWidth);
    for (let column = Math.floor(from); column < Math.min(count, to); column++) {
      const part = Math.min(to, column + 1) - Math.max(from, column);
      perKind[column] = perKind[column]! + part;
      total[column] = total[column]! + part;
    }
  }
  const base = new Float64Array(count);
  const shapes: Shape[] = [];
  for (const [kind, perKind] of share) {
    if (kind === "free") continue;
    let d = "";
    for (let column = 0; column < count; column++) {
      const part = perKind[column]!;
      if (part <= 0) continue;
      const tall = (part / total[column]!) * height;
      const bottom = y + height - base[column]!;
      base[column] = base[column]! + tall;
      const x = scale.x + column * columnWidth;
      d += `M${round(x)} ${round(bottom)}h${columnWidth}v${round(-tall)}h${-columnWidth}z`;
    }
    if (d) shapes.push({ d, look: kind });
  }
  return shapes;
}

/** Equal blocks of one lane that touch, as one outline each; for blocks too narrow to be boxes. */
export function laneShape(blocks: readonly Block[], scale: Scale, y: number, height: number): string {
  let d = "";
  let left = Number.NaN;
  let right = Number.NaN;
  const close = () => {
    if (right > left) d += `M${round(left)} ${y}h${round(right - left)}v${height}h${round(left - right)}z`;
  };
  for (const block of blocks) {
    const x = xOf(scale, block.pfn);
    const end = x + (block.pages / scale.pages) * scale.width;
    if (x - right <= 0.5) {
      right = end;
    } else {
      close();
      left = x;
      right = Math.max(end, x + 1);
    }
  }
  close();
  return d;
}
