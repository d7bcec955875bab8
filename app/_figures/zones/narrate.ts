// The zones in words: the state, and the way of a request through __alloc_pages.

import type { Moment } from "@/lib/scenarios/run";
import type { Result } from "@/lib/scenarios/scenario";
import type { ZonesOp, ZonesState } from "@/lib/scenarios/zones";
import type { SimEvent } from "@/lib/sim/events";
import { joinSentences } from "../sentences";
import type { WordsOf } from "../words";
import { markState } from "./marks";

type Words = WordsOf<"figure-zones">;

export function summarizeZones({ zones, live, kswapd }: ZonesState, words: Words): string {
  const each = zones.map((zone) => {
    const state = words("summaryState", { state: markState(zone) });
    const { free, pages, min, low, high } = zone;
    return words("summaryZone", { zone: zone.name, free, pages, state, min, low, high });
  });
  return joinSentences([
    ...each,
    words("summaryKswapd", { state: kswapd }),
    words("summaryLive", { count: live.length }),
  ]);
}

export function tellZones(event: SimEvent, words: Words, { op }: Moment<ZonesState>): string | null {
  // A read asks for a page at a time; kswapd and reclaim do not ask at all.
  const asked = op?.op === "alloc";
  switch (event.kind) {
    case "zone-try": {
      if (!asked) return null;
      const { zone, pass, free } = event;
      const limit = Math.max(0, event.mark + event.reserve);
      return words(event.ok ? "tellServed" : "tellBelow", { zone, pass, free, limit });
    }
    case "zone-empty":
      return words("tellNoBlock", { zone: event.zone, order: event.order });
    case "kswapd-wake":
      return words("tellWake", { zone: event.zone, order: event.order, asleep: event.slept ? "yes" : "no" });
    case "direct-reclaim":
      return words("tellReclaim");
    case "direct-reclaim-done":
      return words("tellReclaimed", { freed: event.freed });
    case "call-oom":
      return words("tellOom");
    case "alloc-retry":
      return words("tellRetry", { round: event.round });
    case "alloc-fail":
      return words("tellFail", { why: event.why.replaceAll("-", "") });
    case "reclaim-round":
      return event.by === "kswapd" ? words("tellRound", { priority: event.priority }) : null;
    case "all-unreclaimable":
      return words("tellUnreclaimable");
    default:
      return null;
  }
}

export function concludeZones({ op, result, last }: Moment<ZonesState>, words: Words): string[] {
  if (!last || op === null) return [];
  const done = op as ZonesOp;
  if (done.op === "free") return [words("doneFree", { pfn: done.page })];
  if (done.op === "kswapd") return [words("doneKswapd", { pages: Number(result) })];
  if (done.op === "read") return [words(Number(result) < 0 ? "doneReadNone" : "doneRead", { pages: Number(result) })];
  return [result === null ? words("doneNone") : words("doneAlloc", { pfn: result, order: done.order })];
}

export function resultOfZones({ op }: { readonly op: string }, result: Result, words: Words): string {
  if (op === "free") return words("resultFreed");
  if (op === "kswapd") return words("resultReclaimed", { pages: Number(result) });
  if (op === "read") return Number(result) < 0 ? "-ENOMEM" : words("resultRead", { pages: Number(result) });
  return result === null ? words("resultNone") : words("resultPage", { pfn: result });
}
