import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootBuddyMachine, buddyMachineBytes, machineLayout } from "./buddy-machine";
import { checkZone } from "./check-zone";
import { COLD, HOT } from "./constants";
import { KernelBug } from "./kernel-bug";
import type { BuddyConfig, BuddyMachine } from "./machine";
import { memoryAt } from "./memory";
import { observeBuddy, sameBuddy } from "./observe-buddy";
import { allocPages, freePages } from "./page-alloc";
import { drainPcp } from "./pcp";
import { page } from "./structs";

const config: BuddyConfig = { pages: 40, init: "pages_asc", pcp: { batch: 2 } };
const bytes = buddyMachineBytes(config);
const GUARD = 256;

/** A machine in the middle of a larger buffer, as in the sandbox. */
function bootInside(): { m: BuddyMachine; outside: () => number } {
  const buffer = new ArrayBuffer(bytes + 2 * GUARD);
  const all = new Uint8Array(buffer).fill(0x55);
  const m = bootBuddyMachine(config, memoryAt(buffer, GUARD, bytes));
  const outside = () =>
    all.subarray(0, GUARD).filter((byte) => byte !== 0x55).length +
    all.subarray(GUARD + bytes).filter((byte) => byte !== 0x55).length;
  return { m, outside };
}

const word = fc.oneof(
  fc.nat({ max: 0xffffffff }),
  fc.nat({ max: bytes }),
  fc.nat({ max: config.pages - 1 }).map(linkOf),
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff),
);

/** Address of the `lru` of a page: a hostile link that looks real. */
function linkOf(index: number): number {
  return machineLayout.memMap + index * page.size + page.offset.lru;
}

const pokes = fc.array(fc.record({ at: fc.nat(bytes / 4 - 1), value: word }), { minLength: 1, maxLength: 30 });
const steps: fc.Arbitrary<(m: BuddyMachine) => void>[] = [
  fc.nat(11).map((order) => (m) => void m.ops.rmqueue(m, m.zone, order)),
  fc.record({ index: fc.integer({ min: -2, max: 41 }), order: fc.nat(11) }).map(
    ({ index, order }) =>
      (m) =>
        m.ops.freePagesBulk(m, m.zone, m.memMap + index * page.size, order),
  ),
  fc.record({ address: fc.double(), order: fc.integer() }).map(
    ({ address, order }) =>
      (m) =>
        freePages(m, address, order),
  ),
  fc.record({ order: fc.nat(3), cold: fc.constantFrom(HOT, COLD) }).map(
    ({ order, cold }) =>
      (m) =>
        void allocPages(m, cold, order),
  ),
  fc.record({ index: fc.nat(39), cold: fc.constantFrom(HOT, COLD) }).map(
    ({ index, cold }) =>
      (m) =>
        m.ops.freeHotColdPage(m, m.zone, m.memMap + index * page.size, cold),
  ),
  fc.constant((m) => drainPcp(m)),
];

describe("a machine whose memory somebody has overwritten", () => {
  it("is observed, checked and operated without an end, a write outside or any error but a KernelBug", () => {
    const sound = bootBuddyMachine(config);
    fc.assert(
      fc.property(pokes, fc.array(fc.oneof(...steps), { maxLength: 30 }), (changes, operations) => {
        const { m, outside } = bootInside();
        for (const { at, value } of changes) m.memory.u32[at] = value;
        for (const operation of operations) {
          try {
            operation(m);
          } catch (error) {
            expect(error).toBeInstanceOf(KernelBug);
          }
          const state = observeBuddy(m, []);
          expect(state.freeLists.flat().length).toBeLessThanOrEqual(config.pages);
          expect(checkZone(m, []).length).toBeLessThan(1000);
          sameBuddy(sound, m);
          sameBuddy(m, sound);
        }
        expect(outside()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
