// The TLB as a table of sets and ways, with what a look-up compares.
import { hex } from "@/lib/scenarios/hex";
import type { WalkState } from "@/lib/scenarios/walk-types";
import type { TlbArrayState, TlbEntryState } from "@/lib/sim/mmu/observe";
import { fits, textWidth } from "../measure";
import { ringAround, smallFontSize } from "../scene";
import type { WordsOf } from "../words";
import { ownerOf, rightsOf } from "./flags";
import type { Paper } from "./paper";
import type { Progress } from "./progress";

type Words = WordsOf<"figure-walk">;

const cellHeight = 22;

/** @returns the height that is used, whatever the TLB holds. */
export function drawTlb(
  paper: Paper,
  state: WalkState,
  shown: Progress,
  before: WalkState | null,
  words: Words,
  top: number,
): number {
  let y = top;
  for (const array of state.mmu.tlb) {
    const { sets, ways, name, policy } = array;
    const title = words("tlbTitle", { array: name, sets, ways, policy });
    const short = words("tlbShort", { array: name });
    paper.label(0, y + 11, fits(title, smallFontSize, paper.width) ? title : short, "caption", "start");
    y += 16;
    const left = Math.ceil(textWidth(words("set", { set: 7 }), smallFontSize)) + 8;
    const cell = Math.min(240, (paper.width - left - 2) / ways);
    for (let set = 0; set < sets; set++) {
      paper.label(0, y + 15, words("set", { set }), "axis", "start");
      for (let way = 0; way < ways; way++) drawCell(array, set, way, left + way * cell, y, cell - 3);
      if (isLookedAt(array, set))
        paper.ring({ look: "current", x: left - 3, y: y - 2, width: ways * cell + 3, height: cellHeight + 4 });
      y += cellHeight + 3;
    }
    y += 6;
  }
  return y;

  function drawCell(array: TlbArrayState, set: number, way: number, x: number, y: number, width: number): void {
    const entry = entryAt(array, set, way);
    const place = { x, y, width, height: cellHeight };
    const sign = signOf(array, set, entry);
    const label = entry === undefined ? null : cellLabel(entry, sign, ownerOf(entry, state), width);
    paper.box({
      key: `tlb:${array.name}:${set}:${way}`,
      look: entry === undefined ? "free" : "panel",
      ...place,
      label,
      ...(entry?.age === 0 && array.ways > 1 ? { dot: true as const } : {}),
    });
    const old = before?.mmu.tlb.find(({ name }) => name === array.name);
    const was = old && entryAt(old, set, way);
    if (was && was.vpn !== entry?.vpn)
      paper.ring({ ...place, look: "previous", x: x + 2, y: y + 2, width: width - 4, height: cellHeight - 4 });
    if (isCurrent(array, entry)) paper.ring(ringAround(place, "current"));
  }

  /** The set whose entries are compared in vain. */
  function isLookedAt(array: TlbArrayState, set: number): boolean {
    const { event } = shown;
    return event?.kind === "tlb-miss" && Math.floor(event.address / 2 ** array.pageShift) % array.sets === set;
  }

  /** The entry that was hit or has just been loaded. */
  function isCurrent(array: TlbArrayState, entry: TlbEntryState | undefined): boolean {
    const { event } = shown;
    if (entry === undefined) return false;
    if (event?.kind !== "tlb-fill" && event?.kind !== "tlb-hit") return false;
    const vpn = event.kind === "tlb-fill" ? event.vpn : Math.floor(event.address / 2 ** array.pageShift);
    return event.array === array.name && vpn === entry.vpn && isOurs(entry, state);
  }

  /** During a look-up, for each entry of the set: does its page number agree? */
  function signOf(array: TlbArrayState, set: number, entry: TlbEntryState | undefined): string {
    const { event } = shown;
    if (entry === undefined || (event?.kind !== "tlb-miss" && event?.kind !== "tlb-hit")) return "";
    const vpn = Math.floor(event.address / 2 ** array.pageShift);
    if (vpn % array.sets !== set) return "";
    return vpn === entry.vpn && isOurs(entry, state) ? "✓ " : "✗ ";
  }
}

export function entryAt({ entries }: TlbArrayState, set: number, way: number): TlbEntryState | undefined {
  return entries.find((entry) => entry.set === set && entry.way === way);
}

/** First address of an entry's page. */
export function pageAddress({ pageShift }: TlbArrayState, { vpn }: TlbEntryState): number {
  return vpn * 2 ** pageShift;
}

/** Global entries are everybody's; of the others only those of the running process are looked at. */
function isOurs({ global, asid }: TlbEntryState, state: WalkState): boolean {
  return global || state.asid === "off" || asid === (state.process === "a" ? 1 : 2);
}

function cellLabel(entry: TlbEntryState, sign: string, owner: string, width: number): string | null {
  const page = `${sign}${owner} ${hex(entry.vpn)}`;
  const texts = [`${page} → ${entry.pfn} ${rightsOf(entry)}`, `${page}→${entry.pfn}`, page, hex(entry.vpn)];
  return texts.find((text) => fits(text, smallFontSize, width)) ?? null;
}
