// The LRU lists in words: the state, each page that a scan looks at and why it goes where it goes.
import type { LruOp } from "@/lib/scenarios/lru";
import type { LruState } from "@/lib/scenarios/lru-view";
import type { Moment } from "@/lib/scenarios/run";
import type { Result } from "@/lib/scenarios/scenario";
import type { SimEvent } from "@/lib/sim/events";
import { joinSentences } from "../sentences";
import type { WordsOf } from "../words";
import { allCards } from "./layout";

type Words = WordsOf<"figure-lru">;

export function summarizeLru(state: LruState, words: Words): string {
  const { active, inactive, held, free, high, kswapd, tendency, writing } = state;
  const cards = allCards(state);
  const dirty = cards.filter(({ flags }) => flags.includes("D")).length;
  const referenced = cards.filter(({ flags }) => /[RY]/.test(flags)).length;
  const list = (pages: readonly { pfn: number }[]) =>
    pages
      .slice(-3)
      .map(({ pfn }) => pfn)
      .join(", ");
  return joinSentences([
    words("summaryLists", { active: active.length, inactive: inactive.length, dirty, referenced, writing }),
    ...(inactive.length > 0 ? [words("summaryTail", { pages: list(inactive) })] : []),
    ...(held.length > 0 ? [words("summaryHeld", { count: held.length })] : []),
    words("summaryMemory", { free, high, kswapd, tendency, takes: tendency >= 100 ? "yes" : "no" }),
    words("summaryHead", { page: active[0]?.pfn ?? "–", other: inactive[0]?.pfn ?? "–" }),
  ]);
}

export function tellLru(event: SimEvent, words: Words, { op }: Moment<LruState>): string | null {
  // kswapd looks at dozens of pages in one step.
  const brief = op?.op === "kswapd";
  switch (event.kind) {
    case "lru-add":
      return words("tellAdd", { pfn: event.pfn, list: event.list });
    case "lru-activate":
      return words("tellActivate", { pfn: event.pfn });
    case "lru-referenced":
      return words("tellReferenced", { pfn: event.pfn });
    case "lru-rotate":
      return words("tellRotate", { pfn: event.pfn });
    case "io-write":
      return brief ? null : words("tellWrite", { pfn: event.pfn });
    case "io-done":
      return words("tellWritten", { pfn: event.pfn });
    case "refill-inactive": {
      const { pages, distress, tendency, reclaimMapped } = event;
      const half = Math.floor(event.mappedRatio / 2);
      const swappiness = tendency - half - distress;
      return words("tellRefill", { pages, half, distress, swappiness, tendency, takes: reclaimMapped ? "yes" : "no" });
    }
    case "refill-page":
      return brief ? null : words("tellRefillPage", { pfn: event.pfn, why: letters(event.why) });
    case "shrink-cache":
      return words("tellShrink", { pages: event.pages });
    case "shrink-page":
      if (brief) return null;
      return words("tellShrinkPage", {
        pfn: event.pfn,
        row: event.row,
        why: letters(event.why),
        verdict: event.verdict,
      });
    case "shrink-zone":
      return words("tellZone", { priority: event.priority, active: event.active, inactive: event.inactive });
    case "all-unreclaimable":
      return words("tellUnreclaimable");
    default:
      return null;
  }
}

/** ICU select keys are letters only. */
function letters(why: string): string {
  return why.replaceAll("-", "");
}

export function concludeLru({ op, result, last, events }: Moment<LruState>, words: Words): string[] {
  if (!last || op === null) return [];
  const done = op as LruOp;
  switch (done.op) {
    case "read":
    case "write":
      if (Number(result) < 0) return [words("doneNoMemory")];
      return [words(done.op === "read" ? "doneRead" : "doneWrite", { page: done.page })];
    case "touch":
    case "look":
      return [words(done.op === "touch" ? "doneTouch" : "doneLook", { page: done.page, how: String(result) })];
    case "refill":
      return events.length === 0 ? [words("doneRefillNothing")] : [];
    case "shrink":
    case "scan":
    case "kswapd":
      return [words("doneFreed", { pages: Number(result) })];
    case "iodone":
      return [words("doneWrites", { pages: Number(result) })];
  }
}

export function resultOfLru({ op }: { readonly op: string }, result: Result, words: Words): string {
  if (op === "read" || op === "write")
    return Number(result) < 0 ? "-ENOMEM" : words("resultBytes", { bytes: Number(result) });
  if (op === "touch" || op === "look") return words("resultAccess", { how: String(result) });
  if (op === "refill") return words("resultDone");
  if (op === "iodone") return words("resultWrites", { pages: Number(result) });
  return words("resultFreed", { pages: Number(result) });
}
