import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { pageToPfn, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { mmuAccess } from "../mmu/mmu-access";
import { READ } from "../mmu/walk";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER, GFP_KERNEL } from "../zones/gfp";
import { checkVmalloc } from "./check-vmalloc";
import { fixToVirt } from "./fixmap";
import { KMAP_SLEEP, kmap, kunmap, lastPkmap, pkmapAddr, pkmapCount, setLastPkmap } from "./kmap";
import { kmapAtomic, kmapSlot, kunmapAtomic } from "./kmap-atomic";
import { observeVmalloc } from "./observe-vmalloc";

const boot = (config: { pae?: boolean; debugSlab?: boolean } = {}): Kernel =>
  createKernel({ boot: { kind: "zones", pages: [64, 512, 2048] }, ...config });
const highPages = (k: Kernel, count: number) => Array.from({ length: count }, () => allocPages(k, GFP_HIGHUSER, 0));
const counts = (k: Kernel, entries: number) => Array.from({ length: entries }, (_, entry) => pkmapCount(k, entry));

test("the table of four entries of domain A.8", () => {
  const k = boot();
  setLastPkmap(k, 4);
  const [a, b, c, d, e, f] = highPages(k, 6) as [number, number, number, number, number, number];
  const entry = (page: number) => (kmap(k, page) - pkmapAddr(k, 0)) / 4096;
  expect([entry(a), entry(b), entry(c)]).toEqual([1, 2, 3]);
  expect(counts(k, 4)).toEqual([0, 2, 2, 2]);
  expect(kunmap(k, a)).toBe(true);
  expect(pkmapCount(k, 1)).toBe(1);
  kunmap(k, b);
  expect(entry(b)).toBe(2);
  expect(entry(d)).toBe(0);
  expect(observeVmalloc(k, []).pkmap.flushes).toBe(1);
  expect(counts(k, 4)).toEqual([2, 0, 2, 2]);
  expect(entry(e)).toBe(1);
  expect(kmap(k, f)).toBe(KMAP_SLEEP);
  expect(kunmap(k, c)).toBe(true);
  expect(entry(f)).toBe(3);
  expect(checkVmalloc(k)).toEqual([]);
});

test("a page of low memory has its address for nothing", () => {
  const k = boot();
  const page = allocPages(k, GFP_KERNEL, 0);
  expect(kmap(k, page)).toBe(0xc0000000 + pageToPfn(k, page) * 4096);
  expect(kunmap(k, page)).toBe(false);
  expect(observeVmalloc(k, []).pkmap.entries).toEqual([]);
});

test.each([
  [false, 1024, 0xff801000],
  [true, 512, 0xffc01000],
])("the mapping works for the processor, pae %s", (pae, last, first) => {
  const k = boot({ pae });
  const [page] = highPages(k, 1) as [number];
  expect([lastPkmap(k), kmap(k, page)]).toEqual([last, first]);
  expect(mmuAccess(k, first + 12, READ, 0)).toBe(pageToPfn(k, page) * 4096 + 12);
  expect(mmuAccess(k, first + 12, READ, 3)).toBeLessThan(0);
});

test("several users count; the mapping lives on after the last until the next flush", () => {
  const k = boot();
  const [page] = highPages(k, 1) as [number];
  const address = kmap(k, page);
  expect(kmap(k, page)).toBe(address);
  expect([kunmap(k, page), kunmap(k, page)]).toEqual([false, true]);
  expect(mmuAccess(k, address, READ, 0)).toBe(pageToPfn(k, page) * 4096);
});

test("releasing too often, or what was never mapped, is a BUG", () => {
  const k = boot();
  const [page, other] = highPages(k, 2) as [number, number];
  kmap(k, page);
  kunmap(k, page);
  expect(() => kunmap(k, page)).toThrow(KernelBug);
  expect(() => kunmap(k, other)).toThrow(KernelBug);
});

test("the table agrees with a plain array of users (oracle)", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(11), fc.boolean()), { maxLength: 120 }), (steps) => {
      const k = boot();
      setLastPkmap(k, 8);
      const pages = highPages(k, 12);
      const users = pages.map(() => 0);
      for (const [which, take] of steps) {
        if (take) {
          const full = users[which] === 0 && users.filter((n) => n > 0).length === 8;
          const address = kmap(k, pages[which]!);
          expect(address === KMAP_SLEEP).toBe(full);
          if (address === KMAP_SLEEP) continue;
          users[which]! += 1;
          expect(mmuAccess(k, address, READ, 0)).toBe(pageToPfn(k, pages[which]!) * 4096);
        } else if (users[which]! > 0) {
          users[which]! -= 1;
          expect(kunmap(k, pages[which]!)).toBe(users[which] === 0);
        }
        expect(checkVmalloc(k)).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});

test("an atomic kmap has one slot a kind; using a kind twice destroys the first mapping", () => {
  const k = boot();
  const [one, two] = highPages(k, 2) as [number, number];
  const address = kmapAtomic(k, one, "KM_USER0");
  expect(address).toBe(fixToVirt(kmapSlot("KM_USER0")));
  expect(mmuAccess(k, address, READ, 0)).toBe(pageToPfn(k, one) * 4096);
  expect(kmapAtomic(k, two, "KM_USER1")).toBe(address - 4096);
  expect(kmapAtomic(k, two, "KM_USER0")).toBe(address);
  expect(mmuAccess(k, address, READ, 0)).toBe(pageToPfn(k, two) * 4096);
  kunmapAtomic(k, address, "KM_USER0");
  expect(mmuAccess(k, address, READ, 0)).toBe(pageToPfn(k, two) * 4096);
});

test("a debug build clears the slot and knows its kind", () => {
  const k = boot({ debugSlab: true });
  const [page] = highPages(k, 1) as [number];
  const address = kmapAtomic(k, page, "KM_PTE0");
  expect(() => kunmapAtomic(k, address, "KM_PTE1")).toThrow(KernelBug);
  kunmapAtomic(k, address, "KM_PTE0");
  expect(mmuAccess(k, address, READ, 0)).toBe(-1);
  expect(pfnToPage(k, pageToPfn(k, page))).toBe(page);
});
