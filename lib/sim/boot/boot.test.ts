import { describe, expect, it } from "vitest";
import { checkZone } from "../check-zone";
import { createKernel, type KernelOptions } from "../create-kernel";
import type { SimEvent } from "../events";
import type { E820Entry, Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { type Decoded, decode } from "../layout";
import { observeBuddy } from "../observe-buddy";
import { zone as zoneStruct } from "../structs";
import { checkZones } from "../zones/check-zones";
import { zonesData } from "../zones/structs";
import { freeInitmem } from "./boot";
import { checkBoot } from "./check-boot";
import { bootData } from "./structs";

const MIB = 2 ** 20;

/** The map of domain.md A.2 with RAM up to `top` bytes. */
const pcMap = (top: number): E820Entry[] => [
  { addr: 0, size: 0x9fc00, type: 1 },
  { addr: 0x9fc00, size: 0x400, type: 2 },
  { addr: 0xe8000, size: 0x18000, type: 2 },
  { addr: 0x100000, size: top - 0x100000, type: 1 },
];
const boot = (top: number, options: Partial<KernelOptions> = {}, events: SimEvent[] | null = null) =>
  createKernel(
    { boot: { kind: "e820", map: pcMap(top), imageEnd: 0x3a0000 }, slab: "off", contents: 512, ...options },
    undefined,
    events,
  );
const zonesOf = (k: Kernel) =>
  decode(k.memory, zonesData, k.data + kernelData.offset.zones) as Record<keyof typeof zonesData.offset, number>;
const bootOf = (k: Kernel) =>
  decode(k.memory, bootData, k.data + kernelData.offset.boot) as Record<keyof typeof bootData.offset, Decoded>;

/** Free blocks and parked pages of a zone as appendix A.2 writes them. */
function buddyOf(k: Kernel, index: 0 | 1 | 2) {
  const state = observeBuddy(k.zones[index], []);
  const heads = state.freeLists.flatMap((list, order) => (list.length === 0 ? [] : [[order, list[0]!] as const]));
  return {
    free: state.freePages,
    hot: state.pcp?.hot.count,
    nrFree: state.nrFree.join(" "),
    heads: Object.fromEntries(heads),
  };
}

const lowDma = {
  free: 3316,
  hot: 6,
  nrFree: "4 2 3 4 2 1 2 0 0 0 3",
  heads: { 0: 0x3ba, 1: 0x3b8, 2: 0x3a4, 3: 0x3b0, 4: 0x80, 5: 0x20, 6: 0x3c0, 10: 0xc00 },
};

describe("boot from an e820 map (domain.md A.2, checked against the real 2.6.11 bootmem and buddy functions)", () => {
  it.each([
    {
      mib: 64,
      bitmap: 2048,
      wait: [0x1080080, 0x1080100, 0],
      last: [0x1080, 768],
      released: 15481,
      reserved: 806,
      high: 0,
      zones: [
        lowDma,
        {
          free: 12143,
          hot: 16,
          nrFree: "1 1 1 1 0 1 1 0 1 1 11",
          heads: { 0: 0x1081, 1: 0x1082, 2: 0x1084, 3: 0x1088, 5: 0x10a0, 6: 0x10c0, 8: 0x1100, 9: 0x1200, 10: 0x3c00 },
        },
      ],
    },
    {
      mib: 128,
      bitmap: 4096,
      wait: [0x1100080, 0x1100100, 0],
      last: [0x1100, 1280],
      released: 31737,
      reserved: 934,
      high: 0,
      zones: [
        lowDma,
        {
          free: 28384,
          hot: 31,
          nrFree: "0 0 0 0 0 1 1 1 0 1 27",
          heads: { 5: 0x1120, 6: 0x1140, 7: 0x1180, 9: 0x1200, 10: 0x7c00 },
        },
      ],
    },
    {
      mib: 1024,
      bitmap: 28672,
      wait: [0x1800080, 0x1800100, 0x1802100],
      last: [0x1802, 1280],
      released: 226551,
      reserved: 2728,
      high: 32768,
      zones: [
        {
          free: 3316,
          hot: 6,
          nrFree: "4 2 3 2 3 1 2 0 0 0 3",
          heads: { 0: 0x3a1, 1: 0x3aa, 2: 0x3ac, 3: 0x90, 4: 0x3b0, 5: 0x20, 6: 0x3c0, 10: 0xc00 },
        },
        {
          free: 223200,
          hot: 29,
          nrFree: "0 0 0 0 0 1 1 1 1 1 217",
          heads: { 5: 0x1820, 6: 0x1840, 7: 0x1880, 8: 0x1900, 9: 0x1a00, 10: 0x37c00 },
        },
        {
          free: 32720,
          hot: 48,
          nrFree: "0 0 0 0 1 0 1 1 1 1 31",
          heads: { 4: 0x3ffc0, 6: 0x3ff80, 7: 0x3ff00, 8: 0x3fe00, 9: 0x3fc00, 10: 0x3f800 },
        },
      ],
    },
  ])(
    "leaves a machine of $mib MiB as the golden boot says",
    ({ mib, bitmap, wait, last, released, reserved, high, zones }) => {
      const k = boot(mib * MIB);
      const state = bootOf(k);
      expect(state).toMatchObject({ bootmap_size: bitmap, min_low_pfn: 0x3a1, released });
      expect(state.bdata).toMatchObject({ last_pos: last[0], last_offset: last[1] });
      expect(k.zones.map((m) => k.memory.u32[(m.zone + zoneStruct.offset.wait_table) >>> 2])).toEqual(wait);
      expect(zonesOf(k)).toMatchObject({
        reserved_pages: reserved,
        totalhigh_pages: high,
        totalram_pages: released + high,
        num_physpages: mib * 256,
      });
      for (const [index, expected] of zones.entries()) expect(buddyOf(k, index as 0 | 1 | 2)).toEqual(expected);
      expect(k.zones.flatMap((zone) => checkZone(zone))).toEqual([]);
    },
  );

  it("hands out the tables, mem_map and the wait tables in this order and says so", () => {
    const events: SimEvent[] = [];
    const k = boot(64 * MIB, {}, events);
    const allocs = events.flatMap((event) => (event.kind === "bootmem-alloc" ? [[event.owner, event.addr]] : []));
    expect(allocs).toEqual([
      ["page tables", 0x1000],
      ["page tables", 0x2000],
      ["mem_map", 0x1000000],
      ["wait table DMA", 0x1080080],
      ["wait table Normal", 0x1080100],
    ]);
    expect(events.map(({ kind }) => kind)).toContain("bootmem-retire");
    expect(k.events).toBeNull();
  });

  it("takes a page table for every 4 MiB of low memory without PSE", () => {
    const with4MiB = zonesOf(boot(64 * MIB));
    const without = zonesOf(boot(64 * MIB, { pse: false }));
    expect(with4MiB.totalram_pages - without.totalram_pages).toBe(16);
  });

  it("boots a machine of 16 MiB, where mem_map must go below its goal", () => {
    const k = boot(16 * MIB);
    expect(k.zones.map(({ pages }) => pages)).toEqual([4096, 0, 0]);
    expect(k.zones.flatMap((zone) => checkZone(zone))).toEqual([]);
    expect(zonesOf(k).totalram_pages + zonesOf(k).reserved_pages).toBe(0x9f + 4096 - 256);
  });

  it("obeys mem= and keeps page 1 on SMP", () => {
    const map = pcMap(256 * MIB);
    const k = createKernel({
      boot: { kind: "e820", map, imageEnd: 0x3a0000, commandLine: "root=/dev/hda1 mem=64M" },
      smp: true,
      slab: "off",
    });
    expect(k.pages).toBe(16384);
    const log = bootOf(k).log as { start: number; owner: number }[];
    expect(log).toContainEqual({ start: 4096, bytes: 4096, owner: 5 });
  });

  const configurations = [16, 32, 64, 900, 1024].flatMap((mib) =>
    (
      [
        {},
        { pae: true },
        { highmem: false },
        { smp: true, pse: false },
        { l1: 32, pcp: false },
        { profile: "2.6.18" },
      ] as const
    ).map((options) => ({ mib, options })),
  );
  it.each(configurations)("boots $mib MiB with $options", ({ mib, options }) => {
    const k = createKernel({ boot: { kind: "e820", map: pcMap(mib * MIB), imageEnd: 0x3a0000 }, ...options });
    expect(checkZones(k)).toEqual([]);
    expect(checkBoot(k)).toEqual([]);
  });

  it("frees the init section of the image page by page", () => {
    const k = boot(64 * MIB);
    const before = zonesOf(k).totalram_pages;
    freeInitmem(k, 0x350000, 0x380000);
    expect(zonesOf(k).totalram_pages - before).toBe(48);
    expect(k.zones.flatMap((zone) => checkZone(zone))).toEqual([]);
  });

  it("refuses a map without room for the kernel", () => {
    expect(() => boot(2 * MIB)).toThrow(RangeError);
  });

  it("stops where two entries claim the same RAM, as the kernel's BUG does", () => {
    const commandLine = "memmap=exactmap memmap=640K@0 memmap=63M@1M memmap=1M@8M";
    const options = { boot: { kind: "e820", map: pcMap(64 * MIB), imageEnd: 0x3a0000, commandLine } } as const;
    expect(() => createKernel(options)).toThrow("bootmem-double-free");
  });
});
