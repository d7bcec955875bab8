import { describe, expect, it } from "vitest";
import { finishWrites, ioDone } from "../cache/block-io";
import { createEmptyBuffers } from "../cache/buffers";
import { readCache, writeCache } from "../cache/cache-data";
import { checkCache } from "../cache/check-cache";
import { createFile, openFile } from "../cache/file";
import { fileRead } from "../cache/filemap";
import { lockPage, setPageDirty, setPageWriteback } from "../cache/page-cache";
import { radixTreeLookup } from "../cache/radix-tree";
import { PAGE_MAPPING_ANON } from "../constants";
import { createKernel, type KernelOptions, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { pageToPfn } from "../frames";
import { aOpsIndex, type Kernel, SWAP_AGAIN, SWAP_FAIL, WRITEPAGE_ACTIVATE } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { listAdd } from "../list";
import type { Addr } from "../machine";
import { getPage, pageCount, setPageFlag, testPageFlag } from "../page-fields";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { addressSpace, file as fileStruct, inode } from "../structs-mm";
import { swapData } from "../swap/structs";
import { allocPages } from "../zones/alloc-pages";
import { __GFP_WAIT, GFP_HIGHUSER, GFP_KERNEL } from "../zones/gfp";
import { checkLru } from "./check-lru";
import { isolate, lruListOf } from "./isolate";
import { lruCacheAdd, lruCacheAddActive } from "./lru";
import { observeLru } from "./observe-lru";
import { reclaimVar } from "./reclaim-data";
import { refillInactiveZone } from "./refill-inactive";
import { scanControl } from "./scan-control";
import { shrinkCache } from "./shrink-cache";
import { shrinkList } from "./shrink-list";
import { SHRINK_BATCH, shrinkerDelta, shrinkSlab } from "./shrink-slab";
import { balancePgdat, runKswapd, shrinkZone, tryToFreePages } from "./vmscan";

function boot(options: Partial<KernelOptions> = {}): Kernel {
  return createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] }, contents: 5000, ...options });
}

interface Cached {
  readonly k: Kernel;
  readonly file: Addr;
  readonly mapping: Addr;
  /** By index. */
  readonly pages: Addr[];
}

/** A machine with a file of `count` cached pages: the inactive list is filled, page 0 the oldest. */
function cached(count: number, options: Partial<KernelOptions> = {}, buffers = false): Cached {
  const k = boot(options);
  const file = openFile(k, createFile(k, { pages: count, sparse: true, buffers }));
  const mapping = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]! + inode.offset.i_mapping;
  const buffer = new Uint8Array(1);
  for (let index = 0; index < count; index++) fileRead(k, file, index * 4096, buffer);
  const pages = Array.from({ length: count }, (_, index) => radixTreeLookup(k, mapping, index));
  for (const page of pages) k.memory.u32[page >>> 2]! &= ~4;
  return { k, file, mapping, pages };
}

function anonPage(k: Kernel): Addr {
  const page = allocPages(k, GFP_HIGHUSER, 0);
  k.memory.u32[(page + pageStruct.offset.mapping) >>> 2] = PAGE_MAPPING_ANON;
  k.memory.i32[(page + pageStruct.offset.mapcount) >>> 2] = 1;
  return page;
}

/** What shrinkList decides about the oldest inactive page, as kswapd would ask. */
function decide(k: Kernel, gfp = GFP_KERNEL): [verdict: string, row: number, why: string] {
  const { pages } = isolate(k, k.zones[1], "inactive", 1);
  const events: SimEvent[] = [];
  recordEvents(k, events);
  shrinkList(k, pages, scanControl(k, gfp));
  recordEvents(k, null);
  const event = events.find(({ kind }) => kind === "shrink-page");
  if (event?.kind !== "shrink-page") throw new Error("no decision");
  return [event.verdict, event.row, event.why];
}

function read(
  k: Kernel,
  field: "pages_scanned" | "nr_scan_inactive" | "nr_inactive" | "prev_priority" | "all_unreclaimable",
) {
  return k.memory.u32[(k.zones[1].zone + zoneStruct.offset[field]) >>> 2]!;
}

