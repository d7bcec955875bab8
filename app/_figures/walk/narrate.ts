// Page walks in words: the state, and each thing the processor does with an address.
import { hex } from "@/lib/scenarios/hex";
import type { Moment } from "@/lib/scenarios/run";
import type { Result } from "@/lib/scenarios/scenario";
import type { WalkOp, WalkState } from "@/lib/scenarios/walk-types";
import type { SimEvent } from "@/lib/sim/events";
import { joinSentences } from "../sentences";
import type { WordsOf } from "../words";
import { faultValues } from "./ladder";
import { paddrOf } from "./progress";

type Words = WordsOf<"figure-walk">;

export function summarizeWalk(state: WalkState, words: Words): string {
  const { focus, levels, mmu, mapped, process } = state;
  const paddr = paddrOf(state);
  const stop = levels.find(({ leads }) => leads === "absent");
  const address = hex(focus.address);
  const { hits, misses } = mmu.counters;
  const entries = mmu.tlb.flatMap((array) => array.entries).length;
  const places = mmu.tlb.reduce((sum, { sets, ways }) => sum + sets * ways, 0);
  return joinSentences([
    words("summaryProcess", { process: process.toUpperCase(), levels: levels.length, pages: mapped.length }),
    paddr === null
      ? words("summaryAbsent", { address, level: stop?.name ?? levels[0]!.name })
      : words("summaryMapped", { address, paddr: hex(paddr) }),
    words("summaryTlb", { entries, places, hits, misses }),
  ]);
}

export function tellWalk(event: SimEvent, words: Words, moment: Moment<WalkState>): string | null {
  const { state } = moment;
  switch (event.kind) {
    case "tlb-miss":
      return words("tellMiss", { page: hex(Math.floor(event.address / 4096)), set: event.set, why: event.why });
    case "walk-level": {
      const level = state.levels[event.depth]!;
      const row = level.rows[2];
      const size = 2 ** (level.shift - 20);
      const pfn = Math.floor(((event.high & 0xff) * 2 ** 32 + event.low) / 4096);
      const base = hex(pfn * 4096);
      return words("tellLevel", {
        number: event.depth + 1,
        level: event.level,
        index: row?.index ?? level.index,
        entry: hex(event.entry),
        leads: level.leads,
        base,
        pfn,
        size,
      });
    }
    case "page-walk":
      return event.paddr === null ? null : tellBits(event.steps, words);
    case "tlb-fill":
      return words("tellFill", {
        page: hex(event.vpn),
        pfn: event.pfn,
        set: event.set,
        array: event.array,
        evicted: event.evicted === null ? "none" : "some",
        old: event.evicted === null ? "" : hex(event.evicted),
      });
    case "tlb-hit":
      return words("tellHit", { array: event.array, paddr: hex(event.paddr) });
    case "mmu-fault":
      return words("tellFault", { ...faultValues(state, event.error), address: hex(event.address), from: event.from });
    case "tlb-flush":
      return words("tellFlush", {
        what: event.what,
        asid: state.asid,
        dropped: event.dropped,
        address: hex(event.address ?? 0),
      });
    case "pte-page":
      return words("tellTable", { pfn: event.pfn, address: hex(event.address), made: event.made ? "yes" : "no" });
    default:
      return null;
  }
}

type Steps = Extract<SimEvent, { kind: "page-walk" }>["steps"];

function tellBits(steps: Steps, words: Words): string {
  const withBit = (bit: number) => steps.filter(({ set }) => (set & bit) !== 0).map(({ level }) => level);
  const [accessed, dirty] = [withBit(0x20), withBit(0x40)];
  const sentences = [words("tellAllowed")];
  if (accessed.length > 0) sentences.push(words("tellAccessed", { levels: accessed.join(", ") }));
  if (dirty.length > 0) sentences.push(words("tellDirty", { level: dirty.join(", ") }));
  return joinSentences(sentences.length > 1 ? sentences : [...sentences, words("tellNoBit")]);
}

export function concludeWalk({ op, result, last, state, events }: Moment<WalkState>, words: Words): string[] {
  if (!last || op === null) return [];
  const done = op as WalkOp;
  const process = state.process.toUpperCase();
  switch (done.op) {
    case "map":
      if (result === null) return [words("doneNoMemory")];
      return [words("doneMap", { address: hex(done.address), pfn: result, rights: done.rights })];
    case "protect":
      return [
        words("doneProtect", { address: hex(done.address), rights: done.rights }),
        words("doneFlush", { how: done.flush }),
      ];
    case "unmap":
      return [
        words("doneUnmap", { address: hex(done.address), pfn: result ?? 0 }),
        words("doneFlush", { how: done.flush }),
      ];
    case "switch":
      return [words(events.some(({ kind }) => kind === "tlb-flush") ? "doneSwitch" : "doneSame", { process })];
    case "invlpg":
    case "flush":
      return [];
    default:
      return typeof result === "number"
        ? [words("donePhysical", { address: hex(done.address), paddr: hex(result) })]
        : [];
  }
}

export function resultOfWalk({ op }: { readonly op: string }, result: Result, words: Words): string {
  if (op === "map") return result === null ? words("resultNoMemory") : words("resultFrame", { pfn: result });
  if (op === "protect" || op === "unmap") return words("resultFrame", { pfn: result ?? 0 });
  if (typeof result === "string") return words("resultFault", { code: hex(Number(result.split(" ")[1])) });
  return typeof result === "number" ? hex(result) : words("resultDone");
}
