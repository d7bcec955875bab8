// Worked examples: domain.md 10.4-10.9; Linux 2.6.11 mm/swap_state.c, mm/swapfile.c, mm/page_io.c.
import { beforeEach, describe, expect, test } from "vitest";
import { ioDone } from "../cache/block-io";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { access, accessWord } from "../fault/access";
import { checkFault } from "../fault/check-fault";
import { giveAddressSpace } from "../fault/exec";
import { doExit } from "../fault/exit";
import { doFork } from "../fault/fork";
import { getTask, newTask, switchTo } from "../fault/task";
import { peekFrame, pfnToPage } from "../frames";
import type { Kernel, KernelConfig } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { doMunmap } from "../mm/munmap";
import { getMm } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { ptePfn, ptePresent, pteToSwpEntry, readPte } from "../mmu/pte";
import { checkOom } from "../oom/check-oom";
import { clearPageFlag, getPage, pageCount, setPageFlag, testPageFlag } from "../page-fields";
import { type PageStateName, readPageState } from "../page-state";
import { putPage } from "../reclaim/lru";
import { pageout } from "../reclaim/pageout";
import { taskStruct } from "../structs-mm";
import { TIF_SIGPENDING } from "../task-flags";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { zonesData } from "../zones/structs";
import { addSwap, swapoff } from "./area";
import { checkSwap } from "./check-swap";
import { swpEntry, swpOffset } from "./entry";
import { setPageCluster } from "./init";
import { observeSwap } from "./observe-swap";
import { getSwapPage, swapDuplicate, swapFree } from "./slots";
import { swapCacheInfo, swapData } from "./structs";
import { readSlot, swapInfoAt, writeSlot } from "./swap-data";
import { addToSwap, canShareSwapPage, deleteFromSwapCache, validSwaphandles } from "./swap-state";

const BASE = 0x10000000;
const PAGE = 4096;
let k: Kernel;
let init: Addr;
let events: SimEvent[];

function boot(config: Partial<KernelConfig> = {}): void {
  k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] }, contents: 4096, ...config });
  init = newTask(k, "init");
  expect(giveAddressSpace(k, init)).toBe(0);
  map(init, 16);
  switchTo(k, 0);
  events = [];
}
const map = (task: Addr, pages: number) => {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const request = { addr: BASE, len: pages * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 };
  expect(doMmap(k, mmOf(task), request)).toBe(BASE);
};
const mmOf = (task: Addr) => getTask(k.memory.u32, task, "mm");
const pteOf = (task: Addr, page: number) =>
  readPte(k, pteLookup(k, getMm(k.memory.u32, mmOf(task), "pgd"), BASE + page * PAGE));
const pageOf = (task: Addr, page: number) => pfnToPage(k, ptePfn(k, pteOf(task, page)));
const write = (task: Addr, page: number, value: number) => access(k, task, BASE + page * PAGE, "write", value);
const read = (task: Addr, page: number) => access(k, task, BASE + page * PAGE, "read");
const slot = (number: number, type = 0) => readSlot(k, swapInfoAt(k, type), number);
const stat = (name: PageStateName) => readPageState(k, name);
const cacheStat = (name: keyof typeof swapCacheInfo.offset) =>
  k.memory.u32[(k.data + kernelData.offset.swap + swapData.offset.swap_cache_info + swapCacheInfo.offset[name]) >>> 2]!;
const sound = () => expect([...checkSwap(k), ...checkFault(k), ...checkOom(k)]).toEqual([]);

/** What shrink_list does with an anonymous page that nobody used lately, up to the start of the write. */
function pushOut(page: Addr): void {
  getPage(k, page);
  setPageFlag(k, page, "PG_locked");
  if (!testPageFlag(k, page, "PG_swapcache")) expect(addToSwap(k, page)).toBe(1);
  k.ops.pageReferenced(k, page);
  expect(k.ops.tryToUnmap(k, page)).toBe(0);
  if (testPageFlag(k, page, "PG_dirty")) {
    expect(pageout(k, page, k.data + kernelData.offset.swap + swapData.offset.swapper_space)).toBe("success");
    if (testPageFlag(k, page, "PG_writeback")) ioDone(k, page);
    setPageFlag(k, page, "PG_locked");
  }
  if (testPageFlag(k, page, "PG_swapcache")) deleteFromSwapCache(k, page);
  clearPageFlag(k, page, "PG_locked");
  putPage(k, page);
}
const evict = (task: Addr, page: number) => pushOut(pageOf(task, page));

