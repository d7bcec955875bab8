import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memparse, parseCommandLine } from "./command-line";
import { copyE820Map, type E820Range, findMaxPfn, limitRegions, memorySetup, sanitizeE820 } from "./e820";

const map = (...entries: readonly (readonly [number, number, number])[]): E820Range[] =>
  entries.map(([addr, size, type]) => ({ addr, size, type }));

describe("sanitizeE820 (2.6.11 sanitize_e820_map; domain.md A.2)", () => {
  it.each([
    [
      map([0, 0x100000, 1], [0x80000, 0x80000, 2], [0x100000, 0x100000, 1]),
      map([0, 0x80000, 1], [0x80000, 0x80000, 2], [0x100000, 0x100000, 1]),
    ],
    [
      map([0x100000, 0x500000, 1], [0x200000, 0x100000, 3], [0x280000, 0x200000, 2]),
      map([0x100000, 0x100000, 1], [0x200000, 0x100000, 3], [0x300000, 0x180000, 2], [0x480000, 0x180000, 1]),
    ],
    [
      map([0, 0x1000, 1], [0x1000, 0x1000, 1], [0x3000, 0, 2], [0x3000, 0x1000, 2]),
      map([0, 0x2000, 1], [0x3000, 0x1000, 2]),
    ],
  ])("resolves overlaps, sorts and merges (%#)", (given, expected) => {
    expect(sanitizeE820(given)).toEqual(expected);
  });

  it("agrees with painting every byte of a small address space with the largest type there", () => {
    const entry = fc.record({ addr: fc.nat(40), size: fc.nat(20), type: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 2, maxLength: 8 }), (entries) => {
        const painted = Array.from({ length: 64 }, (_, at) =>
          Math.max(0, ...entries.filter(({ addr, size }) => at >= addr && at < addr + size).map(({ type }) => type)),
        );
        const result = sanitizeE820(entries);
        const again = Array.from({ length: 64 }, (_, at) => {
          const inside = result.filter(({ addr, size }) => at >= addr && at < addr + size);
          expect(inside.length).toBeLessThan(2);
          return inside[0]?.type ?? 0;
        });
        expect(again).toEqual(painted);
        for (const [index, { addr, size, type }] of result.entries()) {
          const next = result[index + 1];
          expect(size).toBeGreaterThan(0);
          if (next) expect(next.addr > addr + size || (next.addr === addr + size && next.type !== type)).toBe(true);
        }
      }),
    );
  });

  it("leaves a map of one entry, and one whose entry passes 2^64, as they are", () => {
    const one = map([5, 5, 1]);
    expect(sanitizeE820(one)).toBe(one);
    const wraps = [
      { addr: 2n ** 64n - 1n, size: 2n, type: 1 },
      { addr: 0n, size: 10n, type: 1 },
    ];
    expect(sanitizeE820(wraps)).toBe(wraps);
  });

  it("keeps 64-bit addresses exact", () => {
    const high = [
      { addr: 2n ** 60n, size: 3n, type: 2 },
      { addr: 2n ** 60n + 1n, size: 1n, type: 4 },
    ];
    expect(sanitizeE820(high)).toEqual([
      { addr: 2n ** 60n, size: 1, type: 2 },
      { addr: 2n ** 60n + 1n, size: 1, type: 4 },
      { addr: 2n ** 60n + 2n, size: 1, type: 2 },
    ]);
  });
});

describe("the map the kernel goes on with (2.6.11 copy_e820_map, machine_specific_memory_setup)", () => {
  it("cuts RAM out between 640 KiB and 1 MiB, and only RAM", () => {
    expect(copyE820Map(map([0, 0x200000, 1], [0xf0000, 0x10000, 2]))).toEqual(
      map([0, 0xa0000, 1], [0x100000, 0x100000, 1], [0xf0000, 0x10000, 2]),
    );
    expect(copyE820Map(map([0xb0000, 0x1000, 1], [0, 0x1000, 1]))).toEqual(map([0, 0x1000, 1]));
  });

  it("falls back to two ranges when the BIOS has fewer than two entries", () => {
    expect(memorySetup(map([0, 0x8000000, 1]), 31 * 1024)).toEqual(map([0, 0x9f000, 1], [0x100000, 31 * 2 ** 20, 1]));
  });

  it("takes at most 32 entries", () => {
    const many = map(...Array.from({ length: 40 }, (_, index) => [index * 0x2000, 0x1000, 2] as const));
    expect(copyE820Map(many)).toHaveLength(32);
  });

  it("counts whole pages of RAM only", () => {
    expect(findMaxPfn(map([0x1800, 0x1000, 1]))).toBe(0);
    expect(findMaxPfn(map([0x1800, 0x2800, 1], [0x9000, 0x1000, 2]))).toBe(4);
  });
});

describe("the command line (2.6.11 parse_cmdline_early)", () => {
  const bios = map([0, 0xa0000, 1], [0x100000, 0x700000, 1], [0x800000, 0x100000, 2], [0x900000, 0x700000, 1]);

  it("mem= ends the first RAM entry that reaches it and drops the rest", () => {
    expect(limitRegions(bios, 0x400000)).toEqual(map([0, 0xa0000, 1], [0x100000, 0x300000, 1]));
    expect(limitRegions(bios, 2 ** 32)).toEqual(bios);
  });

  it("mem= inside a hole leaves an entry of negative size that is no RAM", () => {
    expect(findMaxPfn(limitRegions(bios, 0xb0000))).toBe(0xa0);
  });

  it("memmap= builds a map of its own", () => {
    const { map: built, disablePse } = parseCommandLine(
      "memmap=exactmap memmap=640K@0 memmap=15M@0x100000 memmap=64K#0xF0000 memmap=1M$16M mem=nopentium",
      bios,
    );
    expect(built).toEqual(
      map([0, 0xa0000, 1], [0x100000, 15 * 2 ** 20, 1], [0xf0000, 0x10000, 3], [2 ** 24, 2 ** 20, 2]),
    );
    expect(disablePse).toBe(true);
  });

  it("highmem= is in bytes and kept in pages, vmalloc= in bytes", () => {
    expect(parseCommandLine("ro highmem=64m vmalloc=192M", bios)).toMatchObject({
      highmemPages: 16384,
      vmallocBytes: 192 * 2 ** 20,
    });
  });

  it.each([
    ["0", 0],
    ["010", 8],
    ["0x1fK", 31 * 1024],
    ["3G@", 3 * 2 ** 30],
    ["word", 0],
  ])("reads %s as memparse does", (text, bytes) => expect(memparse(text)).toBe(bytes));
});
