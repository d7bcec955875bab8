import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { pageToPfn } from "../frames";
import type { Kernel, KernelConfig } from "../kernel";
import { newObject } from "../objects";
import { mmStruct } from "../structs-mm";
import { allocPages } from "../zones/alloc-pages";
import { GFP_KERNEL } from "../zones/gfp";
import { checkMmu } from "./check-mmu";
import { mmuAddr, tlbStatAt } from "./cpu";
import { flushTlbAll, flushTlbPage } from "./flush";
import { faultCode, leaveMm, mmuAccess, switchMm, switchMmTagged } from "./mmu-access";
import { clearPageRange, pgdAlloc, pgdFree, pteAlloc, pteAllocKernel, swapperPgDir } from "./pgtable";
import {
  mkPte,
  PAGE_COPY,
  PAGE_KERNEL,
  PAGE_SHARED,
  pteDirty,
  pteMkclean,
  pteWrprotect,
  pteYoung,
  readPte,
  writePte,
} from "./pte";
import { tlbEntries } from "./tlb";
import { vmallocFault } from "./vmalloc-fault";
import { FETCH, READ, WRITE } from "./walk";

const boot = (config: Partial<KernelConfig> = {}): Kernel =>
  createKernel({ boot: { kind: "zones", pages: [64, 2000, 64] }, ...config });
const newMm = (k: Kernel): number => {
  const mm = newObject(k, "mm_struct");
  k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2] = pgdAlloc(k);
  return mm;
};
const map = (k: Kernel, mm: number, address: number, prot: number): { ptep: number; pfn: number } => {
  const pfn = pageToPfn(k, allocPages(k, GFP_KERNEL, 0));
  const ptep = pteAlloc(k, mm, address);
  writePte(k, ptep, mkPte(k, pfn, prot));
  return { ptep, pfn };
};
const stat = (k: Kernel, name: Parameters<typeof tlbStatAt>[1]) => k.memory.u32[tlbStatAt(k, name)];
const CODE = 0x08048000;

test.each([false, true])("a page is walked once and then known; a write walks again for D; pae %s", (pae) => {
  const k = boot({ pae });
  const mm = newMm(k);
  const { ptep, pfn } = map(k, mm, CODE, PAGE_SHARED);
  switchMm(k, mm);
  expect(mmuAccess(k, CODE + 0x123, READ, 3)).toBe(pfn * 4096 + 0x123);
  expect([pteYoung(readPte(k, ptep)), pteDirty(readPte(k, ptep))]).toEqual([true, false]);
  expect(mmuAccess(k, CODE + 4, READ, 3)).toBe(pfn * 4096 + 4);
  expect(mmuAccess(k, CODE + 8, WRITE, 3)).toBe(pfn * 4096 + 8);
  expect(pteDirty(readPte(k, ptep))).toBe(true);
  mmuAccess(k, CODE + 8, WRITE, 3);
  expect([stat(k, "hits"), stat(k, "misses"), stat(k, "d_walks"), stat(k, "walk_refs")]).toEqual([
    2,
    1,
    1,
    pae ? 6 : 4,
  ]);
});

test("faults carry code and address, are not kept, and go away with the entry repaired", () => {
  const k = boot();
  const mm = newMm(k);
  const { ptep, pfn } = map(k, mm, CODE, PAGE_COPY);
  switchMm(k, mm);
  mmuAccess(k, CODE, READ, 3);
  expect(faultCode(mmuAccess(k, CODE + 5, WRITE, 3))).toBe(7);
  expect(k.memory.u32[mmuAddr(k, "cr2") >>> 2]).toBe(CODE + 5);
  writePte(k, ptep, mkPte(k, pfn, PAGE_SHARED));
  expect(mmuAccess(k, CODE + 5, WRITE, 3)).toBe(pfn * 4096 + 5);
  expect(faultCode(mmuAccess(k, 0xc0000000, READ, 3))).toBe(5);
  expect(faultCode(mmuAccess(k, 0x50000000, WRITE, 0))).toBe(2);
});

test("less permission without a flush is not seen; with flush_tlb_page it is", () => {
  const k = boot();
  const mm = newMm(k);
  const { ptep } = map(k, mm, CODE, PAGE_SHARED);
  switchMm(k, mm);
  mmuAccess(k, CODE, WRITE, 3);
  writePte(k, ptep, pteWrprotect(readPte(k, ptep)));
  expect(mmuAccess(k, CODE, WRITE, 3)).toBeGreaterThan(0);
  flushTlbPage(k, newMm(k), CODE);
  expect(mmuAccess(k, CODE, WRITE, 3)).toBeGreaterThan(0);
  flushTlbPage(k, mm, CODE);
  expect(faultCode(mmuAccess(k, CODE, WRITE, 3))).toBe(7);
});

test("a cleared D stays cleared while the TLB believes the page dirty: why Linux flushes after clearing", () => {
  const k = boot();
  const mm = newMm(k);
  const { ptep } = map(k, mm, CODE, PAGE_SHARED);
  switchMm(k, mm);
  mmuAccess(k, CODE, WRITE, 3);
  writePte(k, ptep, pteMkclean(readPte(k, ptep)));
  mmuAccess(k, CODE, WRITE, 3);
  expect(pteDirty(readPte(k, ptep))).toBe(false);
});

