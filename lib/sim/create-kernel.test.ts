import { expect, test } from "vitest";
import { checkZone } from "./check-zone";
import { createKernel } from "./create-kernel";
import { frameAt, pageToPfn, peekFrame, readPhys, virtOf, writePhys } from "./frames";
import { freeObject, newObject } from "./objects";
import { allocPages, freePages, GFP_KERNEL } from "./zones/alloc-pages";

const small = () => createKernel({ boot: { kind: "zones", pages: [64, 128, 64] } });

test("a machine of three zones gives kernel pages from Normal and keeps every invariant of every zone", () => {
  const k = createKernel({ boot: { kind: "zones", pages: [64, 128, 64] }, slab: "off" });
  const page = allocPages(k, GFP_KERNEL, 2);
  expect(pageToPfn(k, page)).toBe(64);
  freePages(k, page, 2);
  expect(k.zones.flatMap((zone) => checkZone(zone))).toEqual([]);
});

test("a frame has contents only once it is written, and loses them when it is freed", () => {
  const k = small();
  const page = allocPages(k, GFP_KERNEL, 0);
  const pfn = pageToPfn(k, page);
  expect(readPhys(k, pfn * 4096 + 8)).toBe(0);
  expect(peekFrame(k, pfn)).toBe(0);
  writePhys(k, pfn * 4096 + 8, 7);
  expect(readPhys(k, pfn * 4096 + 8)).toBe(7);
  expect(virtOf(k, frameAt(k, pfn) + 8)).toBe(0xc0000000 + pfn * 4096 + 8);
  freePages(k, page, 0);
  expect(peekFrame(k, pfn)).toBe(0);
});

test("objects are zeroed, distinct and reused", () => {
  const k = small();
  const first = newObject(k, "vm_area_struct");
  const second = newObject(k, "vm_area_struct");
  expect(first).not.toBe(second);
  k.memory.u32[first >>> 2] = 5;
  freeObject(k, "vm_area_struct", first);
  expect(newObject(k, "vm_area_struct")).toBe(first);
  expect(k.memory.u32[first >>> 2]).toBe(0);
});