beforeEach(() => boot());

describe("the life of one page (10.6)", () => {
  test("slot and page counts at each step", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    const page = pageOf(init, 0);
    const counts = () => [slot(1), pageCount(k, page)];
    expect(counts()).toEqual([0, 1]);
    getPage(k, page);
    expect(counts()).toEqual([0, 2]);
    setPageFlag(k, page, "PG_locked");
    addToSwap(k, page);
    expect(counts()).toEqual([1, 3]);
    k.ops.pageReferenced(k, page);
    k.ops.tryToUnmap(k, page);
    expect(counts()).toEqual([2, 2]);
    expect(pteToSwpEntry(k, pteOf(init, 0))).toBe(swpEntry(0, 1));
    pageout(k, page, k.data + kernelData.offset.swap + swapData.offset.swapper_space);
    setPageFlag(k, page, "PG_locked");
    deleteFromSwapCache(k, page);
    clearPageFlag(k, page, "PG_locked");
    expect(counts()).toEqual([1, 1]);
    putPage(k, page);
    sound();
    setPageCluster(k, 0);
    expect(read(init, 0)).toMatchObject({ end: "done", value: 7 });
    const back = pageOf(init, 0);
    expect([slot(1), pageCount(k, back), testPageFlag(k, back, "PG_swapcache")]).toEqual([1, 2, true]);
    sound();
  });

  test("the contents come back, whatever else was written to the frame meanwhile", () => {
    addSwap(k, 100);
    for (let page = 0; page < 8; page++) accessWord(k, init, BASE + page * PAGE + 8 * page, "write", 1000 + page);
    for (let page = 0; page < 8; page++) evict(init, page);
    for (let page = 8; page < 16; page++) write(init, page, 99);
    for (let page = 0; page < 8; page++)
      expect(accessWord(k, init, BASE + page * PAGE + 8 * page, "read").value).toBe(1000 + page);
    expect([stat("pswpout"), stat("pswpin")]).toEqual([8, 8]);
    expect([cacheStat("add_total"), cacheStat("del_total")]).toEqual([16, 8]);
    sound();
  });

  test("a page that was never written to reads as zeros after a round trip", () => {
    addSwap(k, 100);
    write(init, 0, 0);
    evict(init, 0);
    expect(read(init, 0).value).toBe(0);
    sound();
  });

  test("clean in the swap cache: leaves again without a write", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    read(init, 0);
    const written = stat("pswpout");
    const page = pageOf(init, 0);
    pushOut(page);
    expect([stat("pswpout") - written, slot(1)]).toEqual([0, 1]);
    expect(read(init, 0).value).toBe(7);
    sound();
  });

  test("swap more than half full: the slot goes when the page is back", () => {
    addSwap(k, 5);
    write(init, 0, 7);
    write(init, 1, 8);
    evict(init, 0);
    evict(init, 1);
    setPageCluster(k, 0);
    read(init, 0);
    const page = pageOf(init, 0);
    expect([slot(1), pageCount(k, page), testPageFlag(k, page, "PG_swapcache")]).toEqual([0, 1, false]);
    expect(testPageFlag(k, page, "PG_dirty")).toBe(true);
    sound();
  });
});

