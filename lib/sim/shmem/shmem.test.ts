// Worked examples: domain.md 12 (exercises T2, T3), 11.5; Linux 2.6.11 mm/shmem.c.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { removeFromPageCache } from "../cache/page-cache";
import { createKernel } from "../create-kernel";
import { access } from "../fault/access";
import { checkFault } from "../fault/check-fault";
import { giveAddressSpace } from "../fault/exec";
import { doExit } from "../fault/exit";
import { doFork } from "../fault/fork";
import { getTask, newTask, switchTo } from "../fault/task";
import { frameAt, pageToPfn, peekFrame, pfnToPage } from "../frames";
import { type Kernel, WRITEPAGE_ACTIVATE } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE, VM_ACCOUNT } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { doMunmap } from "../mm/munmap";
import { getMm } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { ptePfn, readPte } from "../mmu/pte";
import { checkOom } from "../oom/check-oom";
import { committedPages } from "../oom/overcommit";
import { clearPageFlag, pageCount, setPageFlag, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { pageout } from "../reclaim/pageout";
import { file as fileStruct } from "../structs-mm";
import { addSwap, swapoff } from "../swap/area";
import { checkSwap } from "../swap/check-swap";
import { swpEntry } from "../swap/entry";
import { swapData } from "../swap/structs";
import { readSlot, swapInfoAt } from "../swap/swap-data";
import { deleteFromSwapCache } from "../swap/swap-state";
import { checkShmem } from "./check-shmem";
import { shmemFileRead, shmemFileWrite } from "./file-io";
import { shmemGetpage, shmemWritepage } from "./getpage";
import { freeBlocks, infoAt, infoOf, mappingOf, shmemRecalcInode, shmemSwpEntry } from "./info";
import { observeShmem } from "./observe-shmem";
import { mountTmpfs, shmemCreate, shmemFileSetup, shmemLock } from "./shmem";
import { shmemSetSize } from "./truncate";

const BASE = 0x10000000;
const PAGE = 4096;
let k: Kernel;
let init: Addr;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] }, contents: 4096 });
  init = newTask(k, "init");
  expect(giveAddressSpace(k, init)).toBe(0);
  switchTo(k, 0);
});

const mmOf = (task: Addr) => getTask(k.memory.u32, task, "mm");
const map = (task: Addr, pages: number, sharing: number, file = 0) => {
  const flags = sharing | MAP_FIXED | (file === 0 ? MAP_ANONYMOUS : 0);
  const request = { addr: BASE, len: pages * PAGE, prot: PROT_READ | PROT_WRITE, flags, file, pgoff: 0 };
  expect(doMmap(k, mmOf(task), request)).toBe(BASE);
};
const pfnOf = (task: Addr, page: number) =>
  ptePfn(k, readPte(k, pteLookup(k, getMm(k.memory.u32, mmOf(task), "pgd"), BASE + page * PAGE)));
const write = (task: Addr, page: number, value: number) => access(k, task, BASE + page * PAGE, "write", value);
const read = (task: Addr, page: number) => access(k, task, BASE + page * PAGE, "read");
const inodeOf = (file: Addr) => k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
const info = (inode: Addr, field: Parameters<typeof infoAt>[1]) => k.memory.u32[infoAt(infoOf(k, inode), field)]!;
const slot = (number: number) => readSlot(k, swapInfoAt(k, 0), number);
const sound = () => expect([...checkShmem(k), ...checkSwap(k), ...checkFault(k), ...checkOom(k)]).toEqual([]);
const page = (inode: Addr, index: number, sgp: "read" | "cache" | "write" = "write"): Addr => {
  const got = shmemGetpage(k, inode, index, sgp);
  if (typeof got === "number") throw new Error(`-${-got}`);
  putPage(k, got.page);
  return got.page;
};
const fill = (at: Addr, value: number) => {
  k.memory.u32[frameAt(k, pageToPfn(k, at)) >>> 2] = value;
  setPageFlag(k, at, "PG_dirty");
};
const contents = (at: Addr) => k.memory.u32[peekFrame(k, pageToPfn(k, at)) >>> 2];
const SPACE = () => k.data + kernelData.offset.swap + swapData.offset.swapper_space;

/** What reclaim does in two passes: to the swap cache, then to the disk and away. */
function evict(at: Addr): void {
  setPageFlag(k, at, "PG_locked");
  k.memory.i32[(at >>> 2) + 1]! += 1;
  clearPageFlag(k, at, "PG_dirty");
  expect(shmemWritepage(k, at)).toBe(0);
  setPageFlag(k, at, "PG_locked");
  expect(pageout(k, at, SPACE())).toBe("success");
  setPageFlag(k, at, "PG_locked");
  deleteFromSwapCache(k, at);
  clearPageFlag(k, at, "PG_locked");
  putPage(k, at);
}

