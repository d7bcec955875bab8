// Swapping in words: the state, and what happens to a page and its slot.
import type { Moment } from "@/lib/scenarios/run";
import type { Result } from "@/lib/scenarios/scenario";
import type { SwapOp, SwapSceneState } from "@/lib/scenarios/swap-types";
import type { SimEvent } from "@/lib/sim/events";
import { errorName } from "../error-name";
import { joinSentences } from "../sentences";
import { counts, inOrder, type Words } from "./layout";
import { areaName, pageAt, slotName, whoOf } from "./subject";

export function summarizeSwap(state: SwapSceneState, words: Words): string {
  const { parent, child, free, total, cache, full } = state;
  return joinSentences([
    words("summaryProcess", { who: "parent", ...counts(parent.pages) }),
    ...(child === null ? [] : [words("summaryProcess", { who: "child", ...counts(child.pages) })]),
    words("summarySlots", { free, total, cached: cache.length, full: full ? "yes" : "no" }),
    ...inOrder(state)
      .filter((area) => area.state !== "off")
      .map(({ name, prio, inuse, usable, clusterNext, clusterNr }) =>
        words("summaryArea", { area: name, prio, inuse, usable, next: clusterNext, left: clusterNr }),
      ),
  ]);
}

export function tellSwap(event: SimEvent, words: Words, { state }: Moment<SwapSceneState>): string | null {
  const named = (each: { readonly type: number; readonly slot: number }) => slotName(state, each.type, each.slot);
  switch (event.kind) {
    case "slot-scan":
      return words("tellScan", {
        how: event.how.replaceAll("-", ""),
        area: areaName(state, event.type),
        slot: named(event),
        left: event.clusterNr,
        cluster: state.cluster,
      });
    case "slot-none":
      return words("tellNoSlot");
    case "slot-dup":
      return words("tellDup", { slot: named(event), count: event.count });
    case "slot-free":
      return words("tellFree", { slot: named(event), count: event.count });
    case "swap-cache-add":
      return words("tellCached", { slot: named(event), pfn: event.pfn });
    case "swap-cache-del":
      return words("tellUncached", { slot: named(event), pfn: event.pfn });
    case "swap-cache-find":
      return words("tellFind", { slot: named(event), found: event.pfn === null ? "no" : "yes", pfn: event.pfn ?? 0 });
    case "swap-read":
      return words("tellRead", { slot: named(event), pfn: event.pfn });
    case "swap-write":
      return words("tellWrite", { slot: named(event), pfn: event.pfn });
    case "swap-write-needless":
      return words("tellNeedless", { slot: named(event), pfn: event.pfn });
    case "swap-readahead": {
      const last = slotName(state, event.type, event.from + event.count - 1);
      const from = slotName(state, event.type, event.from);
      return words("tellAhead", { slot: named(event), count: event.count, from, last });
    }
    case "swap-share":
      return words("tellShare", { reuse: event.reuse ? "yes" : "no", count: event.count });
    case "shrink-page":
      return words("tellShrink", { pfn: event.pfn, why: event.why.replaceAll("-", ""), verdict: event.verdict });
    default:
      return tellProcess(event, words, state);
  }
}

function tellProcess(event: SimEvent, words: Words, state: SwapSceneState): string | null {
  const named = (each: { readonly type: number; readonly slot: number }) => slotName(state, each.type, each.slot);
  switch (event.kind) {
    case "unmap-one":
      return words("tellUnmap", { who: whoOf(state, event.mm), page: pageAt(event.address) });
    case "page-fault":
      return words("tellFault", { page: pageAt(event.address), write: (event.code & 2) !== 0 ? "yes" : "no" });
    case "fault-handled": {
      const how = event.how.replaceAll("-", "");
      return words("tellHandled", { how, who: whoOf(state, event.mm), page: pageAt(event.address), pfn: event.pfn });
    }
    case "fork-area":
      return words("tellFork", { copied: event.copied, guarded: event.protected });
    case "zap":
      return words("tellZap", { pages: event.pages, swapped: event.swapped });
    case "swap-on":
      return words("tellOn", { area: areaName(state, event.type), prio: event.prio, pages: event.pages });
    case "swap-off-start":
      return words("tellOffStart", { area: areaName(state, event.type), inuse: event.inuse });
    case "swap-unuse":
      return words("tellUnuse", { slot: named(event), count: event.count, pfn: event.pfn });
    case "swap-unuse-pte":
      return words("tellUnusePte", { page: pageAt(event.address), pfn: event.pfn });
    case "swap-off":
      return words("tellOff", { area: areaName(state, event.type) });
    case "swap-refused":
      return words("tellRefused", { call: event.call, error: errorName(-event.errno).slice(1) });
    default:
      return null;
  }
}

export function concludeSwap({ op, result, last }: Moment<SwapSceneState>, words: Words): string[] {
  if (!last || op === null) return [];
  const done = op as SwapOp;
  switch (done.op) {
    case "read":
    case "write": {
      if (typeof result === "string") return [words("doneKilled", { signal: result.replace("signal ", "") })];
      return [
        words(done.op === "read" ? "doneRead" : "doneWrite", { page: done.page, who: done.who, value: result ?? 0 }),
      ];
    }
    case "out":
      return [words("doneOut", { count: typeof result === "number" ? result : 0 })];
    case "forget":
      return [words("doneForget", { page: done.page, count: done.count })];
    case "fork":
      return [words("doneFork", { pid: result ?? 0 })];
    case "exit":
      return [words("doneExit")];
    default:
      return [];
  }
}

export function resultOfSwap({ op }: { readonly op: string }, result: Result, words: Words): string {
  if (typeof result === "string") return words("resultKilled", { signal: result.replace("signal ", "") });
  if (result === null) return words("resultDone");
  if (result < 0) return errorName(result);
  if (op === "out") return words("resultOut", { count: result });
  if (op === "read" || op === "write") return words("resultValue", { value: result });
  return op === "fork" ? words("resultPid", { pid: result }) : words("resultDone");
}
