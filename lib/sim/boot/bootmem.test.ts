import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemory } from "../memory";
import {
  allocBootmem,
  allocBootmemCore,
  type Bootmem,
  bootmapBytes,
  bootmemBit,
  freeBootmem,
  initBootmem,
  readBootmem,
  reserveBootmem,
} from "./bootmem";
import { releases } from "./retire";

const MAP = 4096;
function bootmem(pages: number): Bootmem {
  const b = { memory: createMemory(MAP + bootmapBytes(pages) + 64), data: 64 };
  initBootmem(b, MAP, pages);
  return b;
}
const freePages = (b: Bootmem, pages: number) =>
  Array.from({ length: pages }, (_, pfn) => pfn).filter((pfn) => !bootmemBit(b, pfn));

describe("allocBootmem (2.6.11 __alloc_bootmem_core; domain.md A.3, checked against the real function)", () => {
  it("hands out the golden sequence", () => {
    const b = bootmem(8192);
    freeBootmem(b, 0, 0x9f000);
    freeBootmem(b, 0x100000, 0x1f00000);
    reserveBootmem(b, 0x100000, 0x400000 + 1024 + 4095 - 0x100000);
    reserveBootmem(b, 0, 4096);
    expect([0xff, 0x100, 0x401, 0x402].map((pfn) => bootmemBit(b, pfn))).toEqual([true, true, true, false]);
    const goal = 0x1000000;
    const golden = [
      [100, 32, 0, 0x1000, 1, 100, 0x1000],
      [4000, 32, 0, 0x1080, 2, 32, 0x2000],
      [4096, 32, 0, 0x2020, 3, 32, 0x3000],
      [200, 32, 0, 0x3020, 3, 232, 0x4000],
      [4096, 4096, 0, 0x4000, 4, 0, 0x4000],
      [64, 32, 0, 0x5000, 5, 64, 0x5000],
      [262176, 32, goal, 0x1000000, 0x1040, 32, 0x1000000],
      [5000, 32, goal, 0x1040020, 0x1041, 936, 0x1041000],
      [3000, 32, goal, 0x10413c0, 0x1041, 3960, 0x1042000],
      [200, 128, goal, 0x1041f80, 0x1042, 72, 0x1042000],
    ] as const;
    for (const [size, align, from, addr, pos, offset, success] of golden) {
      expect(allocBootmem(b, size, align, from)).toBe(addr);
      expect([readBootmem(b, "last_pos"), readBootmem(b, "last_offset"), readBootmem(b, "last_success")]).toEqual([
        pos,
        offset,
        success,
      ]);
    }
    expect(freePages(b, 8192)).toHaveLength(7252);
  });

  it("fills a page to its last byte and starts the next piece on a page of its own", () => {
    const b = bootmem(64);
    freeBootmem(b, 0, 64 * 4096);
    allocBootmem(b, 4000, 32, 0);
    expect(allocBootmem(b, 96, 32, 0)).toBe(4000);
    expect(readBootmem(b, "last_offset")).toBe(0);
    expect(allocBootmem(b, 32, 32, 0)).toBe(4096);
  });

  it("passes over a free aligned slot behind an obstacle, as the kernel's double step does", () => {
    const b = bootmem(64);
    freeBootmem(b, 0, 64 * 4096);
    reserveBootmem(b, 0, 4 * 4096);
    reserveBootmem(b, 5 * 4096, 4096);
    expect(allocBootmem(b, 2 * 4096, 4 * 4096, 0)).toBe(12 * 4096);
  });

  it("searches below a goal that cannot be met", () => {
    const b = bootmem(8192);
    freeBootmem(b, 4096 * 10, 4096 * 10);
    expect(allocBootmem(b, 4096, 4096, 0x1000000)).toBe(4096 * 10);
  });

  it("refuses size 0, odd alignments, and gives nothing when nothing is left", () => {
    const b = bootmem(32);
    expect(() => allocBootmemCore(b, 0, 32, 0)).toThrow("bootmem-request");
    expect(() => allocBootmemCore(b, 8, 24, 0)).toThrow("bootmem-request");
    expect(allocBootmemCore(b, 8, 32, 0)).toBeNull();
    expect(() => allocBootmem(b, 8, 32, 0)).toThrow("bootmem-out-of-memory");
  });

  it("never gives a byte twice and never one that is reserved", () => {
    const request = fc.record({
      size: fc.integer({ min: 1, max: 20000 }),
      align: fc.constantFrom(4, 32, 128, 4096, 8192),
      goal: fc.constantFrom(0, 0x8000, 0x20000),
    });
    fc.assert(
      fc.property(fc.array(fc.nat(95), { maxLength: 20 }), fc.array(request, { maxLength: 20 }), (holes, requests) => {
        const b = bootmem(96);
        freeBootmem(b, 0, 96 * 4096);
        for (const pfn of holes) reserveBootmem(b, pfn * 4096, 4096);
        const taken: [number, number][] = [];
        for (const { size, align, goal } of requests) {
          const addr = allocBootmemCore(b, size, align, goal);
          if (addr === null) continue;
          expect(addr % align).toBe(0);
          for (const [start, end] of taken) expect(addr >= end || addr + size <= start).toBe(true);
          for (const pfn of holes) expect(addr >= (pfn + 1) * 4096 || addr + size <= pfn * 4096).toBe(true);
          taken.push([addr, addr + size]);
          expect(readBootmem(b, "last_offset")).toBeLessThan(4096);
          for (let pfn = addr >>> 12; pfn * 4096 < addr + size; pfn++) expect(bootmemBit(b, pfn)).toBe(true);
        }
      }),
    );
  });
});

