// Where everything of the whole machine stands.
//
//   HighMem free 40 of 256      ▲ below low     |  2 editor  [####---     ] 151
//   [AAAAAAFFFFFFFFF··AAAA·····]  what most     |  3 server  [##--        ] 101
//   (====|:|                   )  free: marks   |  ...
//   swap  used 20 of 148 [##            ]
//   [page cache][slab][page tables][committed][kswapd][OOM kills][monitor        ]
//
// Wide: memory at the left, processes at the right, numbers below. Narrow: one below the other.
import type { MachineState } from "@/lib/scenarios/machine";
import type { Moment } from "@/lib/scenarios/run";
import type { TaskRow } from "@/lib/sim/whole/observe";
import { fits, textWidth } from "../measure";
import { type Box, fontSize, type Ring, ringAround, round, type Scene, smallFontSize, wideFrom } from "../scene";
import type { WordsOf } from "../words";
import { drawCards } from "./cards";
import { type Drawing, newDrawing } from "./drawing";
import { drawZone, zoneHeight } from "./zone";

type Words = WordsOf<"figure-machine">;

const captionHeight = 20;
const swapHeight = 44;
const rowHeight = 24;
/** So many processes are drawn; the table has them all. */
export const shownTasks = 7;
const nameWidth = 92;

export function layoutMachine(
  moment: Moment<MachineState>,
  width: number,
  words: Words,
  before: MachineState | null,
): Scene {
  const { state } = moment;
  const wide = width >= wideFrom;
  const left = wide ? Math.floor(width * 0.58) : width;
  const drawing = newDrawing();
  const { labels } = drawing;
  const caption = [words("captionFrames"), words("captionFramesShort")].find((text) => fits(text, smallFontSize, left));
  labels.push({ x: 0, y: 11, text: caption ?? "", look: "caption", anchor: "start" });
  let y = captionHeight;
  for (const zone of state.zones) {
    const old = before?.zones.find(({ name }) => name === zone.name) ?? null;
    drawZone(drawing, { zone, before: old, y, width: left }, words);
    y += zoneHeight;
  }
  drawSwap(drawing, moment, y, left, words);
  y += swapHeight;
  const tasks = { x: wide ? left + 24 : 0, y: wide ? 0 : y };
  const tasksEnd = drawTasks(drawing, moment, { ...tasks, width: width - tasks.x }, words);
  const cards = Math.max(y, tasksEnd) + 4;
  const height = drawCards(drawing, moment, { y: cards, width, columns: wide ? 4 : 2 }, words) + 2;
  return { width, height, ...drawing, marker: null };
}

function drawSwap(
  { boxes, labels, rings }: Drawing,
  { state: { swap }, events }: Moment<MachineState>,
  y: number,
  width: number,
  words: Words,
): void {
  const used = swap.total - swap.free;
  labels.push({ x: 0, y: y + 12, text: words("swap"), look: "strong", anchor: "start" });
  const text = words("swapUsed", { used, total: swap.total });
  const x = Math.ceil(textWidth(words("swap"), fontSize)) + 10;
  labels.push({ x, y: y + 12, text, look: "note", anchor: "start" });
  const place = { x: 1, y: y + 18, width: width - 2, height: 14 };
  boxes.push({ key: "swap", look: "free", ...place, label: null, square: true });
  const filled = swap.total === 0 ? 0 : round((used / swap.total) * place.width);
  boxes.push({ key: "swap-used", look: "anon", ...place, width: filled, label: null, square: true });
  if (events.some(({ kind }) => kind === "swap-write" || kind === "swap-read" || kind === "swap-on"))
    rings.push(ringAround(place, "current"));
}

function drawTasks(
  { boxes, labels, rings }: Drawing,
  { state: { tasks, pages }, op }: Moment<MachineState>,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  words: Words,
): number {
  labels.push({ x, y: y + 11, text: words("captionTasks"), look: "caption", anchor: "start" });
  const current = op !== null && "pid" in op ? op.pid : null;
  const valueWidth = Math.ceil(textWidth("0000/0000", smallFontSize)) + 4;
  const barX = x + nameWidth;
  const scale = (width - nameWidth - valueWidth - 2) / pages;
  for (const [index, task] of tasks.slice(0, shownTasks).entries())
    drawTask(task, y + captionHeight + index * rowHeight);
  const end = y + captionHeight + shownTasks * rowHeight + 16;
  const more = tasks.length - shownTasks;
  if (more > 0)
    labels.push({ x, y: end - 5, text: words("moreTasks", { count: more }), look: "quiet", anchor: "start" });
  return end;

  function drawTask(task: TaskRow, top: number): void {
    const name = shortened(`${task.pid} ${task.comm}`, nameWidth - 6);
    labels.push({ x: x + 3, y: top + 15, text: name, look: "note", anchor: "start" });
    const row = { x: x + 1, y: top + 1, width: width - 2, height: rowHeight - 2 };
    if (task.pid === current) rings.push(ring(row));
    if (task.state === "zombie") {
      const box: Box = {
        key: `task:${task.pid}`,
        look: "reserved",
        x: barX,
        y: top + 5,
        width: 14,
        height: 14,
        label: null,
      };
      boxes.push(box);
      const said = words("zombie");
      const dead = fits(said, fontSize, x + width - barX - 22) ? said : words("zombieShort");
      labels.push({ x: barX + 22, y: top + 15, text: dead, look: "note", anchor: "start" });
      return;
    }
    const bar = { x: barX, y: top + 5, height: 14 };
    const length = (count: number) => round(Math.max(2, Math.min(pages, count) * scale));
    boxes.push({
      key: `task:${task.pid}`,
      look: "free",
      ...bar,
      width: length(task.totalVm),
      label: null,
      square: true,
    });
    boxes.push({ key: `rss:${task.pid}`, look: "anon", ...bar, width: length(task.rss), label: null, square: true });
    const text = `${task.rss}/${task.totalVm}`;
    labels.push({ x: x + width - 3, y: top + 15, text, look: "axis", anchor: "end" });
  }
}

/** Inside the row, so that neighbouring rows do not touch it. */
function ring(row: { x: number; y: number; width: number; height: number }): Ring {
  return { look: "current", ...row };
}

function shortened(text: string, width: number): string {
  let short = text;
  while (short.length > 4 && !fits(short, fontSize, width + 6)) short = `${short.replace(/…$/u, "").slice(0, -1)}…`;
  return short;
}