describe("a file of 30 pages", () => {
  let inode: Addr;
  beforeEach(() => {
    inode = inodeOf(shmemCreate(k, 0, 30 * PAGE));
    addSwap(k, 64);
  });

  test("T3: out to swap and back: slot, table and counters", () => {
    fill(page(inode, 20), 77);
    expect([info(inode, "alloced"), info(inode, "swapped"), info(inode, "next_index")]).toEqual([1, 0, 21]);
    evict(page(inode, 20));
    const entry = shmemSwpEntry(k, infoOf(k, inode), 20);
    expect([k.memory.u32[entry >>> 2], slot(1), info(inode, "swapped"), info(inode, "alloced")]).toEqual([
      swpEntry(0, 1),
      1,
      1,
      1,
    ]);
    sound();
    const back = shmemGetpage(k, inode, 20, "cache");
    expect(back).toMatchObject({ major: true });
    if (typeof back === "number") return;
    expect(contents(back.page)).toBe(77);
    putPage(k, back.page);
    expect([k.memory.u32[entry >>> 2], slot(1), info(inode, "swapped")]).toEqual([0, 0, 0]);
    expect([testPageFlag(k, back.page, "PG_dirty"), pageCount(k, back.page)]).toEqual([true, 1]);
    sound();
  });

  test("a page in the swap cache comes back without a read", () => {
    const at = page(inode, 3);
    fill(at, 5);
    setPageFlag(k, at, "PG_locked");
    shmemWritepage(k, at);
    expect([slot(1), testPageFlag(k, at, "PG_swapcache")]).toEqual([2, true]);
    sound();
    expect(shmemGetpage(k, inode, 3, "cache")).toEqual({ page: at, major: false });
    putPage(k, at);
    expect(slot(1)).toBe(0);
    sound();
  });

  test("the observable state of the file", () => {
    fill(page(inode, 3), 1);
    fill(page(inode, 20), 2);
    evict(page(inode, 20));
    const { files, segments, shmTot } = observeShmem(k);
    expect(files).toMatchObject([
      {
        size: 30 * PAGE,
        alloced: 2,
        swapped: 1,
        nextIndex: 21,
        cached: [{ index: 3, dirty: true }],
        entries: [{ index: 20, type: 0, slot: 1 }],
        indexPages: 2,
        mount: null,
        segment: null,
      },
    ]);
    expect([segments, shmTot]).toEqual([[], 0]);
  });

  test("damage is found, and the checks survive any bytes", () => {
    fill(page(inode, 20), 2);
    evict(page(inode, 20));
    const at = infoOf(k, inode);
    k.memory.u32[infoAt(at, "swapped")] = 4;
    k.memory.u32[infoAt(at, "next_index")] = 2;
    expect(checkShmem(k).map(({ rule }) => rule)).toEqual(["shmem-swapped", "shmem-alloced", "shmem-next-index"]);
    const bytes = k.memory.u32.slice();
    const words = [at >>> 2, (k.data + kernelData.offset.shmem) >>> 2, infoAt(at, "i_indirect")];
    for (let seed = 1; seed <= 60; seed++) {
      k.memory.u32.set(bytes);
      for (let hit = 0; hit < 8; hit++)
        k.memory.u32[words[hit % 3]! + ((seed * 31 + hit * 7) % 8)] =
          Math.imul(seed * 977 + hit, 2654435761) >>> (hit * 3);
      expect(Array.isArray(checkShmem(k))).toBe(true);
      expect(observeShmem(k).kind).toBe("shmem");
    }
  });

  test("a hole that is read stays a hole; beyond the end there is nothing", () => {
    const zero = page(inode, 4, "read");
    expect([testPageFlag(k, zero, "PG_reserved"), info(inode, "alloced")]).toEqual([true, 0]);
    expect(shmemGetpage(k, inode, 30, "cache")).toBe(-22);
    expect(shmemGetpage(k, inode, 2 ** 30, "write")).toBe(-27);
    expect(typeof shmemGetpage(k, inode, 40, "write")).toBe("object");
    sound();
  });

  test("without a slot, or locked, the page stays in the file", () => {
    const at = page(inode, 0);
    shmemLock(k, inode, "lock");
    setPageFlag(k, at, "PG_locked");
    expect(shmemWritepage(k, at)).toBe(WRITEPAGE_ACTIVATE);
    shmemLock(k, inode, "unlock");
    expect(swapoff(k, 0)).toBe(0);
    expect(shmemWritepage(k, at)).toBe(WRITEPAGE_ACTIVATE);
    expect([testPageFlag(k, at, "PG_locked"), testPageFlag(k, at, "PG_dirty")]).toEqual([true, true]);
    clearPageFlag(k, at, "PG_locked");
    sound();
  });

  test("swapoff brings pages back into their files", () => {
    for (const index of [2, 19, 25]) {
      fill(page(inode, index), index);
      evict(page(inode, index));
    }
    expect(swapoff(k, 0)).toBe(0);
    for (const index of [2, 19, 25]) expect(contents(page(inode, index, "read"))).toBe(index);
    expect(info(inode, "swapped")).toBe(0);
    sound();
  });

  test("clean pages that reclaim drops are given back to the limits at the next look", () => {
    const at = page(inode, 1);
    page(inode, 2);
    expect(committedPages(k)).toBe(2);
    setPageFlag(k, at, "PG_locked");
    removeFromPageCache(k, at);
    clearPageFlag(k, at, "PG_locked");
    putPage(k, at);
    expect(info(inode, "alloced")).toBe(2);
    shmemRecalcInode(k, inode);
    expect([info(inode, "alloced"), committedPages(k)]).toEqual([1, 1]);
    sound();
  });

  test("truncation frees slots and tables, and clears the rest of the last page", () => {
    for (const index of [0, 5, 18, 22]) {
      const at = page(inode, index);
      k.memory.u8.fill(0xee, frameAt(k, pageToPfn(k, at)), frameAt(k, pageToPfn(k, at)) + PAGE);
      setPageFlag(k, at, "PG_dirty");
    }
    for (const index of [5, 22]) evict(page(inode, index));
    shmemSetSize(k, inode, 5 * PAGE + 100);
    expect([info(inode, "alloced"), info(inode, "swapped"), info(inode, "i_indirect")]).toEqual([2, 0, 0]);
    expect([slot(1), slot(2)]).toEqual([0, 0]);
    const frame = peekFrame(k, pageToPfn(k, page(inode, 5)));
    expect([k.memory.u8[frame + 99], k.memory.u8[frame + 100]]).toEqual([0xee, 0]);
    sound();
  });
});

