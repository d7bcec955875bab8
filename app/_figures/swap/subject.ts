// What a step is about: a page of a process and a slot.
import type { Moment } from "@/lib/scenarios/run";
import type { SlotName, SwapOp, SwapSceneState } from "@/lib/scenarios/swap-types";
import type { Who } from "@/lib/scenarios/who";
import type { SimEvent } from "@/lib/sim/events";

export interface Subject {
  readonly who: Who | null;
  readonly page: number | null;
  readonly slot: SlotName | null;
  /** The page in the cache is meant rather than the slot itself. */
  readonly inCache: boolean;
}

const firstAddress = 0x10000000;
const nothing: Subject = { who: null, page: null, slot: null, inCache: false };

/** The name of a slot: areas are told apart by number in events, by letter in the picture. */
export function slotName({ areas }: SwapSceneState, type: number, slot: number): SlotName {
  const area =
    areas.find((each) => each.type === type && each.state !== "off") ?? areas.find((each) => each.type === type);
  return `${area?.name ?? "?"}${slot}`;
}

export function areaName(state: SwapSceneState, type: number): string {
  return slotName(state, type, 0).slice(0, 1);
}

/** The page of the program at an address. */
export function pageAt(address: number): number {
  return Math.floor((address - firstAddress) / 4096);
}

export function whoOf({ child }: SwapSceneState, mm: number): Who {
  return child !== null && child.mm === mm ? "child" : "parent";
}

export function subjectOf({ op, events, state }: Moment<SwapSceneState>): Subject {
  let subject = nothing;
  for (const event of events) subject = { ...subject, ...aboutEvent(event, state) };
  const done = op as SwapOp | null;
  if (subject.page === null && subject.slot === null && done !== null && "page" in done)
    return { ...subject, who: "who" in done ? done.who : "parent", page: done.page };
  return subject;
}

function aboutEvent(event: SimEvent, state: SwapSceneState): Partial<Subject> {
  switch (event.kind) {
    case "unmap-one":
    case "fault-handled":
      return { who: whoOf(state, event.mm), page: pageAt(event.address) };
    case "slot-scan":
      return event.slot === 0 ? {} : { slot: slotName(state, event.type, event.slot), inCache: false };
    case "slot-free":
    case "slot-dup":
    case "swap-write":
    case "swap-unuse":
      return { slot: slotName(state, event.type, event.slot), inCache: false };
    case "swap-cache-add":
    case "swap-read":
      return { slot: slotName(state, event.type, event.slot), inCache: true };
    case "swap-cache-find":
      return { slot: slotName(state, event.type, event.slot), inCache: event.pfn !== null };
    case "swap-unuse-pte":
      return { who: "parent", page: pageAt(event.address), slot: slotName(state, event.type, event.slot) };
    default:
      return {};
  }
}