describe("freeBootmem and reserveBootmem", () => {
  it("free rounds inward, reserve outward", () => {
    const b = bootmem(32);
    freeBootmem(b, 0x1800, 0x1000);
    expect(freePages(b, 32)).toEqual([]);
    freeBootmem(b, 0x1800, 0x2800);
    expect(freePages(b, 32)).toEqual([2, 3]);
    reserveBootmem(b, 0x3fff, 2);
    expect(freePages(b, 32)).toEqual([2]);
  });

  it("refuses size 0, a range beyond low memory and a second free", () => {
    const b = bootmem(32);
    expect(() => freeBootmem(b, 0, 0)).toThrow("bootmem-range");
    expect(() => freeBootmem(b, 31 * 4096, 8192)).toThrow("bootmem-range");
    expect(() => reserveBootmem(b, 0, 0)).toThrow("bootmem-range");
    expect(() => reserveBootmem(b, 32 * 4096, 1)).toThrow("bootmem-range");
    freeBootmem(b, 0, 4096);
    expect(() => freeBootmem(b, 0, 4096)).toThrow("bootmem-double-free");
  });

  it("a free below the last search lets the next one begin there", () => {
    const b = bootmem(64);
    freeBootmem(b, 0, 64 * 4096);
    allocBootmem(b, 4096 * 4, 4096, 4096 * 8);
    expect(readBootmem(b, "last_success")).toBe(4096 * 8);
    freeBootmem(b, 4096 * 8, 4096);
    expect(readBootmem(b, "last_success")).toBe(4096 * 8);
  });
});

describe("releases (2.6.11 free_all_bootmem_core)", () => {
  it("gives whole free words as order 5, others page by page, and the bitmap last", () => {
    const b = bootmem(100);
    freeBootmem(b, 0, 100 * 4096);
    reserveBootmem(b, 40 * 4096, 4096);
    const order = [...releases(b, 40)].map(({ pfn, order }) => [pfn, order]);
    const mixed = [...Array(32).keys()].map((bit) => 32 + bit).filter((pfn) => pfn !== 40);
    const tail = [96, 97, 98, 99];
    expect(order).toEqual([[0, 5], ...mixed.map((pfn) => [pfn, 0]), [64, 5], ...tail.map((pfn) => [pfn, 0]), [40, 0]]);
  });
});
