import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fits, freelistAlloc, freelistFree, freelistHeap, listOrders } from "./ostep-freelist";
import { relocate, translateLinear, translateSegmented, walkSmallTables } from "./ostep-translation";

describe("address translation (OSTEP)", () => {
  it("relocates below the limit and refuses from the limit on", () => {
    const registers = { base: 1000, limit: 10 };
    expect([relocate(registers, 9), relocate(registers, 10)]).toEqual([1009, null]);
  });

  it("lets segment 1 grow down from its base", () => {
    const segments = [
      { base: 512, limit: 100 },
      { base: 2000, limit: 50 },
    ] as const;
    const at = (va: number) => translateSegmented(1024, segments, va);
    expect([at(99), at(100), at(1023), at(1024 - 50), at(1024 - 51)]).toEqual([611, null, 1999, 1950, null]);
  });

  it("faults on an invalid page of a linear table and beyond its end", () => {
    const table = [0x80000003, 0];
    expect([
      translateLinear(table, 1024, 5),
      translateLinear(table, 1024, 1024),
      translateLinear(table, 1024, 4096),
    ]).toEqual([3 * 1024 + 5, null, null]);
  });

  it("walks a directory and a table of bytes", () => {
    const memory = new Uint8Array(4096);
    memory[2 * 32 + 1] = 0x83;
    memory[3 * 32 + 4] = 0x87;
    memory[7 * 32 + 9] = 42;
    expect(walkSmallTables(memory, 2, (1 << 10) | (4 << 5) | 9)).toMatchObject({ result: "ok", pa: 233, value: 42 });
    expect(walkSmallTables(memory, 2, (1 << 10) | (5 << 5))).toMatchObject({
      result: "pte_fault",
      pte: 0,
      value: null,
    });
    expect(walkSmallTables(memory, 2, 0)).toMatchObject({ result: "pde_fault", pte: null });
  });
});

describe("free-space management (OSTEP)", () => {
  const heap = (config: Partial<Parameters<typeof freelistHeap>[0]>) =>
    freelistHeap({
      size: 100,
      base: 1000,
      header: 0,
      align: -1,
      fit: "BEST",
      order: "ADDRSORT",
      coalesce: false,
      ...config,
    });

  it("looks at every extent for best fit and stops at the first that fits for first fit", () => {
    for (const [fit, searched] of [
      ["BEST", 3],
      ["FIRST", 1],
    ] as const) {
      const h = heap({ fit });
      const blocks = [10, 10, 10].map((size) => freelistAlloc(h, size).block!);
      freelistFree(h, blocks[0]!, 10);
      freelistFree(h, blocks[2]!, 10);
      expect(freelistAlloc(h, 5)).toEqual({ block: 1000, searched });
    }
  });

  it("never loses a byte and never hands one out twice, whatever the policy", () => {
    const script = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 12 })), { maxLength: 40 });
    const config = fc.record({
      fit: fc.constantFrom(...fits),
      order: fc.constantFrom(...listOrders),
      coalesce: fc.boolean(),
      header: fc.constantFrom(0, 4),
      align: fc.constantFrom(-1, 4, 8),
    });
    fc.assert(
      fc.property(config, script, (options, ops) => {
        const h = heap(options);
        const held: { block: number; size: number }[] = [];
        for (const [frees, size] of ops) {
          const old = frees ? held.shift() : undefined;
          if (old) freelistFree(h, old.block, old.size);
          else {
            const { block } = freelistAlloc(h, size);
            if (block !== null) held.push({ block, size });
          }
          const need = (bytes: number) =>
            (options.align === -1 ? bytes : Math.ceil(bytes / options.align) * options.align) + options.header;
          const owners = new Uint8Array(100);
          for (const { block, size: bytes } of held)
            for (let at = block; at < block + need(bytes); at++) owners[at - 1000]!++;
          for (const [address, length] of h.free)
            for (let at = address; at < address + length; at++) owners[at - 1000]!++;
          expect(owners.every((count) => count === 1)).toBe(true);
        }
      }),
    );
  });
});