describe("sharing by fork", () => {
  test("one slot, two entries; each reader drops one, the page is shared again", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    const child = doFork(k, init, 0);
    evict(init, 0);
    expect(slot(1)).toBe(2);
    sound();
    expect([read(init, 0).value, slot(1)]).toEqual([7, 2]);
    expect([read(child, 0).value, slot(1)]).toEqual([7, 1]);
    expect(pageOf(init, 0)).toBe(pageOf(child, 0));
    sound();
    write(child, 0, 9);
    expect([read(init, 0).value, read(child, 0).value]).toEqual([7, 9]);
    sound();
  });

  test("fork copies entries; exit gives them back", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    const child = doFork(k, init, 0);
    expect(slot(1)).toBe(2);
    sound();
    doExit(k, child, 0);
    expect(slot(1)).toBe(1);
    expect(doMunmap(k, mmOf(init), BASE, PAGE)).toBe(0);
    expect(slot(1)).toBe(0);
    sound();
  });

  test("a write to a swapped page that nobody shares needs no copy", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    setPageCluster(k, 0);
    write(init, 0, 8);
    expect(pteOf(init, 0) & 2).toBe(2);
    const page = pageOf(init, 0);
    setPageFlag(k, page, "PG_locked");
    expect(canShareSwapPage(k, page)).toBe(true);
    swapDuplicate(k, swpEntry(0, 1));
    expect(canShareSwapPage(k, page)).toBe(false);
    swapFree(k, swpEntry(0, 1));
    clearPageFlag(k, page, "PG_locked");
    expect(() => canShareSwapPage(k, page)).toThrow(expect.objectContaining({ code: "page-not-locked" }));
  });
});

describe("read-ahead (10.5)", () => {
  test("the aligned window from its start to the first hole; slot 0 is left out", () => {
    addSwap(k, 100);
    setPageCluster(k, 3);
    for (let index = 0; index < 30; index++) getSwapPage(k);
    expect(validSwaphandles(k, swpEntry(0, 5))).toEqual({ from: 1, count: 7 });
    expect(validSwaphandles(k, swpEntry(0, 17))).toEqual({ from: 16, count: 8 });
    expect(validSwaphandles(k, swpEntry(0, 30))).toEqual({ from: 24, count: 7 });
    swapFree(k, swpEntry(0, 17));
    expect(validSwaphandles(k, swpEntry(0, 20))).toEqual({ from: 16, count: 1 });
    swapFree(k, swpEntry(0, 16));
    expect(validSwaphandles(k, swpEntry(0, 20))).toEqual({ from: 16, count: 0 });
    setPageCluster(k, 0);
    expect(validSwaphandles(k, swpEntry(0, 5))).toEqual({ from: 0, count: 0 });
  });

  test("neighbours come into the cache with the wanted page: their faults are minor", () => {
    addSwap(k, 100);
    setPageCluster(k, 3);
    for (let page = 0; page < 7; page++) write(init, page, page + 1);
    for (let page = 0; page < 7; page++) evict(init, page);
    const major = stat("pgmajfault");
    recordEvents(k, events);
    for (let page = 0; page < 7; page++) expect(read(init, page).value).toBe(page + 1);
    expect(stat("pgmajfault") - major).toBe(1);
    expect(events.filter(({ kind }) => kind === "swap-readahead")).toEqual([
      { kind: "swap-readahead", type: 0, slot: 1, from: 1, count: 7 },
    ]);
    sound();
  });
});

test("nobody but the cache wants slot and page: they are given up, not written", () => {
  addSwap(k, 100);
  write(init, 0, 7);
  const page = pageOf(init, 0);
  getPage(k, page);
  setPageFlag(k, page, "PG_locked");
  addToSwap(k, page);
  clearPageFlag(k, page, "PG_locked");
  doMunmap(k, mmOf(init), BASE, PAGE);
  setPageFlag(k, page, "PG_locked");
  expect([slot(1), pageCount(k, page)]).toEqual([1, 2]);
  expect(pageout(k, page, k.data + kernelData.offset.swap + swapData.offset.swapper_space)).toBe("success");
  expect([slot(1), pageCount(k, page), stat("pswpout")]).toEqual([0, 1, 0]);
  putPage(k, page);
  sound();
});

test("with asynchronous I/O the page is under writeback until the device is done", () => {
  boot({ io: "async" });
  addSwap(k, 100);
  write(init, 0, 7);
  const page = pageOf(init, 0);
  getPage(k, page);
  setPageFlag(k, page, "PG_locked");
  addToSwap(k, page);
  k.ops.pageReferenced(k, page);
  k.ops.tryToUnmap(k, page);
  pageout(k, page, k.data + kernelData.offset.swap + swapData.offset.swapper_space);
  expect(testPageFlag(k, page, "PG_writeback")).toBe(true);
  expect(read(init, 0).value).toBe(7);
  ioDone(k, page);
  putPage(k, page);
  sound();
});

