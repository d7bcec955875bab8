import { describe, expect, it, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { GFP_KERNEL } from "../zones/gfp";
import { kmemCacheAlloc } from "./alloc";
import { checkSlab } from "./check-slab";
import { kmemCacheCreate } from "./create";
import { acData, SHARED } from "./fields";
import { kmemCacheFree } from "./free";
import type { CacheState, ObjectRef, SlabState } from "./observe";
import { observeSlab } from "./observe-slab";
import { drainArray } from "./reap";
import { doTuneCpucache } from "./tune";
import { objectAt } from "./walk-slab";

/** A cache whose slabs are called S0, S1, ... in order of creation. */
class Traced {
  readonly k: Kernel;
  readonly cache: Addr;
  readonly #names = new Map<number, string>();
  readonly #held = new Map<string, Addr>();
  readonly offsets: number[] = [];
  #created = 0;

  constructor(size: number, limit: number, batch: number, sharedBatches = 0) {
    this.k = createKernel({ boot: { kind: "zones", pages: [0, 16384, 0] }, l1: 32 });
    this.cache = kmemCacheCreate(this.k, { name: "traced", size });
    doTuneCpucache(this.k, this.cache, limit, batch, sharedBatches);
  }

  do<Result>(step: () => Result): Result {
    const events: SimEvent[] = [];
    recordEvents(this.k, events);
    const result = step();
    recordEvents(this.k, null);
    for (const event of events) {
      if (event.kind !== "slab-grow" || event.cache !== "traced") continue;
      this.#names.set(event.slab, `S${this.#created++}`);
      this.offsets.push(event.offset);
    }
    expect(checkSlab(this.k)).toEqual([]);
    return result;
  }

  alloc(): string {
    const object = this.do(() => kmemCacheAlloc(this.k, this.cache, GFP_KERNEL));
    const name = this.name(objectAt(this.k, this.cache, object)!);
    this.#held.set(name, object);
    return name;
  }

  free(...names: string[]): void {
    for (const name of names) this.do(() => kmemCacheFree(this.k, this.cache, this.#held.get(name)!));
  }

  drain(how: "idle" | "force" = "idle"): void {
    this.do(() => drainArray(this.k, this.cache, acData(this.k, this.cache), "cpu", how));
  }

  get state(): CacheState {
    return observeSlab(this.k, this.cache);
  }

  name({ slab, index }: ObjectRef): string {
    return `${this.#names.get(slab)}.${index}`;
  }

  /** As in domain.md A.6: array, full, partial, free, free_objects. */
  get row(): string {
    const { cpu, slabs, freeObjects } = this.state;
    const list = (of: readonly SlabState[]) =>
      of.map(({ pfn, inuse, chain }) => `${this.#names.get(pfn)}:${inuse}/${chain[0] ?? "E"}`).join(" ");
    const ac = cpu.objects.map((object) => this.name(object!)).join(" ");
    return [ac, list(slabs.full), list(slabs.partial), list(slabs.free), freeObjects].join(" | ");
  }

  get counters(): string {
    const { allochit, allocmiss, freehit, freemiss } = this.state.counters;
    return `${allochit} ${allocmiss} ${freehit} ${freemiss}`;
  }
}

describe("the sequences of domain.md A.6, produced by the real 2.6.11 functions", () => {
  it("cache 1: four objects a slab, an array of 4, batches of 2", () => {
    const t = new Traced(992, 4, 2);
    expect([t.state.num, t.state.colour, t.state.colourOff, t.state.freeLimit]).toEqual([4, 3, 32, 8]);
    const alloc = (object: string, row: string) => expect([t.alloc(), t.row]).toEqual([object, row]);
    alloc("S0.1", "S0.0 |  | S0:2/2 |  | 2");
    alloc("S0.0", " |  | S0:2/2 |  | 2");
    alloc("S0.3", "S0.2 | S0:4/E |  |  | 0");
    alloc("S0.2", " | S0:4/E |  |  | 0");
    alloc("S1.1", "S1.0 | S0:4/E | S1:2/2 |  | 2");
    alloc("S1.0", " | S0:4/E | S1:2/2 |  | 2");
    expect(t.offsets).toEqual([0, 32]);
    t.free("S0.0", "S0.2", "S0.1", "S0.3");
    expect(t.row).toBe("S0.0 S0.2 S0.1 S0.3 | S0:4/E | S1:2/2 |  | 2");
    t.free("S1.0");
    expect(t.row).toBe("S0.1 S0.3 S1.0 |  | S1:2/2 S0:2/2 |  | 4");
    expect(t.counters).toBe("3 3 4 1");
    t.drain();
    expect(t.row).toBe("S0.1 S0.3 S1.0 |  | S1:2/2 S0:2/2 |  | 4");
    t.drain();
    expect(t.row).toBe("S0.3 S1.0 |  | S1:2/2 S0:1/1 |  | 5");
    t.drain();
    expect(t.row).toBe("S1.0 |  | S1:2/2 | S0:0/3 | 6");
    t.drain("force");
    expect(t.row).toBe(" |  | S1:1/0 | S0:0/3 | 7");
    alloc("S1.2", "S1.0 |  | S1:3/3 | S0:0/3 | 5");
    alloc("S1.0", " |  | S1:3/3 | S0:0/3 | 5");
    alloc("S0.3", "S1.3 | S1:4/E | S0:1/1 |  | 3");
    alloc("S1.3", " | S1:4/E | S0:1/1 |  | 3");
    alloc("S0.2", "S0.1 | S1:4/E | S0:3/0 |  | 1");
    alloc("S0.1", " | S1:4/E | S0:3/0 |  | 1");
    alloc("S0.0", " | S0:4/E S1:4/E |  |  | 0");
  });

  it("cache 2: a shared array of 4 entries takes the oldest, and nothing returns to the slabs", () => {
    const t = new Traced(992, 4, 2, 2);
    expect(Array.from({ length: 6 }, () => t.alloc())).toEqual(["S0.1", "S0.0", "S0.3", "S0.2", "S1.1", "S1.0"]);
    t.free("S0.0", "S0.1", "S0.2", "S0.3");
    t.free("S1.0");
    expect(t.state.shared!.objects.map((object) => t.name(object!))).toEqual(["S0.0", "S0.1"]);
    expect(t.row).toBe("S0.2 S0.3 S1.0 | S0:4/E | S1:2/2 |  | 2");
    t.free("S1.1");
    expect([t.alloc(), t.alloc(), t.alloc()]).toEqual(["S1.1", "S1.0", "S0.3"]);
    expect(t.k.memory.u32[(t.cache >>> 2) + SHARED]).not.toBe(0);
  });

  it("cache 3: an empty slab is destroyed once there are more free objects than free_limit", () => {
    const t = new Traced(1332, 2, 1);
    expect([t.state.num, t.state.colour, t.state.freeLimit]).toEqual([3, 2, 5]);
    const all = ["S0.0", "S0.1", "S0.2", "S1.0", "S1.1", "S1.2", "S2.0", "S2.1", "S2.2"];
    expect(all.map(() => t.alloc())).toEqual(all);
    expect(t.offsets).toEqual([0, 32, 0]);
    const freed = (name: string, row: string) => {
      t.free(name);
      expect(t.row.split(" | ").slice(2).join(" | ")).toBe(row);
    };
    freed("S0.0", " |  | 0");
    freed("S0.1", " |  | 0");
    freed("S0.2", "S0:2/0 |  | 1");
    freed("S1.0", "S0:1/1 |  | 2");
    freed("S1.1", " | S0:0/2 | 3");
    freed("S1.2", "S1:2/0 | S0:0/2 | 4");
    freed("S2.0", "S1:1/1 | S0:0/2 | 5");
    freed("S2.1", " | S0:0/2 | 3");
    freed("S2.2", "S2:2/0 | S0:0/2 | 4");
    expect(t.counters).toBe("0 9 2 7");
    t.drain("force");
    expect(t.row).toBe(" |  |  | S0:0/2 | 3");
    expect([t.alloc(), t.alloc()]).toEqual(["S0.2", "S0.1"]);
  });
});

test("an array that was not used since the last look takes at most 16 objects", () => {
  const t = new Traced(32, 120, 60);
  t.alloc();
  expect(t.state.cpu.avail).toBe(15);
  while (t.state.cpu.avail > 0) t.alloc();
  t.alloc();
  expect(t.state.cpu.avail).toBe(59);
});
