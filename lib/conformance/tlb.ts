// The TLB rows of replacement/: misses of real traces for several shapes, by a cache simulator.
// Source: oracles/README.md section 6. A row is [which, sets, ways, references, misses with LRU, misses with FIFO].
import { tlbArrayAt, tlbArrayWords, tlbFill, tlbFind, tlbReset } from "@/lib/sim/mmu/tlb";
import type { TlbPolicy } from "@/lib/sim/mmu/tlb-structs";
import { BadData, type CaseOutcome, type Difference, integer, type Json, list, text } from "./data-set";

export interface TraceReference {
  readonly type: string;
  readonly page: number;
}

const parts: Readonly<Record<string, RegExp>> = { unified: /./, itlb: /^I$/, dtlb: /^[^I]$/ };

/** One case a row and policy. @param rows the `tlb` of a trace; none for a trace without. */
export function* tlbRows(name: string, rows: Json | undefined, refs: readonly TraceReference[]): Iterable<CaseOutcome> {
  const pages = new Map<string, Float64Array>();
  for (const [index, item] of (rows === undefined ? [] : list(rows, `${name}.tlb`)).entries()) {
    const row = list(item, `${name}.tlb[${index}]`);
    const which = text(row[0], `${name}.tlb[${index}]`);
    const part = parts[which];
    if (!part) throw new BadData(`${name}.tlb[${index}]: unknown part ${JSON.stringify(which)}`);
    if (!pages.has(which))
      pages.set(
        which,
        Float64Array.from(
          refs.filter(({ type }) => part.test(type)),
          ({ page }) => page,
        ),
      );
    const [sets, ways, references, lru, fifo] = [1, 2, 3, 4, 5].map((at) =>
      integer(row[at], `${name}.tlb[${index}][${at}]`),
    );
    for (const [policy, misses] of [
      ["lru", lru],
      ["fifo", fifo],
    ] as const)
      yield {
        name: `${name}, ${which} TLB of ${sets} sets of ${ways}, ${policy}`,
        difference: differs(
          [references ?? null, misses ?? null],
          [pages.get(which)!.length, count(pages.get(which)!, sets!, ways!, policy)],
        ),
      };
  }
}

function count(pages: Float64Array, sets: number, ways: number, policy: TlbPolicy): number {
  const geometry = { entries: sets * ways, ways, policy };
  if (!(sets > 0 && ways > 0 && sets * ways <= 65536)) throw new BadData(`no TLB has ${sets} sets of ${ways}`);
  const array = tlbArrayAt(geometry, 0);
  const words = new Uint32Array(tlbArrayWords(geometry));
  tlbReset(words, array);
  let misses = 0;
  for (let index = 0; index < pages.length; index++) {
    if (tlbFind(words, array, pages[index]!, 0) >= 0) continue;
    misses++;
    tlbFill(words, array, pages[index]!, 0, 0, 0);
  }
  return misses;
}

function differs(expected: Json, actual: Json): Difference | null {
  return JSON.stringify(expected) === JSON.stringify(actual) ? null : { at: "references and misses", expected, actual };
}
