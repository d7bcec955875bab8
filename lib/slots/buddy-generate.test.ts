import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SimEvent } from "@/lib/sim/events";
import type { BuddyConfig } from "@/lib/sim/machine";
import { createRng } from "@/lib/sim/rng";
import { buddyCheck } from "./buddy-check";
import { corruptions } from "./buddy-corrupt";
import { generateMix, type MixParams } from "./buddy-generate";
import { legalBuddyOps } from "./buddy-machine";
import { replay } from "./buddy-replay";

const configs: fc.Arbitrary<BuddyConfig> = fc.record(
  {
    pages: fc.integer({ min: 1, max: 200 }),
    startPfn: fc.integer({ min: 0, max: 99 }),
    init: fc.constantFrom("one-block", "boot32", "pages_asc", "pages_desc", "holes", "none"),
    pcp: fc.option(fc.record({ batch: fc.integer({ min: 1, max: 4 }) })),
  },
  { requiredKeys: ["pages", "init"] },
);
const params = fc.record({ maxOrder: fc.integer({ min: 0, max: 10 }), coldPercent: fc.integer({ min: 0, max: 50 }) });
const seeds = fc.integer({ min: 1, max: 2 ** 32 - 1 });

describe("generateMix", () => {
  it("makes traces of the wanted length that are legal as they are", () => {
    fc.assert(
      fc.property(configs, params, seeds, fc.integer({ min: 1, max: 80 }), (config, mix, seed, length) => {
        const ops = generateMix(createRng(seed), config, mix, length);
        expect(ops).toHaveLength(length);
        expect(legalBuddyOps(config, ops)).toEqual(ops);
      }),
      { numRuns: 60 },
    );
  });

  it("makes the same trace from the same seed", () => {
    const once = () => generateMix(createRng(77), { pages: 64, init: "holes" }, { maxOrder: 4, coldPercent: 10 }, 50);
    expect(once()).toEqual(once());
  });

  /** Every event of a few traces, and whether any request failed. */
  const happenings = (config: BuddyConfig, mix: MixParams, length: number) => {
    const traces = [1, 2, 3, 4, 5].map((seed) => generateMix(createRng(seed * 7919), config, mix, length));
    const replays = traces.map((ops) => ({ ops, ...replay(config, ops) }));
    const failed = replays.some(({ ops, results }) => ops.some((op, i) => op.op === "alloc" && results[i] === null));
    return { events: replays.flatMap((one) => one.events.flat()), failed };
  };
  const some = <K extends SimEvent["kind"]>(
    events: readonly SimEvent[],
    kind: K,
    test: (event: Extract<SimEvent, { kind: K }>) => boolean = () => true,
  ) => events.some((event) => event.kind === kind && test(event as Extract<SimEvent, { kind: K }>));

  it("reaches exact fits, long splits, failing requests and buddies of another order or beyond the end", () => {
    const { events, failed } = happenings({ pages: 77, init: "one-block" }, { maxOrder: 5, coldPercent: 0 }, 150);
    expect(failed).toBe(true);
    expect(some(events, "take", ({ order, from }) => order === from)).toBe(true);
    expect(some(events, "take", ({ order, from }) => from - order >= 3)).toBe(true);
    for (const reason of ["outside-zone", "not-free", "other-order"])
      expect(some(events, "stop", (stop) => stop.reason === reason)).toBe(true);
  });

  it("reaches merging up to order 10 in a zone of 4096 pages", () => {
    const { events } = happenings({ pages: 4096, init: "one-block" }, { maxOrder: 10, coldPercent: 0 }, 200);
    expect(some(events, "stop", ({ reason }) => reason === "max-order")).toBe(true);
    expect(some(events, "merge", ({ order }) => order === 9)).toBe(true);
  });

  it("drives both per-CPU lists over both marks, and finds the buddy lists short at a refill", () => {
    const config: BuddyConfig = { pages: 40, init: "one-block", pcp: { batch: 2 } };
    const { events } = happenings(config, { maxOrder: 1, coldPercent: 30 }, 400);
    for (const list of ["hot", "cold"]) {
      expect(some(events, "refill", (refill) => refill.list === list && refill.pages === refill.batch)).toBe(true);
      expect(some(events, "drain", (drain) => drain.list === list)).toBe(true);
    }
    const scarce = happenings(
      { pages: 20, init: "one-block", pcp: { batch: 3 } },
      { maxOrder: 2, coldPercent: 25 },
      300,
    );
    expect(some(scarce.events, "refill", ({ pages, batch }) => pages > 0 && pages < batch)).toBe(true);
  });
});

describe("the traces of the checker's slot", () => {
  it("are legal as generated, and reach every kind of damage", () => {
    const config: BuddyConfig = { pages: 64, init: "one-block" };
    const reached = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const ops = buddyCheck.generate(createRng(seed * 7919), config, { maxOrder: 3, coldPercent: 0, damages: 4 }, 30);
      expect(buddyCheck.legal(config, ops)).toEqual(ops);
      for (const op of ops) if (op.op === "corrupt") reached.add(op.how);
    }
    expect([...reached].sort()).toEqual([...corruptions].sort());
  });

  it("report exactly the damage that was done", () => {
    for (const how of corruptions) {
      const run = buddyCheck.start({ pages: 16, init: "one-block" }, {});
      run.apply({ op: "alloc", order: 0, id: "a" });
      expect(run.apply({ op: "check" })).toEqual([]);
      run.apply({ op: "corrupt", how, order: 2, nth: 0 });
      expect(run.apply({ op: "check" })).toMatchObject([{ rule: how }]);
    }
  });
});