describe("limits of a mount", () => {
  test("data and index pages count; the last block is kept for data", () => {
    const mount = mountTmpfs(k, { pages: 5, inodes: 2 });
    const inode = inodeOf(shmemCreate(k, mount, 40 * PAGE));
    page(inode, 0);
    page(inode, 17);
    expect([freeBlocks(k, mount), info(inode, "i_blocks")]).toEqual([1, 32]);
    const other = inodeOf(shmemCreate(k, mount, 40 * PAGE));
    expect(shmemGetpage(k, other, 16, "write")).toBe(-28);
    page(other, 0);
    expect(freeBlocks(k, mount)).toBe(0);
    expect(shmemGetpage(k, inode, 1, "write")).toBe(-28);
    expect(shmemCreate(k, mount, PAGE)).toBe(-28);
    sound();
    shmemSetSize(k, inode, 0);
    expect(freeBlocks(k, mount)).toBe(4);
    sound();
  });

  test("by default half of the RAM", () => {
    const mount = mountTmpfs(k);
    expect(freeBlocks(k, mount)).toBe(512);
  });

  test("a full mount kills whoever touches one page too many", () => {
    const file = shmemCreate(k, mountTmpfs(k, { pages: 1 }), 4 * PAGE);
    map(init, 4, MAP_SHARED, file);
    expect(write(init, 0, 1).end).toBe("done");
    expect(write(init, 1, 1)).toMatchObject({ end: "killed", signal: 7 });
  });
});

describe("shared memory", () => {
  test("T2: two processes see one frame when shared, two after a write when private", () => {
    map(init, 2, MAP_SHARED);
    const child = doFork(k, init, 0);
    write(init, 0, 41);
    expect(read(child, 0).value).toBe(41);
    write(child, 0, 42);
    expect([read(init, 0).value, pfnOf(init, 0) === pfnOf(child, 0)]).toEqual([42, true]);
    sound();
    doMunmap(k, mmOf(child), BASE, 2 * PAGE);
    doMunmap(k, mmOf(init), BASE, 2 * PAGE);
    map(init, 1, MAP_PRIVATE);
    write(init, 0, 41);
    const second = doFork(k, init, 0);
    write(second, 0, 42);
    expect([read(init, 0).value, pfnOf(init, 0) === pfnOf(second, 0)]).toEqual([41, false]);
    sound();
  });

  test("anonymous shared memory is paid for in advance and given back with its last mapping", () => {
    const before = committedPages(k);
    map(init, 8, MAP_SHARED);
    expect(committedPages(k) - before).toBe(8);
    const child = doFork(k, init, 0);
    write(child, 3, 1);
    doMunmap(k, mmOf(init), BASE, 8 * PAGE);
    expect(committedPages(k) - before).toBe(8);
    doExit(k, child, 0);
    expect(committedPages(k)).toBe(before);
    sound();
  });

  test("a page that both use goes to swap and comes back to both", () => {
    addSwap(k, 64);
    map(init, 2, MAP_SHARED);
    write(init, 0, 5);
    const child = doFork(k, init, 0);
    const at = pfnToPage(k, pfnOf(init, 0));
    read(init, 0);
    setPageFlag(k, at, "PG_locked");
    k.memory.i32[(at >>> 2) + 1]! += 1;
    k.ops.pageReferenced(k, at);
    expect(k.ops.tryToUnmap(k, at)).toBe(0);
    clearPageFlag(k, at, "PG_locked");
    putPage(k, at);
    evict(at);
    sound();
    expect(read(child, 0).value).toBe(5);
    write(init, 0, 6);
    expect([read(child, 0).value, slot(1)]).toEqual([6, 0]);
    sound();
  });

  test("refused: too much for the commit limit", () => {
    k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] }, overcommit: { mode: 2, ratio: 50 } });
    expect(shmemFileSetup(k, 600 * PAGE, VM_ACCOUNT)).toBe(-12);
    expect(committedPages(k)).toBe(0);
    expect(shmemFileSetup(k, 300 * PAGE, VM_ACCOUNT)).toBeGreaterThan(0);
    expect(committedPages(k)).toBe(300);
  });
});

