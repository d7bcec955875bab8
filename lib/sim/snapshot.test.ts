import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel, recordEvents } from "./create-kernel";
import type { SimEvent } from "./events";
import { pageToPfn, readPhys, writePhys } from "./frames";
import type { Kernel } from "./kernel";
import { createRng } from "./rng";
import { restore, snapshot, usedBytes } from "./snapshot";
import { allocPages, freePages } from "./zones/alloc-pages";
import { __GFP_COLD, __GFP_NORETRY, GFP_ATOMIC, GFP_HIGHUSER, GFP_KERNEL } from "./zones/gfp";

const boot = () => createKernel({ boot: { kind: "zones", pages: [256, 512, 256] }, slab: "off", contents: 600 });

/** Some work: pages taken, written, freed. Ends by giving back all it still holds, or keeps it. */
function work(k: Kernel, seed: number, steps: number): SimEvent[] {
  const rng = createRng(seed);
  const events: SimEvent[] = [];
  const held: { page: number; order: number }[] = [];
  recordEvents(k, events);
  for (let step = 0; step < steps; step++) {
    const free = held.length > 0 && rng.chance(45);
    if (free) {
      const [block] = held.splice(rng.below(held.length), 1);
      freePages(k, block!.page, block!.order);
      continue;
    }
    const gfp = [GFP_KERNEL, GFP_HIGHUSER | __GFP_COLD, GFP_ATOMIC][rng.below(3)]! | __GFP_NORETRY;
    const order = rng.below(3);
    const page = allocPages(k, gfp, order);
    if (page === 0) continue;
    held.push({ page, order });
    writePhys(k, pageToPfn(k, page) * 4096 + 4 * rng.below(1024), rng.next());
  }
  recordEvents(k, null);
  return events;
}

test("a restored machine has the bytes it had and goes on exactly as it did", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(60), (before, after, steps) => {
      const k = boot();
      work(k, before, steps);
      const start = snapshot(k);
      const first = work(k, after, 60);
      const end = snapshot(k);
      restore(k, start);
      expect(Buffer.compare(k.memory.u8.subarray(0, usedBytes(k)), start.bytes)).toBe(0);
      expect(work(k, after, 60)).toEqual(first);
      expect(Buffer.compare(k.memory.u8.subarray(0, usedBytes(k)), end.bytes)).toBe(0);
    }),
    { numRuns: 25 },
  );
});

test("a snapshot holds what frames contain, but not memory that was never used", () => {
  const k = boot();
  const page = allocPages(k, GFP_KERNEL, 0);
  const paddr = pageToPfn(k, page) * 4096;
  writePhys(k, paddr, 5);
  const saved = snapshot(k);
  expect(saved.bytes.length).toBeLessThan(k.memory.byteLength);
  writePhys(k, paddr, 6);
  restore(k, saved);
  expect(readPhys(k, paddr)).toBe(5);
});

test("counts of bad pages come back too", () => {
  const k = boot();
  k.zones[1].tainted = 1;
  const saved = snapshot(k);
  k.zones[1].tainted = 4;
  restore(k, saved);
  expect(k.zones[1].tainted).toBe(1);
});

test("a snapshot of a larger machine is refused", () => {
  const large = snapshot(createKernel({ boot: { kind: "zones", pages: [4096, 0, 0] }, slab: "off" }));
  const k = createKernel({ boot: { kind: "zones", pages: [64, 0, 0] }, slab: "off", contents: 8 });
  expect(() => restore(k, large)).toThrow(RangeError);
});
