// Worked examples: domain.md 8.4 (file faults, swap-in), 8.7, 10.6 (counts of a page on its way to swap and back).
import { beforeEach, describe, expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { fileTruncate } from "../cache/vmtruncate";
import { createKernel } from "../create-kernel";
import { pfnToPage } from "../frames";
import { type Kernel, SWAP_FAIL, SWAP_SUCCESS } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../mm/flags";
import { mlock } from "../mm/mlock";
import { doMmap } from "../mm/mmap";
import { mremap } from "../mm/mremap";
import { getMm } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { ptePfn, pteToSwpEntry, readPte } from "../mmu/pte";
import { clearPageFlag, getPage, pageAnon, pageCount, pageMapcount, setPageFlag, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { pageReferenced, tryToUnmap } from "../rmap";
import { swapon } from "../swap/area";
import { createDevice, deviceAt } from "../swap/device";
import { mkswap } from "../swap/header";
import { addToSwap } from "../swap/swap-cache";
import { readSlot, swapInfoAt } from "../swap/swap-data";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { doExit, doWait } from "./exit";
import { doFork } from "./fork";
import { getTask, newTask } from "./task";

let k: Kernel;
let init: Addr;
const BASE = 0x10000000;
const PAGE = 4096;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] } });
  init = newTask(k, "init");
  giveAddressSpace(k, init);
});

const mmOf = (task: Addr) => getTask(k.memory.u32, task, "mm");
const counter = (task: Addr, field: Parameters<typeof getMm>[2]) => getMm(k.memory.u32, mmOf(task), field);
const read = (task: Addr, address: number) => access(k, task, address, "read");
const write = (task: Addr, address: number, value: number) => access(k, task, address, "write", value);
const sound = () => expect(checkFault(k)).toEqual([]);
function map(task: Addr, pages: number, flags: number, file: Addr = 0): void {
  const request = {
    addr: BASE,
    len: pages * PAGE,
    prot: PROT_READ | PROT_WRITE,
    flags: flags | MAP_FIXED,
    file,
    pgoff: 0,
  };
  expect(doMmap(k, mmOf(task), request)).toBe(BASE);
}
function pteOf(task: Addr, address: number): number {
  const ptep = pteLookup(k, counter(task, "pgd"), address);
  return ptep === 0 ? 0 : readPte(k, ptep);
}
const pageOf = (task: Addr, address: number) => pfnToPage(k, ptePfn(k, pteOf(task, address)));
function fork(parent: Addr): Addr {
  const child = doFork(k, parent, 0);
  expect(child).toBeGreaterThan(0);
  return child;
}
const fileOf = (bytes: number[]) => openFile(k, createFile(k, { data: new Uint8Array(bytes) }));