function setTotalSwap(k: Kernel, pages: number): void {
  k.memory.i32[(k.data + kernelData.offset.swap + swapData.offset.total_swap_pages) >>> 2] = pages;
}

describe("the table of shrinking (domain.md 9.5)", () => {
  it("row 1: keeps a page that somebody has locked", () => {
    const { k, pages } = cached(1);
    lockPage(k, pages[0]!);
    expect(decide(k)).toEqual(["keep", 1, "locked"]);
  });

  it("row 3: keeps a page that is being written", () => {
    const { k, pages } = cached(1);
    setPageWriteback(k, pages[0]!);
    expect(decide(k)).toEqual(["keep", 3, "writeback"]);
  });

  it("row 4: activates a used page if its file is mapped, and frees it if nobody maps the file", () => {
    const { k, mapping, pages } = cached(2);
    const anchor = mapping + addressSpace.offset.i_mmap;
    for (const page of pages) setPageFlag(k, page, "PG_referenced");
    k.ops.pageReferenced = () => 1;
    listAdd(k.memory.u32, reclaimVar(k, "lru_add_pvecs"), anchor);
    expect(decide(k)).toEqual(["activate", 4, "in-use"]);
    k.memory.u32[anchor >>> 2] = anchor;
    expect(decide(k)).toEqual(["free", 11, "unused"]);
  });

  it("row 5: activates an anonymous page for which there is no swap slot", () => {
    const k = boot();
    lruCacheAdd(k, anonPage(k));
    k.ops.addToSwap = () => 0;
    expect(decide(k)).toEqual(["activate", 5, "no-swap"]);
  });

  it.each([
    [SWAP_FAIL, ["activate", 6, "cannot-unmap"]],
    [SWAP_AGAIN, ["keep", 6, "partly-unmapped"]],
  ] as const)("row 6: goes by what unmapping says (%i)", (answer, expected) => {
    const { k, pages } = cached(1);
    k.memory.i32[(pages[0]! + pageStruct.offset.mapcount) >>> 2] = 1;
    k.ops.pageReferenced = () => 0;
    k.ops.tryToUnmap = () => answer;
    expect(decide(k)).toEqual(expected);
  });

  it("row 7: writes a dirty page, and frees it in the same pass if the device is synchronous", () => {
    const { k, pages } = cached(1);
    setPageDirty(k, pages[0]!);
    expect(decide(k)).toEqual(["free", 11, "unused"]);
    const late = cached(1, { io: "async" });
    setPageDirty(late.k, late.pages[0]!);
    expect(decide(late.k)).toEqual(["keep", 7, "write-started"]);
  });

  it("row 7: keeps a dirty page that was used, that the caller may not write, or that others refer to", () => {
    const dirty = () => {
      const made = cached(1);
      setPageDirty(made.k, made.pages[0]!);
      return made;
    };
    const used = dirty();
    setPageFlag(used.k, used.pages[0]!, "PG_referenced");
    used.k.ops.pageReferenced = () => 1;
    expect(decide(used.k)).toEqual(["keep", 7, "dirty-referenced"]);
    expect(decide(dirty().k, __GFP_WAIT)).toEqual(["keep", 7, "may-not-write"]);
    const held = dirty();
    getPage(held.k, held.pages[0]!);
    expect(decide(held.k)).toEqual(["keep", 7, "write-impossible-now"]);
    const laptop = dirty();
    writeCache(laptop.k, "laptop_mode", 1);
    expect(decide(laptop.k)).toEqual(["keep", 7, "laptop-mode"]);
  });

  it("row 7: activates a page whose file refuses to write it, or cannot", () => {
    for (const writepage of [null, () => WRITEPAGE_ACTIVATE]) {
      const { k, pages } = cached(1);
      setPageDirty(k, pages[0]!);
      k.aOps[aOpsIndex.file] = { name: "test", readpage: null, writepage, setPageDirty: null };
      expect(decide(k)).toEqual(["activate", 7, "cannot-be-written"]);
      expect(testPageFlag(k, pages[0]!, "PG_reclaim")).toBe(false);
    }
  });

  it("row 8: takes the buffers of a clean page away first", () => {
    const { k, pages } = cached(1);
    createEmptyBuffers(k, pages[0]!);
    expect(pageCount(k, pages[0]!)).toBe(2);
    expect(decide(k)).toEqual(["free", 11, "unused"]);
  });

  it("rows 9 and 10: keeps a page without an owner, and one that somebody else refers to", () => {
    const { k, pages } = cached(1);
    getPage(k, pages[0]!);
    expect(decide(k)).toEqual(["keep", 10, "other-references"]);
    const lost = boot();
    const page = allocPages(lost, GFP_HIGHUSER, 0);
    getPage(lost, page);
    lruCacheAdd(lost, page);
    expect(decide(lost)).toEqual(["keep", 9, "no-mapping"]);
    createEmptyBuffers(lost, page);
    lost.memory.i32[(page + pageStruct.offset.count) >>> 2] = 2;
    lost.memory.u32[page >>> 2]! |= 1 << 5;
    listAdd(lost.memory.u32, page + pageStruct.offset.lru, lruListOf(lost.zones[1], "inactive"));
    lost.memory.i32[(page + pageStruct.offset.count) >>> 2] = 1;
    expect(decide(lost)).toEqual(["free", 9, "only-buffers"]);
  });
});

