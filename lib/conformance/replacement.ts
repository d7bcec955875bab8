// Adapter for replacement/: fault counts and hit sequences of real traces (lib/sim/textbook/policies.ts).
import { policies } from "@/lib/sim/textbook/policies";
import { hitHash } from "@/lib/sim/textbook/references";
import { replayReferences } from "@/lib/sim/textbook/replacement";
import {
  type Adapter,
  BadData,
  type Beside,
  type CaseOutcome,
  integer,
  type Json,
  list,
  record,
  text,
} from "./data-set";
import { tlbRows } from "./tlb";

/** The data's name of a policy -> ours, and whether the sequence of hits is defined (ties of OPT leave it open). */
const columns = {
  FIFO: { policy: policies.FIFO, hash: true },
  LRU: { policy: policies.LRU, hash: true },
  MRU: { policy: policies.MRU, hash: true },
  CLOCK0: { policy: policies.Clock0, hash: true },
  CLOCK1: { policy: policies.Clock, hash: true },
  OPT: { policy: policies.OPT, hash: false },
} as const;

/** Columns that are left out, and why. */
const leftOut: Readonly<Record<string, string>> = {
  LFU: "LFU's ties follow libCacheSim's own order",
  ARC: "ARC is no policy of the course",
};

export interface Reference {
  /** I fetch, L load, S store, M modify; r and w of merged data references. */
  readonly type: string;
  readonly page: number;
}

/** The references of a trace file, in order. @throws BadData for a line that is none. */
export function parseTrace(name: string, content: string): Reference[] {
  return content
    .trimEnd()
    .split("\n")
    .map((line, index) => {
      const match = /^([ILSMrw]) ([0-9a-f]+)(?: \d+)?$/.exec(line);
      if (!match) throw new BadData(`${name}, line ${index + 1}: ${JSON.stringify(line)} is no reference`);
      return { type: match[1]!, page: Number.parseInt(match[2]!, 16) };
    });
}

/** The fault counts of one trace: one case a policy and memory size. */
export function* faultCounts(trace: { [key: string]: Json }, beside: Beside): Iterable<CaseOutcome> {
  const name = text(trace.trace, "trace");
  const refs = Float64Array.from(parseTrace(name, beside(name)), ({ page }) => page);
  const misses = record(trace.misses, `${name}.misses`);
  const hashes = record(trace.hit_hash, `${name}.hit_hash`);
  for (const [column, skipped] of Object.entries(leftOut)) {
    if (misses[column] === undefined) continue;
    for (const size of Object.keys(record(misses[column], `${name}.misses.${column}`)))
      yield { name: `${name}, ${column}, ${size} frames`, difference: null, skipped };
  }
  for (const [column, { policy, hash }] of Object.entries(columns)) {
    const sizes = misses[column] === undefined ? {} : record(misses[column], `${name}.misses.${column}`);
    for (const [size, expected] of Object.entries(sizes)) {
      const { faults, hits } = replayReferences(policy, refs, Number(size));
      const given = hash ? (record(hashes[column] ?? {}, `${name}.hit_hash.${column}`)[size] ?? null) : null;
      const actual: Json = [faults, given === null ? null : hitHash(hits)];
      const wanted: Json = [integer(expected, `${name}.misses.${column}.${size}`), given];
      const same = actual[0] === wanted[0] && actual[1] === wanted[1];
      yield {
        name: `${name}, ${column}, ${size} frames`,
        difference: same ? null : { at: "faults and hit hash", expected: wanted, actual },
      };
    }
  }
}

export const replacement: Adapter = function* (data, beside) {
  for (const [index, each] of list(record(data, "file").traces, "traces").entries()) {
    const trace = record(each, `traces[${index}]`);
    yield* faultCounts(trace, beside);
    const name = text(trace.trace, "trace");
    yield* tlbRows(name, trace.tlb, parseTrace(name, beside(name)));
  }
};
