// A trace cut into teachable steps: each split, merge, refill and list move is a step of its own within its operation.
// Theory: the replay knows the state after every operation; between two of them the events are the deltas. So any step is
//         computed from the nearest operation and a handful of events, forwards and backwards alike.
import type { SimEvent } from "@/lib/sim/events";
import type { BuddyState, PcpListState } from "@/lib/sim/observe";
import type { Replay } from "@/lib/slots/buddy-replay";
import type { DrawnState } from "./blocks";
import type { BlockRef } from "./scene";

export interface Frame {
  /** Index of the operation; -1 for the machine before the first. */
  readonly op: number;
  /** How many of the operation's events have happened. */
  readonly until: number;
  /** The events of this step alone. */
  readonly events: readonly SimEvent[];
  /** The operation is complete after this step. */
  readonly last: boolean;
}

export function framesOf(run: Replay): Frame[] {
  const frames: Frame[] = [{ op: -1, until: 0, events: [], last: true }];
  run.events.forEach((events, op) => {
    let from = 0;
    for (const until of cuts(events)) {
      frames.push({ op, until, events: events.slice(from, until), last: until === events.length });
      from = until;
    }
  });
  return frames;
}

/** Where steps end: after each event that changes the picture; what merely explains joins the step that it explains. */
function cuts(events: readonly SimEvent[]): number[] {
  const ends: number[] = [];
  // A refill or drain moves a whole batch: one step, however many pages it splits or merges.
  const batch = events.findLastIndex((event) => event.kind === "refill" || event.kind === "drain");
  events.forEach((event, index) => {
    if (index >= batch && changesPicture(event)) ends.push(index + 1);
  });
  if (ends.length === 0) return [events.length];
  ends[ends.length - 1] = events.length;
  return ends;
}

function changesPicture(event: SimEvent): boolean {
  switch (event.kind) {
    case "take":
    case "split":
    case "merge":
    case "insert":
    case "refill":
    case "drain":
    case "pcp-take":
    case "pcp-put":
      return true;
    default:
      return false;
  }
}

/** The machine after a step. */
export function stateAt(run: Replay, frame: Frame): DrawnState {
  if (frame.last) return run.states[frame.op + 1]!;
  return afterEvents(run.states[frame.op]!, run.events[frame.op]!.slice(0, frame.until));
}

/** A state with events applied. Counters and lists move as in the kernel; the block under way is `held`. */
export function afterEvents(state: BuddyState, events: readonly SimEvent[]): DrawnState {
  const lists = state.freeLists.map((list) => [...list]);
  let { freePages, allocated } = state;
  const parked = state.pcp && { hot: [...state.pcp.hot.list], cold: [...state.pcp.cold.list] };
  let held: BlockRef[] = [];
  const unlist = (pfn: number, order: number) => {
    lists[order] = lists[order]!.filter((each) => each !== pfn);
  };
  const hold = (pfn: number, order: number) => {
    held = held.filter((block) => block.pfn + 2 ** block.order <= pfn || block.pfn >= pfn + 2 ** order);
    held.push({ pfn, order });
    if (!parked) return;
    parked.hot = parked.hot.filter((each) => each !== pfn);
    parked.cold = parked.cold.filter((each) => each !== pfn);
  };
  const release = (pfn: number) => {
    held = held.filter((block) => block.pfn !== pfn);
  };
  for (const event of events) {
    switch (event.kind) {
      case "take":
        unlist(event.pfn, event.from);
        hold(event.pfn, event.from);
        freePages -= 2 ** event.order;
        break;
      case "split":
        lists[event.order - 1]!.unshift(event.upper);
        release(event.pfn);
        hold(event.pfn, event.order - 1);
        break;
      case "merge":
        unlist(event.buddy, event.order);
        hold(event.parent, event.order + 1);
        break;
      case "stop":
        hold(event.pfn, event.order);
        break;
      case "insert":
        lists[event.order]!.unshift(event.pfn);
        release(event.pfn);
        break;
      case "refill":
        parked?.[event.list].push(...held.splice(0).map((block) => block.pfn));
        break;
      case "pcp-take":
        hold(event.pfn, 0);
        break;
      case "pcp-put":
        parked?.[event.list].unshift(event.pfn);
        release(event.pfn);
        break;
      case "free":
        allocated = allocated.filter((block) => block.pfn !== event.pfn);
        hold(event.pfn, event.order);
        break;
      case "alloc":
        if (event.pfn !== null) {
          const block = { pfn: event.pfn, order: event.order };
          release(event.pfn);
          allocated = [...allocated, block].sort((one, other) => one.pfn - other.pfn);
        }
        break;
      default:
        break;
    }
  }
  const counted = lists.reduce((sum, list, order) => sum + list.length * 2 ** order, 0);
  const pcp = state.pcp &&
    parked && { hot: relist(state.pcp.hot, parked.hot), cold: relist(state.pcp.cold, parked.cold) };
  return {
    ...state,
    freeLists: lists,
    nrFree: lists.map((list) => list.length),
    freePages: held.length === 0 ? counted : freePages,
    pcp,
    allocated,
    held,
    marks: lists.flatMap((list, order) => list.map((pfn) => ({ pfn, order }))).sort((a, b) => a.pfn - b.pfn),
  };
}

function relist(before: PcpListState, list: readonly number[]): PcpListState {
  return { ...before, list, count: list.length };
}

/** The blocks that a step is about, the most telling first. */
export function currentBlocks(events: readonly SimEvent[]): BlockRef[] {
  for (const event of [...events].reverse()) {
    switch (event.kind) {
      case "alloc":
        if (event.pfn !== null) return [{ pfn: event.pfn, order: event.order }];
        return [];
      case "take":
        return [{ pfn: event.pfn, order: event.from }];
      case "split":
        return [
          { pfn: event.pfn, order: event.order - 1 },
          { pfn: event.upper, order: event.order - 1 },
        ];
      case "merge":
        return [{ pfn: event.parent, order: event.order + 1 }];
      case "insert":
        return [{ pfn: event.pfn, order: event.order }];
      case "pcp-take":
      case "pcp-put":
      case "bad-page":
        return [{ pfn: event.pfn, order: 0 }];
      case "free":
      case "kept":
        return [{ pfn: event.pfn, order: event.order }];
      default:
        break;
    }
  }
  return [];
}
