// Worked examples: domain.md A.11, 10.1-10.3; Linux 2.6.11 mm/swapfile.c.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import type { Kernel } from "../kernel";
import { addSwap, swapoff, swapon } from "./area";
import { ArraySwap } from "./array-swap";
import { checkSwap } from "./check-swap";
import { createDevice } from "./device";
import { swpEntry, swpOffset, swpType, toGeneric } from "./entry";
import { setSwapCluster } from "./init";
import { getSwapPage, scanSwapMap, swapDuplicate, swapFree, vmSwapFull } from "./slots";
import { SWAP_MAP_BAD, SWAP_MAP_MAX, swapInfo } from "./structs";
import { readSlot, swapInfoAt, swapVar, writeSlot } from "./swap-data";

const boot = (cluster = 256): Kernel => {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] } });
  setSwapCluster(k, cluster);
  return k;
};
const field = (k: Kernel, type: number, name: keyof typeof swapInfo.fields) =>
  k.memory.u32[(swapInfoAt(k, type) + swapInfo.offset[name]) >>> 2]!;
const take = (k: Kernel, times: number) => Array.from({ length: times }, () => swpOffset(getSwapPage(k)));
const free = (k: Kernel, ...slots: number[]) => {
  for (const slot of slots) swapFree(k, swpEntry(0, slot));
};
const nrFree = (k: Kernel) => k.memory.i32[swapVar(k, "nr_swap_pages") >>> 2];

describe("entries (linux/swapops.h)", () => {
  test.each([
    [1, 5, 0x08000005],
    [3, 0x1234, 0x18001234],
    [31, 0xffffff, 0xf8ffffff],
  ])("area %i, slot %i", (type, offset, value) => {
    expect(toGeneric(type, offset)).toBe(value);
    expect([swpType(value), swpOffset(value)]).toEqual([type, offset]);
  });

  test.each([
    [32, 0],
    [-1, 0],
    [0, 2 ** 27],
    [0.5, 1],
  ])("refuse area %d, slot %d", (type, offset) => expect(toGeneric(type, offset)).toBeNull());
});

describe("scan_swap_map", () => {
  test("A.11: the slots of a 20-page device, cluster 4", () => {
    const k = boot(4);
    expect(addSwap(k, 20)).toBe(0);
    expect([field(k, 0, "max"), field(k, 0, "lowest_bit"), field(k, 0, "highest_bit"), field(k, 0, "pages")]).toEqual([
      19, 1, 18, 18,
    ]);
    expect(take(k, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    free(k, 2, 3, 7);
    expect(field(k, 0, "lowest_bit")).toBe(2);
    expect(take(k, 11)).toEqual([11, 12, 13, 14, 15, 2, 3, 7, 16, 17, 18]);
    expect([field(k, 0, "lowest_bit"), field(k, 0, "highest_bit")]).toEqual([19, 0]);
    expect(getSwapPage(k)).toBe(0);
    expect([nrFree(k), field(k, 0, "inuse_pages")]).toEqual([0, 18]);
  });

  test("A.11: a cluster hands out one slot more than its size", () => {
    const k = boot(4);
    addSwap(k, 20);
    const left = Array.from({ length: 6 }, () => {
      take(k, 1);
      return field(k, 0, "cluster_nr");
    });
    expect(left).toEqual([4, 3, 2, 1, 0, 4]);
  });

  test("A.11: a used slot is skipped", () => {
    const k = boot(4);
    addSwap(k, 20);
    writeSlot(k, swapInfoAt(k, 0), 6, 1);
    expect(Array.from({ length: 12 }, () => scanSwapMap(k, swapInfoAt(k, 0)))).toEqual([
      1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13,
    ]);
  });

  test("A.11: freed slots behind the cluster do not come back at once", () => {
    const k = boot();
    addSwap(k, 1024);
    expect(take(k, 3)).toEqual([1, 2, 3]);
    expect(field(k, 0, "cluster_nr")).toBe(254);
    free(k, 1, 2, 3);
    expect(take(k, 1)).toEqual([4]);
  });

  test("agrees with arrays, whatever is taken and freed", () => {
    const scenario = fc.record({
      pages: fc.integer({ min: 4, max: 90 }),
      cluster: fc.integer({ min: 1, max: 12 }),
      bad: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }),
      steps: fc.array(fc.option(fc.nat(80), { freq: 3, nil: null }), { maxLength: 160 }),
    });
    fc.assert(
      fc.property(scenario, ({ pages, cluster, bad, steps }) => {
        const badPages = bad.filter((page) => page < pages - 1);
        const k = boot(cluster);
        const type = addSwap(k, pages, { badPages });
        fc.pre(type === 0);
        const model = new ArraySwap(pages, cluster, badPages);
        const si = swapInfoAt(k, 0);
        for (const step of steps) {
          if (step === null) expect(scanSwapMap(k, si)).toBe(model.take());
          else if ((model.counters[step] ?? 0x8000) !== 0x8000 && model.counters[step] !== 0) {
            model.drop(step);
            free(k, step);
          }
          expect([field(k, 0, "lowest_bit"), field(k, 0, "highest_bit"), field(k, 0, "cluster_nr")]).toEqual([
            model.lowest,
            model.highest,
            model.clusterNr,
          ]);
        }
        expect(model.counters.map((_, slot) => readSlot(k, si, slot))).toEqual(model.counters);
      }),
      { seed: 11, numRuns: 150 },
    );
  });
});

