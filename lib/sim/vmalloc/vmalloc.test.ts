import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { pageToPfn } from "../frames";
import type { Kernel, KernelConfig } from "../kernel";
import { kernelData } from "../kernel-data";
import { checkMmu } from "../mmu/check-mmu";
import { tlbStatAt } from "../mmu/cpu";
import { mmuAccess } from "../mmu/mmu-access";
import { pteLookup, swapperPgDir } from "../mmu/pgtable";
import { ptePresent, readPte } from "../mmu/pte";
import { READ, WRITE } from "../mmu/walk";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { zonesData } from "../zones/structs";
import { checkVmalloc } from "./check-vmalloc";
import { observeVmalloc } from "./observe-vmalloc";
import { getVmArea, ioremapAlign } from "./placement";
import { vmallocRange, vmallocRangeOf } from "./range";
import { getArea, getVmAreaIn, setEndCheck, VM_ALLOC, vmAreas } from "./vm-area";
import { kernelAddress, vfree, vmalloc, vmalloc32, vmap, vunmap } from "./vmalloc";

const MIB = 2 ** 20;
const boot = (config: Partial<KernelConfig> = {}): Kernel =>
  createKernel({ boot: { kind: "zones", pages: [1024, 3072, 2048] }, pcp: false, ...config });
const free = (k: Kernel) => k.zones.reduce((sum, zone) => sum + k.memory.u32[zone.zone >>> 2]!, 0);
const areas = (k: Kernel) => [...vmAreas(k)].map((area) => [getArea(k, area, "addr"), getArea(k, area, "size")]);

test("the range starts 8 to 16 MiB behind low memory and ends two pages below the pkmaps (domain 5.2)", () => {
  const on = { highmem: true, pae: false };
  const start = (mib: number) => vmallocRange((mib * MIB) / 4096, on).start;
  expect([32, 128, 256, 896].map(start)).toEqual([0xc2800000, 0xc8800000, 0xd0800000, 0xf8800000]);
  expect(vmallocRange(0xfff0000 / 4096, on).start).toBe(0xd0800000);
  expect(vmallocRange(229376, on)).toEqual({ start: 0xf8800000, end: 0xff7fe000 });
  expect(vmallocRange(229376, { highmem: true, pae: true }).end).toBe(0xffbfe000);
  expect(vmallocRange(1024, { highmem: false, pae: false, fixmapPages: 5 }).end).toBe(0xffffa000 - 0x2000);
});

test("areas are placed first fit, each with its guard page (domain A.8)", () => {
  const k = boot();
  const { start } = vmallocRangeOf(k);
  const first = vmalloc(k, 10000);
  const second = vmalloc(k, 4096);
  expect([first, second, vmalloc(k, 1)]).toEqual([start, start + 0x4000, start + 0x6000]);
  vfree(k, second);
  expect(vmalloc(k, 8192)).toBe(start + 0x8000);
  expect(vmalloc(k, 4096)).toBe(start + 0x4000);
  expect(areas(k).map(([, size]) => size)).toEqual([16384, 8192, 8192, 12288]);
  expect(checkVmalloc(k)).toEqual([]);
});

test("the golden placement at the top of a large machine, as a pure function (domain A.8)", () => {
  const [lo, hi] = [0xf8800000, 0xff7fe000];
  let list = getVmArea([], 12288, lo, hi).list;
  for (const bytes of [4096, 4096]) list = getVmArea(list, bytes, lo, hi).list;
  expect(list.map(({ addr }) => addr)).toEqual([0xf8800000, 0xf8804000, 0xf8806000]);
  list = list.filter(({ addr }) => addr !== 0xf8804000);
  expect(getVmArea(list, 8192, lo, hi).addr).toBe(0xf8808000);
  expect(getVmArea(list, 4096, lo, hi).addr).toBe(0xf8804000);
  expect(getVmArea(list, 0, lo, hi).addr).toBeNull();
});

