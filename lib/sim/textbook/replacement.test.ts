import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ostepPolicies, replayOstep } from "./ostep-policy";
import { type PolicyName, policies } from "./policies";
import { hitHash } from "./references";
import { countFaults, replayReferences } from "./replacement";

const belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
const silberschatz = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

// domain.md A.10; NRU and aging tick after every 4th reference, nothing is written.
const golden: readonly (readonly [readonly number[], number, Partial<Record<PolicyName, number>>])[] = [
  [belady, 2, { OPT: 9, FIFO: 12, LRU: 12, Clock: 12, NRU: 10, Aging: 10, LFU: 12 }],
  [belady, 3, { OPT: 7, FIFO: 9, LRU: 10, Clock: 9, NRU: 9, Aging: 9, LFU: 10 }],
  [belady, 4, { OPT: 6, FIFO: 10, LRU: 8, Clock: 10, NRU: 6, Aging: 7, LFU: 8 }],
  [belady, 5, { OPT: 5, FIFO: 5, LRU: 5, Clock: 5, NRU: 5, Aging: 5, LFU: 5 }],
  [silberschatz, 2, { OPT: 13, FIFO: 15, LRU: 17, Clock: 15, NRU: 14, Aging: 14, LFU: 15 }],
  [silberschatz, 3, { OPT: 9, FIFO: 15, LRU: 12, Clock: 14, NRU: 11, Aging: 14, LFU: 11 }],
  [silberschatz, 4, { OPT: 8, FIFO: 10, LRU: 8, Clock: 9, NRU: 9, Aging: 9, LFU: 9 }],
  [silberschatz, 5, { OPT: 7, FIFO: 9, LRU: 7, Clock: 9, NRU: 7, Aging: 8, LFU: 7 }],
];

const strings = fc.array(fc.nat(9), { minLength: 1, maxLength: 60 });
const sizes = fc.integer({ min: 1, max: 8 });

describe("page replacement (course conventions)", () => {
  it.each(golden)("counts the faults of %j with %i frames", (refs, frames, expected) => {
    for (const [name, faults] of Object.entries(expected))
      expect([name, countFaults(policies[name as PolicyName], refs, frames)]).toEqual([name, faults]);
  });

  it("agrees with the plain lists of the OSTEP program on every hit of FIFO, LRU, MRU", () => {
    fc.assert(
      fc.property(strings, sizes, fc.constantFrom("FIFO", "LRU", "MRU"), (refs, frames, name) => {
        const fast = replayReferences(policies[name], refs, frames);
        const plain = replayOstep(ostepPolicies[name], refs, frames, { draws: [], clockBits: 1 });
        expect([...fast.hits]).toEqual(plain.map((step) => (step.hit ? 1 : 0)));
        expect(refs.map((_, time) => fast.victimPage(time))).toEqual(plain.map((step) => step.victim));
      }),
    );
  });

  it("is never better than OPT and never worse than UNOPT", () => {
    fc.assert(
      fc.property(strings, sizes, (refs, frames) => {
        const best = countFaults(policies.OPT, refs, frames);
        const least = replayOstep(ostepPolicies.OPT, refs, frames, { draws: [], clockBits: 1 });
        expect(best).toBe(least.filter((step) => !step.hit).length);
        for (const make of Object.values(policies))
          expect(countFaults(make, refs, frames)).toBeGreaterThanOrEqual(best);
      }),
    );
  });

  it("shows no anomaly for LRU and OPT: more frames never mean more faults", () => {
    fc.assert(
      fc.property(strings, sizes, fc.constantFrom(policies.LRU, policies.OPT), (refs, frames, make) => {
        expect(countFaults(make, refs, frames + 1)).toBeLessThanOrEqual(countFaults(make, refs, frames));
      }),
    );
  });

  it("shows Belady's anomaly for FIFO: 9 faults with 3 frames, 10 with 4", () => {
    expect([3, 4].map((frames) => countFaults(policies.FIFO, belady, frames))).toEqual([9, 10]);
  });

  it("spares a modified page in NRU", () => {
    const { victimPage } = replayReferences(policies.NRU, [1, 2, 3], 2, { writes: [1, 0, 0], tickEvery: 2 });
    expect(victimPage(2)).toBe(2);
  });

  it("refuses a memory of no frames", () => {
    expect(() => countFaults(policies.LRU, belady, 0)).toThrow("0 frames: an integer of at least 1 is needed");
  });

  it("hashes hits as 64-bit FNV-1a from libCacheSim's offset", () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 1, maxLength: 50 }), (hits) => {
        let hash = 1469598103934665603n;
        for (const hit of hits) hash = ((hash ^ BigInt(hit)) * 1099511628211n) & 0xffffffffffffffffn;
        expect(hitHash(hits)).toBe(hash.toString(16).padStart(16, "0"));
      }),
    );
  });
});