describe("refilling the inactive list (domain.md 9.4)", () => {
  function refill(mapped: boolean, swappiness: number, used = false): string[] {
    const k = boot({ swappiness });
    const page = anonPage(k);
    if (!mapped) k.memory.i32[(page + pageStruct.offset.mapcount) >>> 2] = 0;
    lruCacheAddActive(k, page);
    setPageFlag(k, page, "PG_referenced");
    setTotalSwap(k, 100);
    k.ops.pageReferenced = () => Number(used);
    const events: SimEvent[] = [];
    recordEvents(k, events);
    refillInactiveZone(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 5 });
    return events.flatMap((event) => (event.kind === "refill-page" ? [event.to, event.why] : []));
  }

  it("lets unmapped pages go whether they were used or not, mapped ones only under pressure and unused", () => {
    expect(refill(false, 0)).toEqual(["inactive", "unmapped"]);
    expect(refill(true, 0)).toEqual(["active", "calm"]);
    expect(refill(true, 100, true)).toEqual(["active", "used"]);
    expect(refill(true, 100)).toEqual(["inactive", "unused"]);
  });

  it("keeps anonymous pages where there is no swap", () => {
    const k = boot({ swappiness: 100 });
    lruCacheAddActive(k, anonPage(k));
    const events: SimEvent[] = [];
    recordEvents(k, events);
    refillInactiveZone(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 5 });
    expect(events.find(({ kind }) => kind === "refill-page")).toMatchObject({ to: "active", why: "no-swap" });
  });

  it("takes from the tail, the oldest first, and leaves the youngest of them at the head", () => {
    const k = boot();
    const pages = Array.from({ length: 4 }, () => allocPages(k, GFP_HIGHUSER, 0));
    for (const page of pages) lruCacheAddActive(k, page);
    refillInactiveZone(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 3 });
    const [zone] = observeLru(k).zones;
    const pfns = pages.map((page) => pageToPfn(k, page));
    expect(zone!.active.map(({ pfn }) => pfn)).toEqual([pfns[3]]);
    expect(zone!.inactive.map(({ pfn }) => pfn)).toEqual([pfns[2], pfns[1], pfns[0]]);
    expect(observeLru(k).counters).toMatchObject({ pgrefill: 3, pgdeactivate: 3 });
  });
});