describe("get_swap_page", () => {
  const taken = (k: Kernel, times: number) =>
    Array.from({ length: times }, () => getSwapPage(k)).map((entry) => `${swpType(entry)}:${swpOffset(entry)}`);

  test("areas of one priority take turns; a later one comes first", () => {
    const k = boot();
    addSwap(k, 10, { prio: 5 });
    addSwap(k, 10, { prio: 5 });
    expect(taken(k, 5)).toEqual(["1:1", "0:1", "1:2", "0:2", "1:3"]);
  });

  test("lower priorities are used when higher ones are full; a freed slot leads back", () => {
    const k = boot();
    addSwap(k, 4, { prio: 7 });
    addSwap(k, 10, { prio: 3 });
    expect(taken(k, 4)).toEqual(["0:1", "0:2", "1:1", "1:2"]);
    swapFree(k, swpEntry(0, 2));
    expect(taken(k, 2)).toEqual(["0:2", "1:3"]);
  });

  test("automatic priorities fall from -1", () => {
    const k = boot();
    const prios = [addSwap(k, 10), addSwap(k, 10), addSwap(k, 10, { prio: 0 }), addSwap(k, 10)];
    expect(prios.map((type) => field(k, type, "prio") | 0)).toEqual([-1, -2, 0, -3]);
    expect(taken(k, 1)).toEqual(["2:1"]);
    expect(checkSwap(k).map(({ rule }) => rule)).toEqual(["swap-count"]);
  });

  test("nothing is left when all are full", () => {
    const k = boot();
    addSwap(k, 4);
    addSwap(k, 4);
    expect(taken(k, 4)).toEqual(["0:1", "0:2", "1:1", "1:2"]);
    expect(getSwapPage(k)).toBe(0);
  });
});

describe("counters", () => {
  test("a counter at its limit stays there for good", () => {
    const k = boot();
    addSwap(k, 10);
    const entry = getSwapPage(k);
    const si = swapInfoAt(k, 0);
    writeSlot(k, si, 1, SWAP_MAP_MAX - 2);
    expect([swapDuplicate(k, entry), readSlot(k, si, 1)]).toEqual([true, SWAP_MAP_MAX - 1]);
    expect([swapDuplicate(k, entry), readSlot(k, si, 1)]).toEqual([true, SWAP_MAP_MAX]);
    expect(swapDuplicate(k, entry)).toBe(true);
    swapFree(k, entry);
    expect(readSlot(k, si, 1)).toBe(SWAP_MAP_MAX);
  });

  test("slots that are free, bad, beyond the end or of no area are refused", () => {
    const k = boot();
    const events: SimEvent[] = [];
    addSwap(k, 10, { badPages: [4] });
    recordEvents(k, events);
    expect([2, 4, 9, 5000].map((slot) => swapDuplicate(k, swpEntry(0, slot)))).toEqual([false, false, false, false]);
    expect(swapDuplicate(k, swpEntry(3, 1))).toBe(false);
    for (const entry of [0, swpEntry(0, 2), swpEntry(0, 9), swpEntry(3, 1)]) swapFree(k, entry);
    swapFree(k, swpEntry(0, 4));
    expect(readSlot(k, swapInfoAt(k, 0), 4)).toBe(SWAP_MAP_BAD);
    expect(events.filter(({ kind }) => kind === "slot-bad").map((event) => "why" in event && event.why)).toEqual([
      "no-area",
      "free",
      "beyond",
      "no-area",
    ]);
    expect(checkSwap(k)).toEqual([]);
  });

  test("swap is full when more than half of it is used", () => {
    const k = boot();
    addSwap(k, 22);
    expect(vmSwapFull(k)).toBe(false);
    take(k, 10);
    expect(vmSwapFull(k)).toBe(false);
    take(k, 1);
    expect(vmSwapFull(k)).toBe(true);
  });
});

describe("swapon refuses", () => {
  test("a blank device, a device in use, a thirty-third area, an empty one", () => {
    const k = boot();
    expect(swapon(k, createDevice(k, 10))).toBe(-22);
    const type = addSwap(k, 10);
    expect(swapon(k, field(k, type, "swap_file"))).toBe(-16);
    for (let area = 1; area < 32; area++) expect(addSwap(k, 10)).toBe(area);
    expect(addSwap(k, 10)).toBe(-1);
    expect(swapoff(k, 40)).toBe(-22);
    expect(swapoff(k, 3)).toBe(0);
    expect(addSwap(k, 2)).toBe(-22);
    expect(addSwap(k, 3)).toBe(3);
    expect(checkSwap(k)).toEqual([]);
  });

  test("a map that does not fit memory, leaving everything as it was", () => {
    const k = createKernel({ boot: { kind: "zones", pages: [0, 128, 0] } });
    expect(addSwap(k, 300000)).toBe(-12);
    expect(checkSwap(k)).toEqual([]);
  });
});