describe("read and write", () => {
  test("bytes come back across pages, holes and swap; the file grows as it is written", () => {
    addSwap(k, 64);
    const file = shmemCreate(k, mountTmpfs(k, { pages: 40 }), 0);
    const inode = inodeOf(file);
    const text = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
    expect(shmemFileWrite(k, file, 3 * PAGE - 1000, text)).toBe(5000);
    evict(page(inode, 3));
    const into = new Uint8Array(6000);
    expect(shmemFileRead(k, file, 3 * PAGE - 1500, into)).toBe(5500);
    expect([...into.subarray(0, 500)].every((byte) => byte === 0)).toBe(true);
    expect(into.subarray(500, 5500)).toEqual(text);
    expect(shmemFileRead(k, file, 9 * PAGE, into)).toBe(0);
    expect(info(inode, "alloced")).toBe(2);
    sound();
  });

  test("a full mount takes what fits, then nothing", () => {
    const file = shmemCreate(k, mountTmpfs(k, { pages: 2 }), 0);
    expect(shmemFileWrite(k, file, 0, new Uint8Array(3 * PAGE).fill(1))).toBe(2 * PAGE);
    expect(shmemFileWrite(k, file, 2 * PAGE, new Uint8Array(1))).toBe(-28);
    k.memory.u32[(file + fileStruct.offset.f_mode) >>> 2] = 0;
    expect([shmemFileRead(k, file, 0, new Uint8Array(1)), shmemFileWrite(k, file, 0, new Uint8Array(1))]).toEqual([
      -9, -9,
    ]);
  });

  test("who has a page mapped that is cut off gets SIGBUS", () => {
    const file = shmemCreate(k, 0, 4 * PAGE);
    map(init, 4, MAP_SHARED, file);
    write(init, 3, 1);
    shmemSetSize(k, inodeOf(file), 2 * PAGE);
    expect(read(init, 1).end).toBe("done");
    expect(read(init, 3)).toMatchObject({ end: "killed", signal: 7 });
    sound();
  });
});

test("whatever is written, swapped, read and cut off: files hold what an array holds", () => {
  const index = fc.constantFrom(0, 3, 15, 16, 17, 40, 1038, 1040, 524303, 524304, 524305);
  const step = fc.oneof(
    fc.record({ op: fc.constant("write" as const), index, value: fc.integer({ min: 1, max: 999 }) }),
    fc.record({ op: fc.constant("evict" as const), index, value: fc.constant(0) }),
    fc.record({ op: fc.constant("size" as const), index, value: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, contents: 2048 });
      addSwap(k, 64);
      const mount = mountTmpfs(k, { pages: 60 });
      const inode = inodeOf(shmemCreate(k, mount, 0));
      const model = new Map<number, number>();
      for (const { op, index: at, value } of steps) {
        if (op === "write") {
          fill(page(inode, at), value);
          model.set(at, value);
        } else if (op === "evict") {
          if (model.has(at)) evict(page(inode, at));
        } else {
          shmemSetSize(k, inode, 0xffffe000);
          shmemSetSize(k, inode, Math.min(at * PAGE, 0xffffe000));
          for (const known of [...model.keys()]) if (known >= at) model.delete(known);
        }
        expect([...checkShmem(k), ...checkSwap(k), ...checkOom(k)]).toEqual([]);
      }
      for (const [at, value] of model) expect(contents(page(inode, at))).toBe(value);
      expect(mappingOf(inode)).toBeGreaterThan(0);
    }),
    { seed: 4, numRuns: 60 },
  );
});
