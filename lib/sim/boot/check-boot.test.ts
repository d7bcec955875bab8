import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { kernelData } from "../kernel-data";
import { createMemory } from "../memory";
import { bootmemOf, freeInitmem } from "./boot";
import { allocBootmem, freeBootmem, initBootmem } from "./bootmem";
import { checkBoot } from "./check-boot";
import { observeBoot, observeBootmem } from "./observe-boot";
import { bootData } from "./structs";

const boot = () =>
  createKernel({
    boot: {
      kind: "e820",
      map: [
        { addr: 0, size: 0x9fc00, type: 1 },
        { addr: 0x100000, size: 31 * 2 ** 20, type: 1 },
      ],
      imageEnd: 0x3a0000,
      ebda: 0x9f000,
      initrd: { start: 0x500000, bytes: 5000 },
    },
    slab: "off",
  });
const word = (field: keyof typeof bootData.offset) => kernelData.offset.boot + bootData.offset[field];

test("a booted machine tells who got what, and keeps its invariants", () => {
  const k = boot();
  const state = observeBoot(k);
  expect(state.findings).toEqual([]);
  expect(state.bootmem).toBeNull();
  expect(state.totalram + state.reserved).toBe(0x9f + 31 * 256);
  expect(state.log.map(({ owner, start }) => [owner, start])).toEqual([
    ["kernel image", 0x100000],
    ["early page tables", 0x3a0000],
    ["bootmem bitmap", 0x3a1000],
    ["page 0", 0],
    ["BIOS data", 0x9f000],
    ["initrd", 0x500000],
    ["page tables", 0x1000],
    ["mem_map", 0x1000000],
    ["wait table DMA", 0x1040080],
    ["wait table Normal", 0x1040100],
  ]);
  expect(state.strip.slice(0, 7)).toEqual([
    { use: "page 0", start: 0, end: 1 },
    { use: "page tables", start: 1, end: 3 },
    { use: "memory", start: 3, end: 0x9f },
    { use: "BIOS data", start: 0x9f, end: 0xa0 },
    { use: "no memory", start: 0xa0, end: 0x100 },
    { use: "kernel image", start: 0x100, end: 0x3a0 },
    { use: "early page tables", start: 0x3a0, end: 0x3a1 },
  ]);
  expect(state.strip.at(-1)).toEqual({ use: "memory", start: 0x1041, end: 8192 });
  freeInitmem(k, 0x380000, 0x3a0000);
  expect(checkBoot(k)).toEqual([]);
});

test("the boot allocator can be watched while it works", () => {
  const b = { memory: createMemory(8192), data: 64 };
  initBootmem(b, 4096, 64);
  freeBootmem(b, 0, 64 * 4096);
  allocBootmem(b, 5000, 32, 0x4000);
  expect(observeBootmem(b)).toEqual({
    lowPages: 64,
    taken: [[4, 6]],
    lastPos: 5,
    lastOffset: 904,
    lastSuccess: 0x4000,
  });
});

test("a machine that started with free zones has no boot to speak of", () => {
  const k = createKernel({ boot: { kind: "zones", pages: [64, 0, 0] }, slab: "off" });
  expect(observeBoot(k)).toMatchObject({ map: [], log: [], strip: [], bootmem: null, findings: [] });
});

test("what was overwritten is found", () => {
  const k = boot();
  const w = k.memory.u32;
  w[(k.data + word("max_pfn")) >>> 2]! += 1;
  w[(bootmemOf(k).data + 12) >>> 2] = 5000;
  w[(k.data + word("log")) >>> 2] = 0x3a0000;
  w[(k.data + word("e820_map") + 8) >>> 2]! += 4096 * 4;
  expect(checkBoot(k).map(({ rule }) => rule)).toEqual(["boot-overlap", "boot-ram", "boot-last-offset", "boot-zones"]);
});

test("hostile bytes neither throw nor loop", () => {
  const k = boot();
  for (const value of [0xffffffff, 0x80000000, 7]) {
    k.memory.u32.fill(value, k.data >>> 2, (k.data + kernelData.size) >>> 2);
    expect(observeBoot(k).findings.length).toBeGreaterThan(0);
  }
});
