import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { newObject } from "../objects";
import { mmStruct } from "../structs-mm";
import { allocPages } from "../zones/alloc-pages";
import { GFP_KERNEL } from "../zones/gfp";
import { checkMmu } from "./check-mmu";
import { mmuAddr } from "./cpu";
import { flushTlbPage } from "./flush";
import { leaveMm, mmuAccess, switchMm } from "./mmu-access";
import { observeMmu, observeWalk } from "./observe-mmu";
import { pgdAlloc, pteAlloc, pteLookup, swapperPgDir } from "./pgtable";
import { mkPte, PAGE_SHARED, pteMkclean, pteWrprotect, readPte, writePte } from "./pte";
import { TLB_WORDS } from "./structs";
import { WRITE } from "./walk";

const CODE = 0x08048000;
function process(): { k: Kernel; mm: number; ptep: number; pfn: number } {
  const k = createKernel({ boot: { kind: "zones", pages: [64, 2000, 64] } });
  const mm = newObject(k, "mm_struct");
  k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2] = pgdAlloc(k);
  const ptep = pteAlloc(k, mm, CODE);
  const pfn = pageToPfn(k, allocPages(k, GFP_KERNEL, 0));
  writePte(k, ptep, mkPte(k, pfn, PAGE_SHARED));
  switchMm(k, mm);
  mmuAccess(k, CODE, WRITE, 3);
  mmuAccess(k, 0xc0000000, WRITE, 0);
  return { k, mm, ptep, pfn };
}
const rules = (k: Kernel) => checkMmu(k).map(({ rule }) => rule);

test("a fresh machine, and one at work, keep every rule", () => {
  expect(rules(createKernel({ boot: { kind: "zones", pages: [64, 2000, 64] } }))).toEqual([]);
  expect(rules(process().k)).toEqual([]);
});

test("a change without its flush is named, the flush repairs it", () => {
  const { k, mm, ptep, pfn } = process();
  const changed = (pte: number) => {
    writePte(k, ptep, pte);
    return rules(k);
  };
  const pte = readPte(k, ptep);
  expect(changed(0)).toEqual(["tlb-stale"]);
  expect(changed(mkPte(k, pfn + 1, PAGE_SHARED))).toContain("tlb-stale");
  expect(changed(pteWrprotect(pte))).toEqual(["tlb-rights"]);
  expect(changed(pteMkclean(pte))).toEqual(["tlb-dirty"]);
  flushTlbPage(k, mm, CODE);
  expect(rules(k)).toEqual([]);
});

test("a kernel page open to users is named", () => {
  const { k } = process();
  writePte(k, pteLookup(k, swapperPgDir(k), 0xffffe000), mkPte(k, 5, PAGE_SHARED));
  expect(rules(k)).toEqual([]);
  const pmd = (swapperPgDir(k) + 1023 * 4) >>> 2;
  k.memory.u32[pmd]! |= 4;
  leaveMm(k);
  mmuAccess(k, 0x1000, 0, 0);
  expect(checkMmu(k)).toEqual([{ rule: "user-reaches-kernel", args: { address: 0xffffe000 } }]);
});

test("the way of an address is shown with each entry and without a trace", () => {
  const { k, mm, ptep, pfn } = process();
  writePte(k, ptep, mkPte(k, pfn, PAGE_SHARED & ~0x20));
  const pgd = k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2]!;
  const way = observeWalk(k, pgd, CODE + 9);
  expect(way).toMatchObject({
    paddr: pfn * 4096 + 9,
    user: true,
    write: true,
    entries: [
      { level: "pgd", index: 32 },
      { level: "pte", index: 72 },
    ],
  });
  expect(readPte(k, ptep) & 0x20).toBe(0);
  expect(observeWalk(k, pgd, 0x40000000)).toMatchObject({ paddr: null, entries: [{ level: "pgd", index: 256 }] });
  const { tlb, counters } = observeMmu(k);
  expect(tlb.map(({ name, entries }) => [name, entries.length])).toEqual([
    ["data", 1],
    ["instruction", 0],
    ["large", 1],
  ]);
  expect(counters).toMatchObject({ misses: 2, hits: 0, faults: 0 });
});

test("whatever the TLB's bytes are, checks and observation end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: TLB_WORDS * 4, maxLength: TLB_WORDS * 4 }), fc.nat(), (bytes, cr3) => {
      const { k } = process();
      k.memory.u8.set(bytes, mmuAddr(k, "tlb"));
      k.memory.u32[mmuAddr(k, "cr3") >>> 2] = cr3;
      checkMmu(k);
      observeMmu(k);
    }),
    { numRuns: 10 },
  );
});
