import { describe, expect, it } from "vitest";
import { earlyTables, findMaxLowPfn, pageWaitqueue, waitTableSize, zoneSizes } from "./low-memory";

describe("low and high memory (2.6.11 find_max_low_pfn)", () => {
  const options = { highmem: true, pae: false, highmemPages: null, vmallocBytes: 128 * 2 ** 20 };

  it.each([
    [0, [0, 0, 0]],
    [4095, [4095, 0, 0]],
    [4096, [4096, 0, 0]],
    [229376, [4096, 225280, 0]],
    [229377, [4096, 225280, 1]],
    [262144, [4096, 225280, 32768]],
  ])("%i pages become the zones %j", (pages, zones) => {
    expect(zoneSizes(pages, { highmem: true, vmallocMiB: 128 })).toEqual(zones);
  });

  it("a larger vmalloc area makes low memory smaller", () => {
    expect(zoneSizes(262144, { highmem: true, vmallocMiB: 256 })).toEqual([4096, 192512, 65536]);
  });

  it("without HIGHMEM the rest is lost, without PAE what lies above 4 GiB", () => {
    expect(zoneSizes(262144, { highmem: false, vmallocMiB: 128 })).toEqual([4096, 225280, 0]);
    expect(findMaxLowPfn(2 ** 21, options).maxPfn).toBe(2 ** 20);
    expect(findMaxLowPfn(2 ** 21, { ...options, pae: true }).maxPfn).toBe(2 ** 21);
  });

  it("highmem= limits a large machine and makes high memory on a small one, unless less than 64 MiB would stay", () => {
    expect(findMaxLowPfn(262144, { ...options, highmemPages: 100 })).toEqual({ maxLowPfn: 229376, maxPfn: 229476 });
    expect(findMaxLowPfn(262144, { ...options, highmemPages: 99999 })).toEqual({ maxLowPfn: 229376, maxPfn: 262144 });
    expect(findMaxLowPfn(32768, { ...options, highmemPages: 16384 })).toEqual({ maxLowPfn: 16384, maxPfn: 32768 });
    expect(findMaxLowPfn(32768, { ...options, highmemPages: 16385 })).toEqual({ maxLowPfn: 32768, maxPfn: 32768 });
  });
});

describe("early page tables (2.6.11 head.S; domain.md 1.3)", () => {
  it.each([
    [0x3a0000, 1, 0x3a1],
    [0x3de000, 1, 0x3df],
    [0x3e0000, 2, 0x3e2],
    [0x4a1234, 2, 0x4a4],
    [0x7df000, 3, 0x7e2],
  ])("an image up to %i needs %i tables", (end, tables, startPfn) => {
    expect(earlyTables(end)).toMatchObject({ tables, startPfn, initPgTablesEnd: startPfn * 4096 });
  });
});

describe("wait queues (2.6.11 wait_table_size; domain.md A.1)", () => {
  it.each([
    [1, 4],
    [4096, 16],
    [12288, 64],
    [225280, 1024],
    [32768, 128],
    [2 ** 21, 4096],
  ])("%i pages share %i queues", (pages, queues) => expect(waitTableSize(pages)).toBe(queues));

  it("spreads neighbouring pages over the table", () => {
    const buckets = Array.from({ length: 16 }, (_, page) => pageWaitqueue(0xc1000000 + page * 32, 16));
    expect(new Set(buckets).size).toBeGreaterThan(8);
    expect(Math.max(...buckets)).toBeLessThan(16);
  });
});