test.each([
  [false, true],
  [false, false],
  [true, true],
  [true, false],
])("a PC of 1 GiB places them there, and the processor finds them; pae %s, pse %s (domain A.8)", (pae, pse) => {
  const map = [
    { addr: 0, size: 0x9f000, type: 1 },
    { addr: 0x100000, size: 0x3ff00000, type: 1 },
  ];
  const k = createKernel({ boot: { kind: "e820", map, imageEnd: 0x3a0000 }, pae, pse, contents: 4096 });
  expect([vmalloc(k, 10000), vmalloc(k, 4096), vmalloc(k, 1)]).toEqual([0xf8800000, 0xf8804000, 0xf8806000]);
  vfree(k, 0xf8804000);
  expect([vmalloc(k, 8192), vmalloc(k, 4096)]).toEqual([0xf8808000, 0xf8804000]);
  expect(mmuAccess(k, 0xf8801000, WRITE, 0) / 4096).toBeGreaterThanOrEqual(229376);
  expect(mmuAccess(k, 0xf7fff000, WRITE, 0)).toBe(0x37fff000);
  expect([...checkMmu(k), ...checkVmalloc(k)]).toEqual([]);
});

test("the end of the range is checked, unless the machine does as 2.6.11 does", () => {
  const [lo, hi] = [0x10000, 0x14000];
  expect(getVmArea([], 0x3000, lo, hi).addr).toBe(lo);
  expect(getVmArea([], 0x4000, lo, hi).addr).toBeNull();
  expect(getVmArea([], 0x4000, lo, hi, "missing").addr).toBe(lo);
  expect(getVmArea([{ addr: lo - 0x2000, size: 0x3000 }], 0x1000, lo, hi).addr).toBe(lo + 0x1000);
  const k = boot();
  const range = { start: 0xf8800000, end: 0xf8802000 };
  expect(getVmAreaIn(k, 8192, VM_ALLOC, range)).toBe(0);
  setEndCheck(k, "missing");
  expect(getVmAreaIn(k, 8192, VM_ALLOC, range)).not.toBe(0);
});

test("placement agrees with a bitmap of pages (oracle)", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ pages: fc.integer({ min: 1, max: 6 }), drop: fc.nat(9) }), { maxLength: 60 }),
      (steps) => {
        let list: readonly { addr: number; size: number }[] = [];
        const taken = new Array<boolean>(40).fill(false);
        for (const { pages, drop } of steps) {
          const found = getVmArea(list, pages * 4096, 0x1000000, 0x1000000 + 40 * 4096);
          const wanted = taken.findIndex(
            (_, at) => at + pages + 1 <= 40 && taken.slice(at, at + pages + 1).every((used) => !used),
          );
          expect(found.addr).toBe(wanted < 0 ? null : 0x1000000 + wanted * 4096);
          if (wanted >= 0) taken.fill(true, wanted, wanted + pages + 1);
          list = found.list;
          const gone = list[drop];
          if (!gone) continue;
          list = list.filter((area) => area !== gone);
          const from = (gone.addr - 0x1000000) / 4096;
          taken.fill(false, from, from + gone.size / 4096);
        }
      },
    ),
  );
});

test("I/O mappings are aligned to their size", () => {
  expect([1, 4096, 5000, 65536, 2 ** 24].map(ioremapAlign)).toEqual([4096, 8192, 8192, 131072, 524288]);
});

test("vmalloc maps single pages, high memory first, and leaves the guard page unmapped", () => {
  const k = boot();
  const addr = vmalloc(k, 3 * 4096);
  const pfns = [0, 1, 2].map((page) => kernelAddress(k, addr + page * 4096));
  expect(new Set(pfns).size).toBe(3);
  expect(kernelAddress(k, addr + 3 * 4096)).toBe(0);
  const paddr = mmuAccess(k, addr + 5, WRITE, 0);
  expect(Math.floor(paddr / 4096)).toBeGreaterThanOrEqual(k.lowPages);
  expect(mmuAccess(k, addr + 3 * 4096, READ, 0)).toBe(-1);
  const low = vmalloc32(k, 4096);
  expect(mmuAccess(k, low, READ, 0) / 4096).toBeLessThan(k.lowPages);
});

test("vfree gives every page back, keeps the tables and flushes the whole TLB once", () => {
  const k = boot();
  vfree(k, vmalloc(k, 4096));
  const before = free(k);
  const addr = vmalloc(k, 40 * 4096);
  expect(free(k)).toBe(before - 40);
  mmuAccess(k, addr, READ, 0);
  const flushes = k.memory.u32[tlbStatAt(k, "flush_all")]!;
  vfree(k, addr);
  expect(free(k)).toBe(before);
  expect(k.memory.u32[tlbStatAt(k, "flush_all")]).toBe(flushes + 1);
  expect(pteLookup(k, swapperPgDir(k), addr)).not.toBe(0);
  expect(mmuAccess(k, addr, READ, 0)).toBe(-1);
});

