import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKernel, type KernelOptions } from "../create-kernel";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { getPage, pageCount, setPageFlag, testPageFlag } from "../page-fields";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { checkLru } from "./check-lru";
import {
  activatePage,
  lruAddDrain,
  lruCacheAdd,
  lruCacheAddActive,
  lruCacheDel,
  markPageAccessed,
  pagevecRelease,
  putPage,
  rotateReclaimablePage,
} from "./lru";
import { observeLru } from "./observe-lru";

function boot(options: Partial<KernelOptions> = {}): Kernel {
  return createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, ...options });
}

function newPage(k: Kernel): Addr {
  return allocPages(k, GFP_HIGHUSER, 0);
}

function lists(k: Kernel): { active: number[]; inactive: number[] } {
  const [zone] = observeLru(k).zones;
  return { active: zone!.active.map(({ pfn }) => pfn), inactive: zone!.inactive.map(({ pfn }) => pfn) };
}

function state(k: Kernel, page: Addr): [active: boolean, referenced: boolean] {
  return [testPageFlag(k, page, "PG_active"), testPageFlag(k, page, "PG_referenced")];
}

describe("use of a page", () => {
  it("climbs (inactive, 0), (inactive, referenced), (active, 0), (active, referenced), and no further (domain.md 9.2)", () => {
    const k = boot();
    const page = newPage(k);
    lruCacheAdd(k, page);
    const seen = [state(k, page)];
    for (let use = 0; use < 4; use++) {
      markPageAccessed(k, page);
      seen.push(state(k, page));
    }
    expect(seen).toEqual([
      [false, false],
      [false, true],
      [true, false],
      [true, true],
      [true, true],
    ]);
    expect(observeLru(k).counters.pgactivate).toBe(1);
  });

  it("does not activate a page that is on no list yet", () => {
    const k = boot({ pagevec: true });
    const page = newPage(k);
    lruCacheAdd(k, page);
    for (let use = 0; use < 3; use++) markPageAccessed(k, page);
    expect(state(k, page)).toEqual([false, true]);
    expect(observeLru(k).waiting.inactive).toEqual([pageToPfn(k, page)]);
  });

  it("moves an activated page to the head of the active list", () => {
    const k = boot();
    const [a, b, c] = [newPage(k), newPage(k), newPage(k)];
    lruCacheAddActive(k, a);
    lruCacheAdd(k, b);
    lruCacheAdd(k, c);
    activatePage(k, b);
    expect(lists(k)).toEqual({ active: [b, a].map((page) => pageToPfn(k, page)), inactive: [pageToPfn(k, c)] });
  });
});

describe("batches of pages", () => {
  it("reach their list when 14 have come together, first come first, and hold a reference until then", () => {
    const k = boot({ pagevec: true });
    const pages = Array.from({ length: 14 }, () => newPage(k));
    for (const page of pages.slice(0, 13)) lruCacheAdd(k, page);
    expect(lists(k).inactive).toEqual([]);
    expect(pageCount(k, pages[0]!)).toBe(2);
    lruCacheAdd(k, pages[13]!);
    expect(lists(k).inactive).toEqual(pages.map((page) => pageToPfn(k, page)).reverse());
    expect(pageCount(k, pages[0]!)).toBe(1);
  });

  it("free a page whose owner let go while it waited", () => {
    const k = boot({ pagevec: true });
    const page = newPage(k);
    lruCacheAddActive(k, page);
    putPage(k, page);
    expect(pageCount(k, page)).toBe(1);
    lruAddDrain(k);
    expect(pageCount(k, page)).toBe(0);
    expect(lists(k).active).toEqual([]);
    expect(checkLru(k)).toEqual([]);
  });
});

describe("the last reference", () => {
  it("takes a page off its list and frees it to the hot list", () => {
    const k = boot();
    const page = newPage(k);
    lruCacheAdd(k, page);
    getPage(k, page);
    putPage(k, page);
    expect(lists(k).inactive.length).toBe(1);
    putPage(k, page);
    expect(lists(k).inactive).toEqual([]);
    expect(newPage(k)).toBe(page);
  });

  it("of a batch is dropped with the others, and what that frees is cold, the last first", () => {
    const k = boot();
    const pages = [newPage(k), newPage(k), newPage(k)];
    for (const page of pages) lruCacheAdd(k, page);
    pagevecRelease(k, pages);
    const again = pages.map(() => allocPages(k, GFP_HIGHUSER | 0x100, 0));
    expect(again).toEqual(pages);
  });
});

it("a page written for reclaim goes to the tail, unless it is in use again", () => {
  const k = boot();
  const [a, b] = [newPage(k), newPage(k)];
  lruCacheAdd(k, a);
  lruCacheAdd(k, b);
  expect(rotateReclaimablePage(k, b)).toBe(true);
  expect(lists(k).inactive).toEqual([a, b].map((page) => pageToPfn(k, page)));
  setPageFlag(k, a, "PG_dirty");
  expect(rotateReclaimablePage(k, a)).toBe(false);
});

it("refuses to put a page on a list twice", () => {
  const k = boot();
  const page = newPage(k);
  lruCacheAdd(k, page);
  expect(() => lruCacheAddActive(k, page)).toThrow(KernelBug);
});

it("agrees with two arrays, whatever happens in whatever order", () => {
  const step = fc.record({
    op: fc.constantFrom("add", "add-active", "access", "activate", "del", "put", "rotate"),
    which: fc.nat(30),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const k = boot();
      const pages: Addr[] = [];
      const referenced = new Set<Addr>();
      const model: { active: Addr[]; inactive: Addr[] } = { active: [], inactive: [] };
      const drop = (page: Addr) => {
        model.active = model.active.filter((each) => each !== page);
        model.inactive = model.inactive.filter((each) => each !== page);
      };
      for (const { op, which } of steps) {
        const page = pages[which % Math.max(pages.length, 1)];
        if (op === "add" || op === "add-active") {
          const fresh = newPage(k);
          pages.push(fresh);
          if (op === "add") lruCacheAdd(k, fresh);
          else lruCacheAddActive(k, fresh);
          model[op === "add" ? "inactive" : "active"].unshift(fresh);
        } else if (page !== undefined) {
          const inactive = model.inactive.includes(page);
          const used = referenced.has(page);
          if (op === "access") {
            markPageAccessed(k, page);
            if (inactive && used) referenced.delete(page);
            else referenced.add(page);
          } else if (op === "activate") activatePage(k, page);
          if (op === "rotate") {
            rotateReclaimablePage(k, page);
            if (inactive) model.inactive = [...model.inactive.filter((each) => each !== page), page];
          }
          if (inactive && (op === "activate" || (op === "access" && used))) {
            drop(page);
            model.active.unshift(page);
          }
          if (op === "del" || op === "put") {
            if (op === "del") lruCacheDel(k, page);
            else putPage(k, page);
            drop(page);
            if (op === "put") {
              pages.splice(pages.indexOf(page), 1);
              referenced.delete(page);
            }
          }
        }
        const pfns = (list: readonly Addr[]) => list.map((each) => pageToPfn(k, each));
        expect(lists(k)).toEqual({ active: pfns(model.active), inactive: pfns(model.inactive) });
        expect(checkLru(k)).toEqual([]);
        for (const each of pages) expect(testPageFlag(k, each, "PG_referenced")).toBe(referenced.has(each));
      }
    }),
    { numRuns: 60 },
  );
});
