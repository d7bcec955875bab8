import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { GFP_KERNEL } from "../zones/gfp";
import { kmemCacheAlloc } from "./alloc";
import { CacheModel, type ModelSlab } from "./array-model";
import { checkSlab } from "./check-slab";
import { kmemCacheCreate, kmemCacheDestroy, kmemCacheShrink } from "./create";
import { SLAB_HWCACHE_ALIGN } from "./flags";
import { kmemCacheFree } from "./free";
import { observeSlab } from "./observe-slab";
import { cacheReap } from "./reap";
import { doTuneCpucache } from "./tune";
import { objectAt } from "./walk-slab";

const operation = fc.oneof(
  { weight: 12, arbitrary: fc.constant("alloc" as const) },
  { weight: 10, arbitrary: fc.nat(1000) },
  { weight: 1, arbitrary: fc.constantFrom("reap" as const, "shrink" as const) },
);

test("the bytes of a cache follow the rules as plain arrays do, for any cache and any sequence", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(12, 200, 500, 992, 1332, 2048, 3000, 4096),
      fc.constantFrom(0, SLAB_HWCACHE_ALIGN),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(2 as const, 4 as const),
      fc.array(operation, { maxLength: 250 }),
      (size, flags, limit, asked, shared, bufctl, operations) => {
        const batch = Math.min(asked, limit);
        const k = createKernel({ boot: { kind: "zones", pages: [0, 4096, 0] }, l1: 32, bufctl });
        const cache = kmemCacheCreate(k, { name: "traced", size, flags });
        doTuneCpucache(k, cache, limit, batch, shared);
        const { num, freeLimit } = observeSlab(k, cache);
        const model = new CacheModel({ num, limit, batch, freeLimit, shared: batch * shared });
        const ids = new Map<number, number>();
        const held: { at: Addr; object: readonly [number, number] }[] = [];
        let created = 0;
        const destroyed: number[] = [];
        for (const step of operations) {
          const events: SimEvent[] = [];
          recordEvents(k, events);
          const at = run();
          for (const event of events) {
            if (event.kind === "slab-grow" && event.cache === "traced") ids.set(event.slab, created++);
            if (event.kind === "slab-destroy" && event.cache === "traced") destroyed.push(ids.get(event.slab)!);
          }
          if (at !== 0) {
            const found = objectAt(k, cache, at)!;
            const object = model.alloc();
            expect([ids.get(found.slab), found.index]).toEqual(object);
            held.push({ at, object });
          }
          compare();

          function run(): Addr {
            if (step === "alloc") return kmemCacheAlloc(k, cache, GFP_KERNEL);
            if (step === "reap") {
              k.memory.u32[(k.data + kernelData.offset.jiffies) >>> 2]! += 8001;
              cacheReap(k);
              model.reap();
            } else if (step === "shrink") {
              kmemCacheShrink(k, cache);
              model.shrink();
            } else if (held.length > 0) {
              const [freed] = held.splice(step % held.length, 1);
              kmemCacheFree(k, cache, freed!.at);
              model.put(freed!.object);
            }
            return 0;
          }
        }

        function compare(): void {
          const state = observeSlab(k, cache);
          const refs = (objects: typeof state.cpu.objects) => objects.map((each) => [ids.get(each!.slab), each!.index]);
          const plain = (slabs: typeof state.slabs.full) => slabs.map(({ pfn, chain }) => [ids.get(pfn), [...chain]]);
          const same = (slabs: readonly ModelSlab[]) => slabs.map(({ id, chain }) => [id, [...chain]]);
          expect([refs(state.cpu.objects), refs(state.shared!.objects)]).toEqual([model.ac, model.shared]);
          expect(plain(state.slabs.partial)).toEqual(same(model.partial));
          expect(plain(state.slabs.full)).toEqual(same(model.full));
          expect(plain(state.slabs.free)).toEqual(same(model.free));
          expect([state.freeObjects, destroyed]).toEqual([model.freeObjects, model.destroyed]);
          expect(state.findings).toEqual([]);
        }

        expect(checkSlab(k)).toEqual([]);
        for (const { at } of held) kmemCacheFree(k, cache, at);
        expect(kmemCacheDestroy(k, cache)).toBe(0);
        expect(checkSlab(k)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