describe("how much is scanned", () => {
  it("1000 inactive pages at priority 12 are first scanned at the 32nd call (domain.md A.9)", () => {
    const { k } = cached(1000);
    const sc = { ...scanControl(k, GFP_KERNEL), priority: 12 };
    for (let call = 1; call <= 31; call++) shrinkZone(k, k.zones[1], sc);
    expect([sc.nrScanned, read(k, "nr_scan_inactive")]).toEqual([0, 31]);
    shrinkZone(k, k.zones[1], sc);
    expect(sc.nrScanned).toBe(32);
  });

  it("at priority 4 the same list gives 63 at once, in portions of 32 and 31, unless the first frees enough (A.9)", () => {
    const { k, pages } = cached(1000);
    for (const page of pages) getPage(k, page);
    const events: SimEvent[] = [];
    recordEvents(k, events);
    const sc = { ...scanControl(k, GFP_KERNEL), priority: 4 };
    shrinkZone(k, k.zones[1], sc);
    expect(events.filter(({ kind }) => kind === "shrink-zone")).toMatchObject([{ inactive: 63 }]);
    expect(events.flatMap((event) => (event.kind === "shrink-cache" ? [event.pages] : []))).toEqual([32, 32]);
    expect(read(k, "pages_scanned")).toBe(66);
    const freed = cached(1000);
    shrinkZone(freed.k, freed.k.zones[1], sc);
    expect(read(freed.k, "nr_inactive")).toBe(968);
  });

  it("a second portion of the same call meets pages of the first with one reference more", () => {
    const { k, pages } = cached(20);
    for (const page of pages) getPage(k, page);
    const events: SimEvent[] = [];
    recordEvents(k, events);
    shrinkCache(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 32 });
    expect(events.flatMap((event) => (event.kind === "shrink-cache" ? [event.pages] : []))).toEqual([20, 20]);
    expect(pages.map((page) => pageCount(k, page))).toEqual(pages.map(() => 2));
  });

  it("pages freed in one call come off the cold list, the last ones first", () => {
    const { k, pages } = cached(3);
    shrinkCache(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 3 });
    expect(pages.map(() => allocPages(k, GFP_HIGHUSER | 0x100, 0))).toEqual(pages);
    expect([...checkLru(k), ...checkCache(k)]).toEqual([]);
  });
});

describe("writing for reclaim", () => {
  it("puts a page at the tail when its write is done, so that it is freed next", () => {
    const { k, pages } = cached(3, { io: "async" });
    setPageDirty(k, pages[0]!);
    k.ops.pageReferenced = () => 0;
    for (const page of pages.slice(1)) getPage(k, page);
    shrinkCache(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 1 });
    ioDone(k, pages[0]!);
    expect(observeLru(k).zones[0]!.inactive.at(-1)).toMatchObject({ pfn: pageToPfn(k, pages[0]!), dirty: false });
    expect(observeLru(k).counters.pgrotated).toBe(1);
    expect(checkCache(k)).toEqual([]);
  });

  it("stops at a congested queue, except for kswapd", () => {
    const { k, pages } = cached(200, { io: "async" });
    for (const page of pages) setPageDirty(k, page);
    const sc = { ...scanControl(k, GFP_KERNEL), nrToScan: 160 };
    shrinkCache(k, k.zones[1], sc);
    const underWay = pages.filter((page) => testPageFlag(k, page, "PG_writeback")).length;
    expect(underWay).toBe(113);
    expect(finishWrites(k, 200)).toBe(113);
  });
});