describe("files", () => {
  test("a private read maps the page of the cache read-only; the write copies it", () => {
    map(init, 1, MAP_PRIVATE, fileOf([10, 20, 30]));
    expect(read(init, BASE + 1)).toMatchObject({ value: 20, faults: [{ outcome: { kind: "major" } }] });
    expect(pteOf(init, BASE) & 0xfff).toBe(0x025);
    const cached = pageOf(init, BASE);
    expect([pageCount(k, cached), pageMapcount(k, cached), pageAnon(k, cached)]).toEqual([2, 1, false]);
    expect(write(init, BASE + 1, 99).end).toBe("done");
    expect(pageOf(init, BASE)).not.toBe(cached);
    expect(testPageFlag(k, cached, "PG_dirty")).toBe(false);
    expect([counter(init, "rss"), counter(init, "anon_rss"), pageMapcount(k, cached)]).toEqual([1, 1, 0]);
    sound();
  });

  test("a private write to an absent page copies at once: one fault, and the cache keeps the page", () => {
    map(init, 1, MAP_PRIVATE, fileOf([10, 20, 30]));
    expect(write(init, BASE, 1).faults).toHaveLength(1);
    expect(read(init, BASE + 2).value).toBe(30);
    expect(pageAnon(k, pageOf(init, BASE))).toBe(true);
    expect(pteOf(init, BASE) & 0xfff).toBe(0x067);
    sound();
  });

  test("a shared write goes to the cache; the second process finds it there without I/O", () => {
    const file = fileOf([1, 2, 3]);
    map(init, 1, MAP_SHARED, file);
    const child = fork(init);
    expect(write(init, BASE, 77).faults).toHaveLength(1);
    expect(read(child, BASE)).toMatchObject({ value: 77, faults: [{ outcome: { kind: "minor" } }] });
    const page = pageOf(init, BASE);
    expect(pageOf(child, BASE)).toBe(page);
    expect([pageCount(k, page), pageMapcount(k, page)]).toEqual([3, 2]);
    doExit(k, child, 0);
    doWait(k, init);
    expect(testPageFlag(k, page, "PG_dirty")).toBe(false);
    sound();
  });

  test("D of a shared entry reaches the page when the mapping goes", () => {
    const file = fileOf([1, 2, 3]);
    const child = fork(init);
    map(child, 1, MAP_SHARED, file);
    write(child, BASE, 5);
    const page = pageOf(child, BASE);
    doExit(k, child, 0);
    expect(testPageFlag(k, page, "PG_dirty")).toBe(true);
    sound();
  });

  test("beyond the end of the file the process gets SIGBUS", () => {
    const child = fork(init);
    map(child, 2, MAP_PRIVATE, fileOf([1, 2, 3]));
    expect(read(child, BASE + PAGE)).toMatchObject({
      end: "killed",
      signal: 7,
      faults: [{ outcome: { kind: "sigbus" } }],
    });
    sound();
  });

  test("a file that gets shorter takes its pages out of every page table, private copies too", () => {
    const file = fileOf(new Array(3 * PAGE).fill(7));
    map(init, 3, MAP_PRIVATE, file);
    read(init, BASE + 2 * PAGE);
    write(init, BASE + PAGE, 1);
    write(init, BASE, 1);
    fileTruncate(k, file, PAGE);
    expect([pteOf(init, BASE + PAGE), pteOf(init, BASE + 2 * PAGE)]).toEqual([0, 0]);
    expect(read(init, BASE).value).toBe(1);
    sound();
  });
});

describe("page_referenced", () => {
  test("counts the flag and every entry's A bit, and clears them", () => {
    map(init, 1, MAP_SHARED, fileOf([1, 2, 3]));
    const child = fork(init);
    read(init, BASE);
    read(child, BASE);
    const page = pageOf(init, BASE);
    setPageFlag(k, page, "PG_referenced");
    expect(pageReferenced(k, page, "unlocked")).toBe(3);
    expect(pageReferenced(k, page, "unlocked")).toBe(0);
    expect([pteOf(init, BASE), pteOf(child, BASE)].map((pte) => pte & 0x20)).toEqual([0, 0]);
    read(child, BASE);
    expect(pageReferenced(k, page, "unlocked")).toBe(1);
    setPageFlag(k, page, "PG_locked");
    expect(pageReferenced(k, page, "unlocked")).toBe(1);
    expect(pageReferenced(k, page, "locked")).toBe(0);
  });

  test("a locked shared area counts once, whatever its entry says", () => {
    map(init, 1, MAP_SHARED, fileOf([1, 2, 3]));
    read(init, BASE);
    const page = pageOf(init, BASE);
    pageReferenced(k, page, "unlocked");
    clearPageFlag(k, page, "PG_referenced");
    expect(mlock(k, mmOf(init), BASE, PAGE)).toBe(0);
    for (let look = 0; look < 3; look++) expect(pageReferenced(k, page, "unlocked")).toBeGreaterThan(0);
  });

  test("an anonymous page is found in parent and child", () => {
    map(init, 1, MAP_PRIVATE | MAP_ANONYMOUS);
    write(init, BASE, 1);
    const child = fork(init);
    read(child, BASE);
    const page = pageOf(init, BASE);
    expect(pageReferenced(k, page, "unlocked")).toBe(3);
    expect(pageReferenced(k, page, "unlocked")).toBe(0);
  });
});