test("without a free slot a page stays where it is", () => {
  addSwap(k, 3);
  write(init, 0, 1);
  write(init, 1, 2);
  evict(init, 0);
  const page = pageOf(init, 1);
  setPageFlag(k, page, "PG_locked");
  expect(addToSwap(k, page)).toBe(0);
  clearPageFlag(k, page, "PG_locked");
  expect(() => addToSwap(k, page)).toThrow(expect.objectContaining({ code: "page-not-locked" }));
  sound();
});

describe("swapoff (10.7)", () => {
  test("every page comes back to everybody who had it, dirty and old", () => {
    addSwap(k, 100);
    for (let page = 0; page < 6; page++) write(init, page, 10 + page);
    const child = doFork(k, init, 0);
    for (let page = 0; page < 6; page++) evict(init, page);
    write(child, 3, 99);
    recordEvents(k, events);
    switchTo(k, 0);
    expect(swapoff(k, 0)).toBe(0);
    for (let page = 0; page < 6; page++) {
      expect(ptePresent(pteOf(init, page)) && (pteOf(init, page) & 0x20) === 0).toBe(true);
      expect(testPageFlag(k, pageOf(init, page), "PG_dirty")).toBe(true);
      expect(testPageFlag(k, pageOf(init, page), "PG_swapcache")).toBe(false);
    }
    expect(pageOf(init, 0)).toBe(pageOf(child, 0));
    expect([read(init, 3).value, read(child, 3).value, read(child, 5).value]).toEqual([13, 99, 15]);
    expect(events.filter(({ kind }) => kind === "swap-off")).toHaveLength(1);
    sound();
  });

  test("slots that only the cache uses are given up", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    read(init, 0);
    expect(slot(1)).toBe(1);
    switchTo(k, 0);
    expect(swapoff(k, 0)).toBe(0);
    expect(testPageFlag(k, pageOf(init, 0), "PG_swapcache")).toBe(false);
    expect(read(init, 0).value).toBe(7);
    sound();
  });

  test("a stuck counter does not stop it", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    writeSlot(k, swapInfoAt(k, 0), 1, 0x7fff);
    switchTo(k, 0);
    expect(swapoff(k, 0)).toBe(0);
    expect(read(init, 0).value).toBe(7);
    sound();
  });

  test("not enough memory: the area is in use as before, and what was in swap stays there", () => {
    addSwap(k, 100);
    for (let page = 0; page < 10; page++) write(init, page, 10 + page);
    for (let page = 0; page < 10; page++) evict(init, page);
    switchTo(k, 0);
    k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset.fail_countdown) >>> 2] = 4;
    expect(swapoff(k, 0)).toBe(-12);
    const present = Array.from({ length: 10 }, (_, page) => ptePresent(pteOf(init, page)));
    expect(present).toEqual([true, true, true, false, false, false, false, false, false, false]);
    sound();
    expect(swpOffset(getSwapPage(k))).toBe(11);
    swapFree(k, swpEntry(0, 11));
    for (let page = 0; page < 10; page++) expect(read(init, page).value).toBe(10 + page);
    switchTo(k, 0);
    expect(swapoff(k, 0)).toBe(0);
    sound();
  });

  test("refused for want of room for its pages; nothing changes", () => {
    boot({ overcommit: { mode: 2, ratio: 50 } });
    addSwap(k, 900);
    write(init, 0, 7);
    evict(init, 0);
    switchTo(k, 0);
    k.memory.i32[(k.data + kernelData.offset.oom) >>> 2]! += 700;
    expect(swapoff(k, 0)).toBe(-12);
    k.memory.i32[(k.data + kernelData.offset.oom) >>> 2]! -= 700;
    expect(read(init, 0).value).toBe(7);
    sound();
  });

  test("a task that is killed meanwhile gives up: the area is in use again", () => {
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    k.memory.u32[(init + taskStruct.offset.cap_effective) >>> 2] = 0xffffffff;
    k.memory.u32[(init + taskStruct.offset.thread_flags) >>> 2] = TIF_SIGPENDING;
    expect(swapoff(k, 0)).toBe(-4);
    expect(swpOffset(getSwapPage(k))).toBe(2);
    swapFree(k, swpEntry(0, 2));
    expect(read(init, 0).value).toBe(7);
    sound();
  });

  test("only the administrator may", () => {
    addSwap(k, 100);
    switchTo(k, init);
    k.memory.u32[(init + taskStruct.offset.cap_effective) >>> 2] = 0;
    expect([swapoff(k, 0), addSwap(k, 10)]).toEqual([-1, -1]);
  });
});

