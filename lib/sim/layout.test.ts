import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { machineLayout } from "./buddy-machine";
import { alignmentOf, arrayOf, decode, type FieldType, fieldAt, type ScalarKind, sizeOf, struct } from "./layout";
import { createMemory } from "./memory";
import { freeArea, listHead, page, perCpuPages, zone } from "./structs";

const scalar = fc.constantFrom<ScalarKind>("u8", "u16", "u32", "i32", "addr");
const { type } = fc.letrec<{ type: FieldType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.tuple(tie("type"), fc.integer({ min: 1, max: 4 })).map(([of, length]) => arrayOf(of, length)),
    fc
      .dictionary(fc.constantFrom("a", "b", "c", "d"), tie("type"), { minKeys: 1 })
      .map((fields) => struct("random", fields)),
  ),
}));

describe("struct layout", () => {
  it("gives struct page 32 bytes, as on i386 without debugging (domain.md 0.3)", () => {
    expect(page.size).toBe(32);
    expect(page.offset).toEqual({ flags: 0, count: 4, mapcount: 8, private: 12, mapping: 16, index: 20, lru: 24 });
  });

  it("places nested structs and arrays one after the other", () => {
    expect([listHead.size, freeArea.size, perCpuPages.size]).toEqual([8, 12, 24]);
    expect(zone.offset.free_area - zone.offset.pageset).toBe(2 * perCpuPages.size);
    expect(zone.offset.pages_scanned - zone.offset.free_area).toBe(11 * freeArea.size);
  });

  it("gives the machine the memory map that buddy-machine.ts and README.md draw", () => {
    expect(machineLayout).toEqual({ zone: 0x40, pageState: 0x158, memMap: 0x1c0 });
  });

  it("pads a field to its alignment and the struct to the largest one", () => {
    const padded = struct("padded", { a: "u8", b: "u16", c: "u8", d: "u32", e: "u8" });
    expect(padded.offset).toEqual({ a: 0, b: 2, c: 4, d: 8, e: 12 });
    expect([padded.size, padded.alignment]).toEqual([16, 4]);
    expect(sizeOf(arrayOf(padded, 3))).toBe(48);
  });

  it("keeps every scalar aligned and names each byte of a struct at most once", () => {
    fc.assert(
      fc.property(type, (declared) => {
        const bytes = Array.from({ length: sizeOf(declared) }, (_, offset) => fieldAt(declared, offset));
        const starts = new Map<string, number>();
        const lengths = new Map<string, number>();
        for (const [offset, path] of bytes.entries()) {
          if (path === null) continue;
          if (!starts.has(path)) starts.set(path, offset);
          lengths.set(path, (lengths.get(path) ?? 0) + 1);
          expect(offset - starts.get(path)!).toBe(lengths.get(path)! - 1);
        }
        for (const [path, length] of lengths) expect(starts.get(path)! % length).toBe(0);
        expect(sizeOf(declared) % alignmentOf(declared)).toBe(0);
      }),
    );
  });

  it("names the field of an offset as C would write it", () => {
    expect(fieldAt(page, page.offset.lru + 5)).toBe("lru.prev");
    expect(fieldAt(zone, zone.offset.free_area + 2 * freeArea.size + freeArea.offset.nr_free)).toBe(
      "free_area[2].nr_free",
    );
    expect(fieldAt(zone, zone.offset.pageset + perCpuPages.size + perCpuPages.offset.list)).toBe(
      "pageset[1].list.next",
    );
    expect(fieldAt(page, 32)).toBeNull();
    expect(fieldAt(struct("gap", { a: "u8", b: "u32" }), 2)).toBeNull();
  });

  it("decodes bytes into plain data, signed and unsigned as declared", () => {
    const memory = createMemory(32);
    memory.u8.set([1, 0xff, 0x34, 0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    const mixed = struct("mixed", { a: "u8", b: "u16", c: "i32", d: arrayOf("u32", 2) });
    expect(decode(memory, mixed, 0)).toEqual({ a: 1, b: 0x1234, c: -1, d: [0xffffffff, 0] });
  });
});