test("more than 1024 pages need a page array from vmalloc itself", () => {
  const k = boot();
  const events: SimEvent[] = [];
  recordEvents(k, events);
  const before = areas(k).length;
  const addr = vmalloc(k, 1500 * 4096);
  expect(addr).toBe(vmallocRangeOf(k).start);
  expect(areas(k).length).toBe(before + 2);
  expect(events.filter(({ kind }) => kind === "vmalloc").map((event) => "array" in event && event.array)).toEqual([
    "kmalloc",
    "vmalloc",
  ]);
  expect(checkVmalloc(k)).toEqual([]);
  vfree(k, addr);
  expect(areas(k)).toEqual([]);
});

test("refusals: nothing, more than the machine has, an address of no area, one inside a page", () => {
  const k = boot();
  const events: SimEvent[] = [];
  recordEvents(k, events);
  expect([vmalloc(k, 0), vmalloc(k, 2 ** 31)]).toEqual([0, 0]);
  for (const addr of [0, 0xf8800001, 0xf8800000]) vfree(k, addr);
  expect(events).toEqual([
    { kind: "vmalloc-failed", bytes: 0, reason: "size" },
    { kind: "vmalloc-failed", bytes: 2 ** 31, reason: "size" },
    { kind: "vfree-refused", addr: 0xf8800001, reason: "misaligned" },
    { kind: "vfree-refused", addr: 0xf8800000, reason: "unknown" },
  ]);
});

test.each([1, 2, 3, 5, 9, 1201, 1210])("when request %i for a page fails, everything taken so far goes back", (nth) => {
  const k = boot();
  vfree(k, vmalloc(k, 1200 * 4096));
  const before = free(k);
  k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset.fail_countdown) >>> 2] = nth;
  const addr = vmalloc(k, 1200 * 4096);
  if (addr !== 0) vfree(k, addr);
  expect(areas(k)).toEqual([]);
  expect(free(k)).toBe(before);
});

test("vmap shows given pages in the given order and never frees them", () => {
  const k = boot();
  vfree(k, vmalloc(k, 4096));
  const pages = [0, 1, 2].map(() => allocPages(k, GFP_HIGHUSER, 0));
  const before = free(k);
  const addr = vmap(k, [pages[2]!, pages[0]!]);
  expect(mmuAccess(k, addr, READ, 0)).toBe(pageToPfn(k, pages[2]!) * 4096);
  expect(mmuAccess(k, addr + 4096, READ, 0)).toBe(pageToPfn(k, pages[0]!) * 4096);
  vunmap(k, addr);
  expect(free(k)).toBe(before);
  expect(ptePresent(readPte(k, pteLookup(k, swapperPgDir(k), addr)))).toBe(false);
});

test("observation and checks name what is wrong with the list, and end", () => {
  const k = boot();
  const [one, two] = [vmalloc(k, 8192), vmalloc(k, 4096)];
  expect(observeVmalloc(k, []).areas.map(({ addr, pages, array }) => [addr, pages.length, array])).toEqual([
    [one, 2, "kmalloc"],
    [two, 1, "kmalloc"],
  ]);
  const [first, second] = [...vmAreas(k)];
  const w = k.memory.u32;
  const rules = () => checkVmalloc(k).map(({ rule }) => rule);
  const damage = (at: number, value: number, rule: string) => {
    const before = w[at >>> 2]!;
    w[at >>> 2] = value;
    expect(rules()).toContain(rule);
    expect(() => observeVmalloc(k, [])).not.toThrow();
    w[at >>> 2] = before;
  };
  damage(second! + 24, first!, "vm-list-cycle");
  damage(second! + 24, 12, "vm-list-link");
  damage(second!, one, "vm-area-order");
  damage(second!, 0x1000, "vm-area-range");
  damage(first! + 4, 4096, "vm-area-ptes");
  damage(pteLookup(k, swapperPgDir(k), one + 8192), 0x163, "vm-area-guard");
  damage(pteLookup(k, swapperPgDir(k), one), 0, "vm-area-ptes");
  expect(rules()).toEqual([]);
});

test("whatever bytes the areas hold, check and observation end without throwing", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 0, max: 0xffffffff })), { maxLength: 6 }), (damage) => {
      const k = boot();
      vmalloc(k, 8192);
      vmalloc(k, 4096);
      const [area] = [...vmAreas(k)];
      for (const [field, value] of damage) k.memory.u32[(area! >>> 2) + field] = value;
      observeVmalloc(k, []);
      checkVmalloc(k);
    }),
    { numRuns: 30 },
  );
});
