import fc from "fast-check";
import { expect, it } from "vitest";
import { createKernel } from "../create-kernel";
import { EEXIST } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { page as pageStruct } from "../structs";
import { addressSpace, inode, inodeKinds } from "../structs-mm";
import { newInode } from "./inode";
import {
  radixTreeDelete,
  radixTreeGangLookup,
  radixTreeInsert,
  radixTreeLookup,
  radixTreeTagClear,
  radixTreeTagged,
  radixTreeTagSet,
  TAG_DIRTY,
  TAG_WRITEBACK,
} from "./radix-tree";
import { walkTree } from "./walk-tree";

function boot(): { k: Kernel; mapping: Addr; page: (index: number) => Addr } {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 256, 0] } });
  const mapping = newInode(k, inodeKinds.regular, 1) + inode.offset.i_mapping;
  return { k, mapping, page: (index) => k.memMap + (index % 256) * pageStruct.size };
}

function height(k: Kernel, mapping: Addr): number {
  return k.memory.u32[(mapping + addressSpace.offset.height) >>> 2]!;
}

it("grows as high as its largest index needs, 6 bits a level, and falls to nothing when it is empty", () => {
  const { k, mapping, page } = boot();
  const heights = [0, 63, 64, 4095, 4096, 0x08000005, 0xffffffff].map((index) => {
    expect(radixTreeInsert(k, mapping, index, page(index))).toBe(0);
    return height(k, mapping);
  });
  expect(heights).toEqual([1, 1, 2, 2, 3, 5, 6]);
  for (const index of [0, 63, 64, 4095, 4096, 0x08000005, 0xffffffff])
    expect(radixTreeDelete(k, mapping, index)).toBe(page(index));
  expect(height(k, mapping)).toBe(0);
  expect(radixTreeLookup(k, mapping, 0)).toBe(0);
});

it("refuses an index that is taken", () => {
  const { k, mapping, page } = boot();
  radixTreeInsert(k, mapping, 7, page(1));
  expect(radixTreeInsert(k, mapping, 7, page(2))).toBe(-EEXIST);
  expect(radixTreeLookup(k, mapping, 7)).toBe(page(1));
});

it("agrees with a map, with its marks, in any order of operations", () => {
  const index = fc.oneof(fc.nat(130), fc.nat(70_000), fc.nat(0x08001000));
  const step = fc.record({
    op: fc.constantFrom("insert", "insert", "delete", "dirty", "clean", "write", "written"),
    index,
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { k, mapping, page } = boot();
      const model = new Map<number, { page: Addr; dirty: boolean; writeback: boolean }>();
      for (const { op, index } of steps) {
        const entry = model.get(index);
        if (op === "insert") {
          expect(radixTreeInsert(k, mapping, index, page(index))).toBe(entry ? -EEXIST : 0);
          if (!entry) model.set(index, { page: page(index), dirty: false, writeback: false });
        } else if (op === "delete") {
          expect(radixTreeDelete(k, mapping, index)).toBe(entry?.page ?? 0);
          model.delete(index);
        } else {
          const tag = op === "dirty" || op === "clean" ? TAG_DIRTY : TAG_WRITEBACK;
          const set = op === "dirty" || op === "write";
          if (set) radixTreeTagSet(k, mapping, index, tag);
          else radixTreeTagClear(k, mapping, index, tag);
          if (entry) entry[tag === TAG_DIRTY ? "dirty" : "writeback"] = set;
        }
      }
      const sorted = [...model].sort(([a], [b]) => a - b);
      const findings: never[] = [];
      expect(walkTree(k, mapping, 1, findings).pages).toEqual(sorted.map(([index, entry]) => ({ index, ...entry })));
      expect(findings).toEqual([]);
      expect(radixTreeTagged(k, mapping, TAG_DIRTY)).toBe(sorted.some(([, { dirty }]) => dirty));
      for (const [start, tag] of [
        [0, null],
        [65, TAG_DIRTY],
        [65, TAG_WRITEBACK],
        [5000, null],
      ] as const) {
        const expected = sorted
          .filter(([at, entry]) => at >= start && (tag === null || (tag === TAG_DIRTY ? entry.dirty : entry.writeback)))
          .slice(0, 5)
          .map(([, entry]) => entry.page);
        expect(radixTreeGangLookup(k, mapping, start, 5, tag)).toEqual(expected);
      }
    }),
    { numRuns: 150 },
  );
});
