// A slab cache in words: the state, and what an allocation, a free or the clock does to arrays and slabs.
import type { Moment } from "@/lib/scenarios/run";
import type { Result } from "@/lib/scenarios/scenario";
import { cacheName, type SlabOp, type SlabState } from "@/lib/scenarios/slab";
import type { SimEvent } from "@/lib/sim/events";
import { joinSentences } from "../sentences";
import type { WordsOf } from "../words";

type Words = WordsOf<"figure-slab">;

export function countPlaces({ slabs }: SlabState): Readonly<Record<"used" | "free" | "cpu" | "shared", number>> {
  const counts = { used: 0, free: 0, cpu: 0, shared: 0 };
  for (const { places } of slabs) for (const place of places) counts[place]++;
  return counts;
}

export function summarizeSlab(state: SlabState, words: Words): string {
  const { slabs, cpu, shared } = state;
  const on = (list: string) => slabs.filter((slab) => slab.list === list).length;
  const lists = { slabs: slabs.length, partial: on("partial"), full: on("full"), free: on("free") };
  const { used, free } = countPlaces(state);
  const next = cpu.objects.at(-1);
  return joinSentences([
    words("summarySlabs", lists),
    words("summaryObjects", { used, free, cpu: cpu.objects.length, shared: shared?.objects.length ?? 0 }),
    next ? words("summaryNext", { object: next.join(".") }) : words("summaryNoNext"),
  ]);
}

export function tellSlab(event: SimEvent, words: Words, { state }: Moment<SlabState>): string | null {
  if (!("cache" in event) || event.cache !== cacheName) return null;
  const slab = "slab" in event && typeof event.slab === "number" ? (state.ids[event.slab] ?? "?") : "?";
  const object = "index" in event ? `${slab}.${event.index}` : "?";
  switch (event.kind) {
    case "slab-pop":
      return words("tellPop", { object, avail: event.avail });
    case "slab-push":
      return words("tellPush", { object, avail: event.avail });
    case "slab-refill":
      return words("tellRefill", { batch: event.batch });
    case "slab-from-shared":
      return words("tellFromShared", { objects: event.objects, left: event.left });
    case "slab-take":
      return words("tellTake", { object, next: event.next ?? -1 });
    case "slab-put":
      return words("tellPut", { object, next: event.next ?? -1 });
    case "slab-move":
      return words("tellMove", { slab, list: event.to, end: event.end, inuse: event.inuse });
    case "slab-grow":
      return words("tellGrow", { slab, objects: event.objects, offset: event.offset, pages: 2 ** event.order });
    case "slab-no-grow":
      return words("tellNoGrow");
    case "slab-flush":
      return words("tellFlush", { to: event.to, objects: event.objects });
    case "slab-destroy":
      return words("tellDestroy", { slab });
    case "slab-drain":
      return words("tellDrain", { array: event.array, objects: event.objects, why: event.why });
    case "slab-touched":
      return words("tellTouched", { array: event.array });
    case "slab-spare":
      return words("tellSpare");
    case "slab-reap":
      return words("tellReap", { slabs: event.slabs, most: event.most });
    case "slab-tune":
      return words("tellTune", { limit: event.limit, batch: event.batchcount });
    case "slab-shrink":
      return words("tellShrink", { slabs: event.slabs });
    default:
      return null;
  }
}

export function concludeSlab({ op, result, last, state }: Moment<SlabState>, words: Words): string[] {
  if (!last || op === null) return [];
  const done = op as SlabOp;
  switch (done.op) {
    case "alloc":
      return [result === null ? words("doneNone") : words("doneAlloc", { object: result })];
    case "free":
      return [words("doneFree", { object: `${done.slab}.${done.index}` })];
    case "wait":
      return [words("doneWait", { seconds: state.seconds })];
    case "shrink":
      return [words("doneShrink", { busy: result === 0 ? "no" : "yes" })];
    case "tune":
      return [words(result === 0 ? "doneTune" : "doneNotTuned", { limit: state.freeLimit })];
  }
}

export function resultOfSlab({ op }: { readonly op: string }, result: Result, words: Words): string {
  if (op === "alloc") return result === null ? words("resultNone") : words("resultObject", { object: result });
  if (op === "free") return words("resultFreed");
  if (op === "shrink") return words("resultShrink", { result: result ?? 0 });
  return op === "tune" && result !== 0 ? "-EINVAL" : words("resultDone");
}