describe("kswapd and direct reclaim", () => {
  /** A machine whose free pages are used up by the cache of a file that is read once. */
  function fullOfCache(options: Partial<KernelOptions> = {}): Kernel {
    const k = createKernel({ boot: { kind: "zones", pages: [256, 1024, 0] }, contents: 4000, ...options });
    const file = openFile(k, createFile(k, { pages: 3000, sparse: true }));
    const buffer = new Uint8Array(4096);
    for (let index = 0; index < 3000; index++) fileRead(k, file, index * 4096, buffer);
    return k;
  }

  it("a file larger than memory is read through the cache: requests free what they need", () => {
    const k = fullOfCache();
    const { counters } = observeLru(k);
    expect(counters.allocstall).toBeGreaterThan(0);
    expect(counters.pgsteal).toBeGreaterThan(1500);
    expect([...checkLru(k), ...checkCache(k)]).toEqual([]);
  });

  it("kswapd runs when it was woken and brings every zone to pages_high", () => {
    const k = fullOfCache();
    expect(observeLru(k).kswapdAwake).toBe(true);
    expect(runKswapd(k)).toBeGreaterThan(0);
    for (const zone of observeLru(k).zones) expect(zone.freePages).toBeGreaterThanOrEqual(zone.pagesHigh);
    expect(observeLru(k).kswapdAwake).toBe(false);
    expect(runKswapd(k)).toBe(0);
    expect(k.memory.u32[reclaimVar(k, "kswapd_runs") >>> 2]).toBe(0);
    expect([...checkLru(k), ...checkCache(k)]).toEqual([]);
  });

  it("goes from the lowest zone up to the highest that is low", () => {
    const k = fullOfCache();
    const events: SimEvent[] = [];
    recordEvents(k, events);
    runKswapd(k);
    const round = events.findIndex(({ kind }) => kind === "reclaim-round");
    expect(events[round]).toMatchObject({ by: "kswapd", priority: 12, endZone: 1 });
    const starts = events.slice(round).flatMap((event) => (event.kind === "shrink-zone" ? [event.startPfn] : []));
    expect(starts.slice(0, 2)).toEqual([0, 256]);
  });

  it("gives a zone up whose pages it has seen four times in vain, and ends", () => {
    const k = boot();
    const pages: Addr[] = [];
    for (let page = allocPages(k, 0x20, 0); page !== 0; page = allocPages(k, 0x20, 0)) pages.push(page);
    for (const page of pages.slice(0, 300)) {
      getPage(k, page);
      lruCacheAdd(k, page);
    }
    expect(balancePgdat(k, 0)).toBe(0);
    expect(read(k, "all_unreclaimable")).toBe(1);
    expect(read(k, "pages_scanned")).toBeGreaterThanOrEqual(1200);
  });

  it("direct reclaim says 0 when nothing can be freed, having tried every priority and napped", () => {
    const k = boot();
    const events: SimEvent[] = [];
    const held = Array.from({ length: 100 }, () => allocPages(k, GFP_HIGHUSER, 0));
    for (const page of held) lruCacheAdd(k, page);
    recordEvents(k, events);
    expect(tryToFreePages(k, [1, 0], GFP_KERNEL)).toBe(0);
    expect(events.flatMap((event) => (event.kind === "reclaim-round" ? [event.priority] : []))).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ]);
    expect(events.some(({ kind }) => kind === "nap")).toBe(true);
    expect(read(k, "prev_priority")).toBe(0);
    expect(readCache(k, "pdflush_wanted")).toBe(1);
  });

  it("remembers the priority of a success as distress for the next time", () => {
    const { k } = cached(100);
    expect(tryToFreePages(k, [1], GFP_KERNEL)).toBe(32);
    expect(read(k, "prev_priority")).toBeLessThan(12);
  });
});

describe("pressure on caches of objects", () => {
  it("is in proportion to the pressure on pages, truncated, in portions of 128, and owed until then", () => {
    expect(shrinkerDelta(100, 2, 1000, 999)).toBe(200);
    expect(shrinkerDelta(33, 3, 1000, 9999)).toBe(4);
    const k = boot();
    const calls: number[] = [];
    k.shrinkers.push({
      name: "test",
      seeks: 2,
      shrink: (_k, nr) => {
        if (nr > 0) calls.push(nr);
        return 1000;
      },
    });
    shrinkSlab(k, 100, GFP_KERNEL, 999);
    expect(calls).toEqual([SHRINK_BATCH]);
    shrinkSlab(k, 100, GFP_KERNEL, 999);
    expect(calls).toEqual([SHRINK_BATCH, SHRINK_BATCH, SHRINK_BATCH]);
    expect(observeLru(k).counters.slabs_scanned).toBe(384);
    expect(k.memory.u32[(reclaimVar(k, "shrinker_nr") >>> 2) + k.shrinkers.length - 1]).toBe(16);
  });

  it("counts a scan of nothing as one of 32 pages", () => {
    const k = boot();
    const seen: number[] = [];
    k.shrinkers.push({ name: "test", seeks: 1, shrink: (_k, nr) => (nr > 0 ? seen.push(nr) : 100) });
    shrinkSlab(k, 0, GFP_KERNEL, 0);
    expect(seen.length).toBe(Math.floor((4 * 32 * 100) / 128));
  });
});

describe("a list whose links were overwritten", () => {
  it("stops a scan with a BUG instead of following them", () => {
    const { k } = cached(3);
    k.memory.u32[(lruListOf(k.zones[1], "inactive") >>> 2) + 1] = 77;
    expect(() => isolate(k, k.zones[1], "inactive", 3)).toThrow(KernelBug);
  });
});