test("switching address spaces forgets user pages and keeps the kernel's global ones; a kernel thread switches nothing", () => {
  const k = boot();
  const [one, other] = [newMm(k), newMm(k)];
  map(k, one, CODE, PAGE_SHARED);
  switchMm(k, one);
  mmuAccess(k, CODE, READ, 3);
  mmuAccess(k, 0xc0001000, READ, 0);
  switchMm(k, 0);
  switchMm(k, one);
  expect(stat(k, "cr3_loads")).toBe(1);
  switchMm(k, other);
  expect(tlbEntries(k.memory.u32, k.cpu.data)).toEqual([]);
  expect(tlbEntries(k.memory.u32, k.cpu.large!).map(({ vpn }) => vpn)).toEqual([768]);
  expect(faultCode(mmuAccess(k, CODE, READ, 3))).toBe(4);
  flushTlbAll(k);
  expect(tlbEntries(k.memory.u32, k.cpu.large!)).toEqual([]);
});

test("with numbered address spaces a switch keeps the entries of both; invlpg and a reload drop only one's own", () => {
  const k = boot();
  const [one, other] = [newMm(k), newMm(k)];
  const [a, b] = [map(k, one, CODE, PAGE_SHARED), map(k, other, CODE, PAGE_SHARED)];
  const to = (mm: number, entries: "keep" | "flush" = "keep") => switchMmTagged(k, mm, mm === one ? 1 : 2, entries);
  const read = () => mmuAccess(k, CODE, READ, 3) / 4096;
  to(one);
  expect(read()).toBe(a.pfn);
  to(other);
  expect(read()).toBe(b.pfn);
  to(one);
  expect([read(), stat(k, "misses"), stat(k, "hits")]).toEqual([a.pfn, 2, 1]);
  flushTlbPage(k, one, CODE);
  to(other, "flush");
  expect(tlbEntries(k.memory.u32, k.cpu.data)).toEqual([]);
  expect(checkMmu(k)).toEqual([]);
});

test("whatever the tables hold, accesses, faults and checks end without throwing", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2047), fc.integer({ min: 0, max: 0xffffffff })), { maxLength: 60 }),
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(READ, WRITE, FETCH), fc.constantFrom(0, 3)),
      ),
      fc.boolean(),
      (damage, accesses, pae) => {
        const k = boot({ pae });
        const mm = newMm(k);
        const { ptep } = map(k, mm, CODE, PAGE_SHARED);
        switchMm(k, mm);
        const tables = [k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!, ptep & ~0xfff];
        for (const [at, value] of damage) k.memory.u32[(tables[at & 1]! >>> 2) + (at >>> 1)] = value;
        for (const [address, access, cpl] of accesses) {
          mmuAccess(k, address, access, cpl);
          vmallocFault(k, address);
        }
        checkMmu(k);
      },
    ),
    { numRuns: 30 },
  );
});

test.each([false, true])("a process learns of vmalloc pages by fault, one directory entry at a time; pse %s", (pse) => {
  const k = boot({ pse });
  const mm = newMm(k);
  switchMm(k, mm);
  const ptep = pteAllocKernel(k, 0xf8800000);
  writePte(k, ptep, mkPte(k, 99, PAGE_KERNEL));
  expect(faultCode(mmuAccess(k, 0xf8800010, READ, 0))).toBe(0);
  expect(vmallocFault(k, 0xf8800010)).toBe(true);
  expect(mmuAccess(k, 0xf8800010, READ, 0)).toBe(99 * 4096 + 16);
  expect(vmallocFault(k, 0xf8801000)).toBe(false);
  expect(vmallocFault(k, 0xf8c00000)).toBe(false);
});

test("an address space that ends while it is loaded leaves the processor with the master", () => {
  const k = boot();
  const mm = newMm(k);
  switchMm(k, mm);
  clearPageRange(k, mm, 0, 0xc0000000);
  pgdFree(k, k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!);
  expect(mmuAccess(k, 0xc0000abc, READ, 0)).toBe(0xabc);
  leaveMm(k);
  expect(k.memory.u32[mmuAddr(k, "active_mm") >>> 2]).toBe(0);
});

test("the story of a miss: the walk with each entry, then the entry that was loaded", () => {
  const k = boot();
  const mm = newMm(k);
  const { pfn } = map(k, mm, CODE, PAGE_SHARED);
  switchMm(k, mm);
  const events: SimEvent[] = [];
  recordEvents(k, events);
  mmuAccess(k, CODE, READ, 3);
  mmuAccess(k, CODE, READ, 3);
  expect(events.map(({ kind }) => kind)).toEqual([
    "tlb-miss",
    "walk-level",
    "walk-level",
    "page-walk",
    "tlb-fill",
    "tlb-hit",
  ]);
  expect(events[3]).toMatchObject({
    why: "miss",
    paddr: pfn * 4096,
    steps: [{ level: "pgd" }, { level: "pte", set: 0 }],
  });
  expect(events[4]).toMatchObject({ array: "data", set: 8, vpn: 0x8048, pfn, evicted: null });
});

test("with TLB and without, every access ends at the same place (oracle: flush before each access)", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ page: fc.nat(40), kind: fc.constantFrom(READ, WRITE) }), { maxLength: 60 }),
      fc.array(fc.constantFrom(PAGE_SHARED, PAGE_COPY), { minLength: 41, maxLength: 41 }),
      (accesses, prots) => {
        const [k, plain] = [boot(), boot()];
        for (const each of [k, plain]) {
          const mm = newMm(each);
          for (const [page, prot] of prots.entries()) if (page % 7 !== 0) map(each, mm, CODE + page * 4096 * 16, prot);
          switchMm(each, mm);
        }
        for (const { page, kind } of accesses) {
          flushTlbAll(plain);
          const address = CODE + page * 4096 * 16;
          expect(mmuAccess(k, address, kind, 3)).toBe(mmuAccess(plain, address, kind, 3));
        }
        expect(swapperPgDir(k)).toBe(swapperPgDir(plain));
      },
    ),
    { numRuns: 20 },
  );
});
