// The buddy machine in words: the state as one sentence, a step as what the allocator just did.
import type { SimEvent } from "@/lib/sim/events";
import type { FigureWords } from "../words";
import { blocksOf, type DrawnState } from "./blocks";

/** What lies between two pictures: the label of the operation, its events of this step, the state they lead to. */
export interface Moment {
  readonly label: string | null;
  readonly events: readonly SimEvent[];
  readonly state: DrawnState;
}

export function summarizeBuddy(state: DrawnState, words: FigureWords): string {
  const blocks = blocksOf(state);
  const free = state.freeLists.reduce((sum, list, order) => sum + list.length * 2 ** order, 0);
  const largest = state.freeLists.findLastIndex((list) => list.length > 0);
  const count = state.freeLists.reduce((sum, list) => sum + list.length, 0);
  const pagesOf = (kind: string) => blocks.reduce((sum, block) => sum + (block.kind === kind ? block.pages : 0), 0);
  const parked = pagesOf("hot") + pagesOf("cold");
  const { pages } = state;
  const sentences = [
    free === 0 ? words("summaryFull", { pages }) : words("summary", { pages, free, blocks: count, largest }),
  ];
  const add = (number: number, key: Parameters<FigureWords>[0]) => {
    if (number > 0) sentences.push(words(key, { count: number }));
  };
  add(parked, "summaryParked");
  add(state.reserved.length, "summaryReserved");
  add(pagesOf("lost"), "summaryLost");
  add(pagesOf("clash"), "summaryClash");
  add(state.findings.length, "summaryFindings");
  return join(sentences, words);
}

/** English puts a space between sentences, Chinese does not. */
function join(sentences: readonly string[], words: FigureWords): string {
  return sentences.reduce((first, second) => words("sentences", { first, second }));
}

export function announceBuddy(previous: Moment | null, next: Moment, words: FigureWords): string {
  if (next.label === null) return words("stepStart", { summary: summarizeBuddy(next.state, words) });
  const told = tellBatch(next.events) ?? next.events;
  const sentences = [...told.flatMap((event) => tell(event, words) ?? []), ...whyFailed(next, words)];
  const sentence = sentences.length > 0 ? join(sentences, words) : words("stepNothing");
  // Within one operation its name is said once.
  return previous?.label === next.label ? sentence : words("stepSaid", { label: next.label, sentence });
}

/** A request that failed although memory is free: where that memory is. */
function whyFailed({ events, state }: Moment, words: FigureWords): string[] {
  const failed = events.find((event) => event.kind === "alloc" && event.pfn === null);
  if (failed?.kind !== "alloc") return [];
  const free = state.freeLists.reduce((sum, list, order) => sum + list.length * 2 ** order, 0);
  const parked = (state.pcp?.hot.list.length ?? 0) + (state.pcp?.cold.list.length ?? 0);
  return [
    ...(free > 0 ? [words("stepFreeButSmall", { free })] : []),
    ...(parked > 0 && failed.order > 0 ? [words("stepFreeButParked", { count: parked })] : []),
  ];
}

/** Of a refill or drain only the outcome is told: its single takes and merges would drown it. */
function tellBatch(events: readonly SimEvent[]): SimEvent[] | null {
  const at = events.findLastIndex((event) => event.kind === "refill" || event.kind === "drain");
  if (at < 0) return null;
  return [...events.slice(0, at).filter((event) => event.kind === "free"), ...events.slice(at)];
}

/** One event as a sentence; null when its neighbours already say it. */
export function tell(event: SimEvent, words: FigureWords): string | null {
  switch (event.kind) {
    case "take":
      return words(event.from === event.order ? "stepTakeFit" : "stepTake", { pfn: event.pfn, from: event.from });
    case "split": {
      const { pfn, order, upper } = event;
      return words("stepSplit", { pfn, order, upper, lower: order - 1 });
    }
    case "merge": {
      const { pfn, buddy, order, parent } = event;
      return words("stepMerge", { pfn, buddy, order, parent, higher: order + 1 });
    }
    case "stop":
      switch (event.reason) {
        case "max-order":
          return words("stepStopMaxOrder", { order: event.order });
        case "outside-zone":
          return words("stepStopOutside", { buddy: event.buddy });
        case "not-free":
          return words("stepStopNotFree", { buddy: event.buddy });
        case "other-order":
          return words("stepStopOtherOrder", { buddy: event.buddy });
      }
      return null;
    case "insert":
      return words("stepInsert", { pfn: event.pfn, order: event.order });
    case "refill":
      return words("stepRefill", { list: event.list, low: event.low, pages: event.pages });
    case "drain":
      return words("stepDrain", { list: event.list, high: event.high, pages: event.pages });
    case "pcp-take":
      return words("stepPcpTake", { list: event.list, pfn: event.pfn });
    case "pcp-put":
      return words("stepPcpPut", { list: event.list, pfn: event.pfn });
    case "alloc":
      if (event.pfn === null) return words("stepAllocNone", { order: event.order });
      return words("stepAlloc", { pfn: event.pfn, order: event.order });
    case "free":
      return words("stepFree", { pfn: event.pfn, order: event.order });
    case "kept":
      return words("stepKept", { pfn: event.pfn, count: event.count });
    case "bad-page":
      return words("stepBadPage", { pfn: event.pfn });
    default:
      return null;
  }
}

/** The few words beside the triangle under the picture. */
export function noteFor(events: readonly SimEvent[], words: FigureWords): string {
  const last = events.findLast((event) => event.kind === "alloc" || event.kind === "free");
  if (last?.kind === "alloc" && last.pfn !== null) return words("noteAlloc", { order: last.order, pfn: last.pfn });
  if (last?.kind === "free") return words("noteFree", { pfn: last.pfn });
  return "";
}