describe("PAE", () => {
  test("entries live in the high word; a round trip works", () => {
    boot({ pae: true });
    addSwap(k, 100);
    write(init, 0, 7);
    evict(init, 0);
    expect([pteOf(init, 0) % 2 ** 32, pteOf(init, 0) / 2 ** 32]).toEqual([0, 1 << 5]);
    expect(read(init, 0).value).toBe(7);
    sound();
  });
});

test("damage is found, and the check survives any bytes", () => {
  addSwap(k, 100);
  write(init, 0, 7);
  evict(init, 0);
  writeSlot(k, swapInfoAt(k, 0), 1, 3);
  writeSlot(k, swapInfoAt(k, 0), 5, 1);
  expect(checkSwap(k).map(({ rule }) => rule)).toEqual(["swap-count", "swap-count", "swap-inuse"]);
  const start = (k.data + kernelData.offset.swap) >>> 2;
  const bytes = k.memory.u32.slice();
  for (let seed = 1; seed <= 60; seed++) {
    k.memory.u32.set(bytes);
    for (let hit = 0; hit < 12; hit++) {
      const at = start + ((seed * 7919 + hit * 104729) % (swapData.size >>> 2));
      k.memory.u32[at] = (seed * 2654435761 + hit * 40503) >>> (hit % 3 === 0 ? 20 : 0);
    }
    expect(Array.isArray(checkSwap(k))).toBe(true);
    expect(observeSwap(k).kind).toBe("swap");
  }
});

test("a frame table that points between two frames, or close to the end, hides the map of an area", () => {
  addSwap(k, 100);
  const table = k.frameTable >>> 2;
  const frames = k.memory.u32.slice(table, table + k.pages);
  for (const wrong of [(at: number) => at + 1, () => k.memory.byteLength - 126]) {
    k.memory.u32.set(
      frames.map((at) => (at === 0 ? 0 : wrong(at))),
      table,
    );
    expect(checkSwap(k).map(({ rule }) => rule)).toContain("swap-map-lost");
    expect(observeSwap(k).areas[0]).toMatchObject({ counters: [] });
  }
});

test("the observable state: areas, window, cache, statistics", () => {
  addSwap(k, 12, { badPages: [5] });
  addSwap(k, 6, { prio: 3 });
  setPageCluster(k, 0);
  for (let page = 0; page < 5; page++) write(init, page, page);
  for (let page = 0; page < 5; page++) evict(init, page);
  read(init, 2);
  expect(observeSwap(k)).toMatchObject({
    areas: [
      { type: 0, prio: -1, pages: 9, inuse: 1, counters: [0x8000, 1, 0, 0, 0, 0x8000, 0, 0, 0, 0, 0], writes: 1 },
      { type: 1, prio: 3, pages: 4, inuse: 4, lowest: 5, highest: 0, counters: [0x8000, 1, 1, 1, 1], reads: 1 },
    ],
    list: [1, 0],
    free: 8,
    total: 13,
    window: 1,
    cache: [{ type: 1, slot: 3, count: 2, mapcount: 1, dirty: false }],
    pswpin: 1,
    pswpout: 5,
    findings: [],
  });
});

test("a frame in swap has no contents in memory", () => {
  addSwap(k, 100);
  write(init, 0, 7);
  const pfn = ptePfn(k, pteOf(init, 0));
  evict(init, 0);
  expect(peekFrame(k, pfn)).toBe(0);
  expect(allocPages(k, GFP_HIGHUSER, 0)).not.toBe(0);
});
