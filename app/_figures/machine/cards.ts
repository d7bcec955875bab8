// The numbers of the whole machine as cards: page cache, slab, page tables, promises, daemons, the monitor's verdict.
import type { MachineState } from "@/lib/scenarios/machine";
import type { Moment } from "@/lib/scenarios/run";
import { fits } from "../measure";
import { type Box, ringAround, smallFontSize } from "../scene";
import type { WordsOf } from "../words";
import type { Drawing } from "./drawing";

type Words = WordsOf<"figure-machine">;

export const cardNames = ["pageCache", "slab", "pageTables", "committed", "kswapd", "killed", "monitor"] as const;
export type CardName = (typeof cardNames)[number];

const height = 26;
const gap = 6;

interface Grid {
  readonly y: number;
  readonly width: number;
  readonly columns: number;
}

/** @returns where the cards end. */
export function drawCards(
  { boxes, rings }: Drawing,
  { state, events }: Moment<MachineState>,
  { y, width, columns }: Grid,
  words: Words,
): number {
  const cell = (width - 2 - gap * (columns - 1)) / columns;
  for (const [index, name] of cardNames.entries()) {
    const wide = name === "monitor" ? cell * 2 + gap : cell;
    const text = cardText(name, state, words);
    const box: Box = {
      key: `card:${name}`,
      look: cardLook(name, state),
      x: 1 + (index % columns) * (cell + gap),
      y: y + Math.floor(index / columns) * (height + gap),
      width: wide,
      height,
      label: fits(text, smallFontSize, wide) ? text : text.slice(0, 1),
    };
    boxes.push(box);
    if (events.some(({ kind }) => (ringed[name] ?? []).includes(kind))) rings.push(ringAround(box, "current"));
  }
  return y + Math.ceil((cardNames.length + 1) / columns) * (height + gap) - gap;
}

const ringed: Partial<Record<CardName, readonly string[]>> = {
  kswapd: ["kswapd-wake", "kswapd-sleep"],
  killed: ["oom-kill"],
  slab: ["slab-grow", "slab-destroy"],
};

function cardLook(name: CardName, { kswapdAwake, findings }: MachineState): Box["look"] {
  if (name === "kswapd") return kswapdAwake ? "used" : "panel";
  return name === "monitor" && findings !== null && findings.length > 0 ? "lost" : "panel";
}

/** What stands on a card; the first character alone must tell good from bad. */
export function cardText(name: CardName, state: MachineState, words: Words): string {
  switch (name) {
    case "pageCache":
      return words("cardPageCache", { pages: state.pageCache });
    case "slab":
      return words("cardSlab", { pages: state.slab });
    case "pageTables":
      return words("cardPageTables", { pages: state.pageTables });
    case "committed":
      return words("cardCommitted", { pages: state.committed });
    case "kswapd":
      return words(state.kswapdAwake ? "kswapdAwake" : "kswapdAsleep");
    case "killed":
      return words("cardKilled", { count: state.killed });
    case "monitor":
      if (state.findings === null) return words("monitorLater");
      return state.findings.length === 0
        ? words("monitorOk")
        : words("monitorBroken", { count: state.findings.length });
  }
}