describe("swap", () => {
  beforeEach(() => {
    const device = createDevice(k, 64);
    const header = deviceAt(k, device, 0);
    mkswap(k.memory.u8.subarray(header, header + PAGE), 64);
    expect(swapon(k, device)).toBe(0);
    map(init, 4, MAP_PRIVATE | MAP_ANONYMOUS);
  });
  const slot = (offset: number) => readSlot(k, swapInfoAt(k, 0), offset);

  /** What shrink_list does to one page up to the unmap. */
  function unmap(page: Addr): number {
    getPage(k, page);
    setPageFlag(k, page, "PG_locked");
    expect(addToSwap(k, page)).toBe(1);
    const result = tryToUnmap(k, page);
    clearPageFlag(k, page, "PG_locked");
    putPage(k, page);
    return result;
  }

  test("counters of slot and page: added 1/3, unmapped 2/1 with the cache's reference; a fault brings it back", () => {
    write(init, BASE, 42);
    const page = pageOf(init, BASE);
    pageReferenced(k, page, "unlocked");
    expect(unmap(page)).toBe(SWAP_SUCCESS);
    const entry = pteToSwpEntry(k, pteOf(init, BASE));
    expect([slot(entry), pageCount(k, page), pageMapcount(k, page)]).toEqual([2, 1, 0]);
    expect([counter(init, "rss"), counter(init, "anon_rss")]).toEqual([0, 0]);
    sound();
    expect(read(init, BASE)).toMatchObject({ value: 42, faults: [{ outcome: { kind: "minor" } }] });
    expect([slot(entry), pageCount(k, page)]).toEqual([1, 2]);
    expect(pteOf(init, BASE) & 0x2).toBe(0);
    expect(write(init, BASE, 43).faults).toHaveLength(1);
    expect(pageOf(init, BASE)).toBe(page);
    sound();
  });

  test("a young entry and a locked area keep the page", () => {
    write(init, BASE, 42);
    const page = pageOf(init, BASE);
    expect(unmap(page)).toBe(SWAP_FAIL);
    expect(unmap2(page)).toBe(SWAP_SUCCESS);
    read(init, BASE);
    expect(mlock(k, mmOf(init), BASE, PAGE)).toBe(0);
    pageReferenced(k, page, "unlocked");
    expect(unmap2(page)).toBe(SWAP_FAIL);
    sound();
  });
  function unmap2(page: Addr): number {
    getPage(k, page);
    setPageFlag(k, page, "PG_locked");
    const result = tryToUnmap(k, page);
    clearPageFlag(k, page, "PG_locked");
    putPage(k, page);
    return result;
  }

  test("fork copies swap entries: one more user of the slot; both processes get the page back", () => {
    write(init, BASE, 42);
    const page = pageOf(init, BASE);
    pageReferenced(k, page, "unlocked");
    unmap(page);
    const entry = pteToSwpEntry(k, pteOf(init, BASE));
    const child = fork(init);
    expect([slot(entry), pteOf(child, BASE)]).toEqual([3, pteOf(init, BASE)]);
    expect(write(child, BASE, 43).end).toBe("done");
    expect(pageOf(child, BASE)).not.toBe(page);
    expect(read(init, BASE).value).toBe(42);
    expect(pageOf(init, BASE)).toBe(page);
    sound();
    doExit(k, child, 0);
    doWait(k, init);
    expect(slot(entry)).toBe(1);
    sound();
  });

  test("mremap moves entries, swapped ones too, and the reverse map follows", () => {
    write(init, BASE, 1);
    write(init, BASE + PAGE, 2);
    const page = pageOf(init, BASE);
    pageReferenced(k, page, "unlocked");
    unmap(page);
    const moved = mremap(k, mmOf(init), {
      addr: BASE,
      oldLen: 4 * PAGE,
      newLen: 4 * PAGE,
      flags: 3,
      newAddr: 0x20000000,
    });
    expect(moved).toBe(0x20000000);
    expect(pteOf(init, BASE)).toBe(0);
    expect(read(init, moved).value).toBe(1);
    expect(read(init, moved + PAGE).value).toBe(2);
    const other = pageOf(init, moved + PAGE);
    expect(pageReferenced(k, other, "unlocked")).toBeGreaterThan(0);
    expect(unmap(other)).toBe(SWAP_SUCCESS);
    sound();
  });
});
