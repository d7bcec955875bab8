import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { costModels, effectiveAccessTime } from "./cost";
import { __KERNEL_CS, __KERNEL_DS, __USER_CS, __USER_DS, descriptorTables } from "./gdt";
import {
  type Descriptor,
  decodeDescriptor,
  decodeSelector,
  linearAddress,
  loadSegment,
  segmentCheck,
} from "./segmentation";

const k = createKernel({ boot: { kind: "zones", pages: [64, 64, 0] } });
const tables = descriptorTables(k);
const flat = decodeDescriptor(0x00cff200, 0xffff);
const data = (change: Partial<Descriptor> = {}): Descriptor => ({ ...flat, ...change });

test("Linux's four segments lie in machine memory and are flat (domain 6.1)", () => {
  for (const [selector, dpl, type] of [
    [__KERNEL_CS, 0, 10],
    [__KERNEL_DS, 0, 2],
    [__USER_CS, 3, 10],
    [__USER_DS, 3, 2],
  ] as const) {
    const { index } = decodeSelector(selector);
    const found = decodeDescriptor(tables.gdt.word(index * 2 + 1), tables.gdt.word(index * 2));
    expect(found).toEqual({ base: 0, limit: 0xffffffff, dpl, s: 1, type, p: 1, g: 1, db: 1, avl: 0 });
  }
});

test("base and limit are collected from their pieces; G counts the limit in pages and fills its low 12 bits", () => {
  expect(decodeDescriptor(0x12cf9a34, 0x5678ffff).base).toBe(0x12345678);
  expect(decodeDescriptor(0x00809200, 0x0000).limit).toBe(4095);
  expect(decodeDescriptor(0x00059200, 0x1234).limit).toBe(0x51234);
});

test("loading: table limit, null, privilege, presence", () => {
  expect(loadSegment(tables, "ds", 0x103, 3)).toEqual({ exception: "#GP", code: 0x100 });
  expect(loadSegment(tables, "ds", 3, 3)).toEqual({ selector: 3, descriptor: null });
  expect(loadSegment(tables, "ss", 0, 0)).toEqual({ exception: "#GP", code: 0 });
  expect(loadSegment(tables, "ds", __KERNEL_DS, 3)).toEqual({ exception: "#GP", code: __KERNEL_DS });
  expect(loadSegment(tables, "ds", __USER_DS, 0)).toHaveProperty("descriptor.dpl", 3);
  expect(loadSegment(tables, "ss", __USER_DS, 0)).toEqual({ exception: "#GP", code: 0x78 });
  expect(loadSegment(tables, "ds", 0x0f, 3)).toEqual({ exception: "#GP", code: 0x0c });
  const absent = {
    ldt: tables.ldt,
    gdt: { limit: 255, word: (index: number) => (index % 2 === 0 ? 0xffff : 0x00cf7200) },
  };
  expect(loadSegment(absent, "ds", 0x0b, 3)).toEqual({ exception: "#NP", code: 8 });
  expect(loadSegment(absent, "ss", 0x0b, 3)).toEqual({ exception: "#SS", code: 8 });
});

test("RPL counts, too: asking with less privilege gets less", () => {
  const kernel = data({ dpl: 0 });
  expect(segmentCheck(kernel, 0x68, 0, 0, 4, "read")).toBe("ok");
  expect(segmentCheck(kernel, 0x6b, 0, 0, 4, "read")).toBe("#GP");
  expect(segmentCheck({ ...kernel, type: 14 }, 0x6b, 3, 0, 4, "read")).toBe("ok");
  expect(segmentCheck(kernel, 0, 0, 0, 4, "read")).toBe("#GP");
});

test.each([
  ["the last byte counts", data({ limit: 0xfff }), 0xffc, 4, "read", "ok"],
  ["one byte over", data({ limit: 0xfff }), 0xffd, 4, "read", "#GP"],
  ["a range that wraps", data(), 0xfffffffe, 4, "read", "#GP"],
  ["expand-down: at the limit", data({ type: 6, limit: 0xfff }), 0xfff, 1, "read", "#GP"],
  ["expand-down: above the limit", data({ type: 6, limit: 0xfff }), 0x1000, 4, "write", "ok"],
  ["expand-down with B clear ends at 64 KiB", data({ type: 6, limit: 0xfff, db: 0 }), 0xfffd, 4, "read", "#GP"],
  ["writing read-only data", data({ type: 0 }), 0, 1, "write", "#GP"],
  ["writing code", data({ type: 10 }), 0, 1, "write", "#GP"],
  ["reading execute-only code", data({ type: 8 }), 0, 1, "read", "#GP"],
  ["fetching data", data(), 0, 1, "fetch", "#GP"],
  ["not present", data({ p: 0 }), 0, 1, "read", "#NP"],
] as const)("%s", (_, descriptor, offset, bytes, op, outcome) => {
  expect(segmentCheck(descriptor, 0x7b, 3, offset, bytes, op)).toBe(outcome);
});

test("a violation through SS is a stack fault; linear addresses wrap at 4 GiB", () => {
  const small = { selector: 0x7b, descriptor: data({ limit: 0xfff }) };
  expect(linearAddress("ss", small, 0x1000, 4, "write")).toEqual({ exception: "#SS", code: 0 });
  const based = { selector: 0x33, descriptor: data({ base: 0xfffff000 }) };
  expect(linearAddress("gs", based, 0x2000, 4, "read")).toBe(0x1000);
  expect(linearAddress("ds", { selector: 0, descriptor: null }, 0, 4, "read")).toEqual({ exception: "#GP", code: 0 });
});

test("the effective access time of the specification (domain 6.6)", () => {
  expect(effectiveAccessTime(costModels.memory, 0.98, 2)).toBeCloseTo(105, 9);
  expect(effectiveAccessTime(costModels.cache, 1, 4)).toBe(11);
});
