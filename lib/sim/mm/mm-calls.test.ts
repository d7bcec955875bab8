import { beforeEach, describe, expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import { EACCES, EAGAIN, EFAULT, EINVAL, ENOMEM, EPERM } from "../errno";
import { access } from "../fault/access";
import { getTask, newTask, setTask, switchTo } from "../fault/task";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { committedPages } from "../oom/overcommit";
import { rlimits, taskStruct } from "../structs-mm";
import { sysBrk } from "./brk";
import { checkMm, checkMms } from "./check-mm";
import { findVma } from "./find-vma";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_LOCKED,
  MAP_PRIVATE,
  MAP_SHARED,
  MCL_CURRENT,
  MCL_FUTURE,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_READ,
  PROT_WRITE,
  VM_LOCKED,
  VM_MAYWRITE,
  VM_SHARED,
} from "./flags";
import { mapProgram, mmapBase, pickMmapLayout } from "./layout";
import { mlock, mlockall, munlock, munlockall } from "./mlock";
import { mmAlloc } from "./mm";
import { doMmap } from "./mmap";
import { mprotect } from "./mprotect";
import { mremap } from "./mremap";
import { doMunmap } from "./munmap";
import { observeMm } from "./observe-mm";
import { procMaps } from "./proc-maps";
import { expandStack, stackAccessOk } from "./stack";
import { getMm, getVma, setMm, setVma } from "./vma";

const PAGE = 4096;
const RW = PROT_READ | PROT_WRITE;
const ANON = MAP_PRIVATE | MAP_ANONYMOUS;
let k: Kernel;
let task: Addr;
let mm: Addr;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] } });
  newTask(k, "init");
  task = newTask(k, "shell");
  mm = mmAlloc(k);
  setTask(k.memory.u32, task, "mm", mm);
  setTask(k.memory.u32, task, "active_mm", mm);
  switchTo(k, task);
  pickMmapLayout(k, mm);
});

const map = (addr: number, pages: number, prot = RW, flags = ANON | MAP_FIXED, file = 0, pgoff = 0) =>
  doMmap(k, mm, { addr, len: pages * PAGE, prot, flags, file, pgoff });
const limit = (which: keyof typeof rlimits, bytes: number) => {
  k.memory.u32[(task + taskStruct.offset.rlim + rlimits[which] * 4) >>> 2] = bytes;
};
const ordinary = () => setTask(k.memory.u32, task, "cap_effective", 0);
const ranges = () => observeMm(k, mm).areas.map(({ start, end }) => [start, end]);
const sound = () => expect(checkMms(k)).toEqual([]);

describe("mmap", () => {
  test("a length of 0 maps nothing and gives the address back in 2.6.11, and is EINVAL in 2.6.18", () => {
    expect(map(0x10000123, 0)).toBe(0x10000123);
    const later = createKernel({ boot: { kind: "zones", pages: [0, 64, 0] }, profile: "2.6.18" });
    const other = mmAlloc(later);
    expect(doMmap(later, other, { addr: 0, len: 0, prot: RW, flags: ANON, file: 0, pgoff: 0 })).toBe(-EINVAL);
  });

  test("refuses what cannot be, in the kernel's order", () => {
    const ask = (request: Partial<Parameters<typeof doMmap>[2]>) =>
      doMmap(k, mm, { addr: 0, len: PAGE, prot: RW, flags: ANON, file: 0, pgoff: 0, ...request });
    expect(ask({ len: 0xfffff001 })).toBe(-EINVAL);
    expect(ask({ len: 0xc0001000 })).toBe(-EINVAL);
    expect(ask({ pgoff: 0xffffffff })).toBe(-EINVAL);
    expect(ask({ addr: 0xc0000000, flags: ANON | MAP_FIXED })).toBe(-ENOMEM);
    expect(ask({ addr: 0x10000800, flags: ANON | MAP_FIXED })).toBe(-EINVAL);
    expect(ask({ flags: MAP_ANONYMOUS })).toBe(-EINVAL);
    limit("RLIMIT_AS", 3 * PAGE);
    expect(ask({ len: 3 * PAGE })).toBe(0xb7ffd000);
    expect(ask({})).toBe(-ENOMEM);
    setMm(k.memory.u32, mm, "map_count", 65537);
    expect(ask({})).toBe(-ENOMEM);
  });

  test("a shared map of a file that is not open for writing cannot become writable", () => {
    const ino = createFile(k, { pages: 4 });
    const readOnly = openFile(k, ino, 1);
    const writeOnly = openFile(k, ino, 2);
    expect(map(0x10000000, 2, RW, MAP_SHARED | MAP_FIXED, readOnly)).toBe(-EACCES);
    expect(map(0x10000000, 2, PROT_READ, MAP_PRIVATE | MAP_FIXED, writeOnly)).toBe(-EACCES);
    expect(map(0x10000000, 2, PROT_READ, MAP_SHARED | MAP_FIXED, readOnly)).toBe(0x10000000);
    const flags = getVma(k.memory.u32, findVma(k, mm, 0x10000000), "vm_flags");
    expect(flags & (VM_SHARED | VM_MAYWRITE)).toBe(0);
    expect(procMaps(k, mm)).toBe(`10000000-10002000 r--s 00000000 00:00 ${ino}\n`);
    expect(mprotect(k, mm, 0x10000000, PAGE, RW)).toBe(-EACCES);
    expect(map(0x10002000, 1, PROT_READ, MAP_PRIVATE | MAP_FIXED, readOnly)).toBe(0x10002000);
    expect(mprotect(k, mm, 0x10000000, 3 * PAGE, PROT_READ | PROT_EXEC)).toBe(0);
    expect(committedPages(k)).toBe(0);
    sound();
  });

  test("a locked map is refused without the right and above the limit, and is there at once", () => {
    ordinary();
    limit("RLIMIT_MEMLOCK", 0);
    expect(map(0x10000000, 1, RW, ANON | MAP_FIXED | MAP_LOCKED)).toBe(-EPERM);
    limit("RLIMIT_MEMLOCK", 2 * PAGE);
    expect(map(0x10000000, 3, RW, ANON | MAP_FIXED | MAP_LOCKED)).toBe(-EAGAIN);
    expect(map(0x10000000, 2, RW, ANON | MAP_FIXED | MAP_LOCKED)).toBe(0x10000000);
    expect(observeMm(k, mm).counters).toMatchObject({ lockedVm: 2, rss: 2 });
    sound();
  });
});

describe("munmap and mprotect", () => {
  test("unmapping needs a new structure when it makes a hole: too many areas make it fail", () => {
    map(0x10000000, 3);
    setMm(k.memory.u32, mm, "map_count", 65536);
    expect(doMunmap(k, mm, 0x10001000, PAGE)).toBe(-ENOMEM);
    setMm(k.memory.u32, mm, "map_count", 1);
    expect(ranges()).toEqual([[0x10000000, 0x10003000]]);
    expect(doMunmap(k, mm, 0xc0000000, PAGE)).toBe(-EINVAL);
    expect(doMunmap(k, mm, 0xbffff000, 2 * PAGE)).toBe(-EINVAL);
    expect(doMunmap(k, mm, 0x0ffff000, 10 * PAGE)).toBe(0);
    expect(committedPages(k)).toBe(0);
    sound();
  });

  test("mprotect changes the areas before a hole, and keeps the pages and their D and A", () => {
    map(0x10000000, 2);
    map(0x10004000, 1);
    access(k, task, 0x10000000, "write", 7);
    expect(mprotect(k, mm, 0x10000000, 5 * PAGE, PROT_READ)).toBe(-ENOMEM);
    expect(observeMm(k, mm).areas.map(({ permissions }) => permissions)).toEqual(["r--p", "rw-p"]);
    expect(access(k, task, 0x10000000, "read")).toMatchObject({ value: 7 });
    expect(mprotect(k, mm, 0x10000800, PAGE, PROT_READ)).toBe(-EINVAL);
    expect(mprotect(k, mm, 0x10000000, PAGE, 0x40)).toBe(-EINVAL);
    expect(mprotect(k, mm, 0xfffff000, PAGE, PROT_READ)).toBe(-ENOMEM);
    expect(mprotect(k, mm, 0x20000000, 0, PROT_READ)).toBe(0);
    expect(mprotect(k, mm, 0x10000000, PAGE, PROT_READ | PROT_GROWSDOWN)).toBe(-EINVAL);
    sound();
  });

  test("a written part and its neighbour become one area again with one anon_vma", () => {
    map(0x10000000, 6);
    for (let page = 0; page < 6; page++) access(k, task, 0x10000000 + page * PAGE, "write", page);
    mprotect(k, mm, 0x10002000, 2 * PAGE, PROT_READ);
    expect(observeMm(k, mm).areas.map(({ anonVma }) => anonVma)).toEqual([0, 0, 0]);
    mprotect(k, mm, 0x10002000, 2 * PAGE, RW);
    expect(ranges()).toEqual([[0x10000000, 0x10006000]]);
    expect(access(k, task, 0x10003000, "read")).toMatchObject({ value: 3 });
    sound();
  });
});

describe("brk", () => {
  beforeEach(() => {
    for (const field of ["start_brk", "brk"] as const) setMm(k.memory.u32, mm, field, 0x0804d000);
    setMm(k.memory.u32, mm, "end_code", 0x0804a000);
    setMm(k.memory.u32, mm, "start_data", 0x0804b000);
  });

  test("keeps the byte it was given, maps whole pages, and returns the old break when refused", () => {
    expect(sysBrk(k, mm, 0x0804d001)).toBe(0x0804d001);
    expect(ranges()).toEqual([[0x0804d000, 0x0804e000]]);
    expect(sysBrk(k, mm, 0x0804e000)).toBe(0x0804e000);
    expect(sysBrk(k, mm, 0x08050010)).toBe(0x08050010);
    expect(ranges()).toEqual([[0x0804d000, 0x08051000]]);
    expect(sysBrk(k, mm, 0x08049fff)).toBe(0x08050010);
    expect(sysBrk(k, mm, 0x0804d800)).toBe(0x0804d800);
    expect(ranges()).toEqual([[0x0804d000, 0x0804e000]]);
    expect(observeMm(k, mm).heap).toEqual([0x0804d000, 0x0804d800]);
    expect(committedPages(k)).toBe(1);
    sound();
  });

  test("stops a page before the next mapping and at the data limit, and may shrink into the data", () => {
    map(0x08050000, 1);
    expect(sysBrk(k, mm, 0x0804f000)).toBe(0x0804f000);
    expect(sysBrk(k, mm, 0x0804f001)).toBe(0x0804f000);
    limit("RLIMIT_DATA", 0x0804f800 - 0x0804b000);
    doMunmap(k, mm, 0x08050000, PAGE);
    expect(sysBrk(k, mm, 0x0804f800)).toBe(0x0804f800);
    // Within the last page nobody asks for the limit.
    expect(sysBrk(k, mm, 0x0804f801)).toBe(0x0804f801);
    expect(sysBrk(k, mm, 0x08050001)).toBe(0x0804f801);
    map(0x0804b000, 1, RW, MAP_PRIVATE | MAP_FIXED, openFile(k, createFile(k, { pages: 1 })));
    expect(sysBrk(k, mm, 0x0804b000)).toBe(0x0804b000);
    expect(ranges()).toEqual([]);
    sound();
  });
});

describe("the stack", () => {
  const stackOf = () => findVma(k, mm, 0xbffff000);

  test("an access up to 32 bytes below the stack pointer makes it grow; the kernel may touch anything", () => {
    mapProgram(k, mm, { file: openFile(k, createFile(k, { pages: 4 })), segments: [], dynamic: false, argBytes: 100 });
    const stack = stackOf();
    expect(stackAccessOk(k, stack, 0xbffea000 - 32, 0xbffea000)).toBe(true);
    expect(stackAccessOk(k, stack, 0xbffea000 - 33, 0xbffea000)).toBe(false);
    expect(stackAccessOk(k, stack, 0xa0000000, null)).toBe(true);
    expect(expandStack(k, stack, 0xbffe8123)).toBe(0);
    expect(ranges()).toEqual([[0xbffe8000, 0xc0000000]]);
    expect(observeMm(k, mm).counters).toMatchObject({ stackVm: 24, totalVm: 24 });
    expect(observeMm(k, mm).areas[0]?.pgoff).toBe(0xbffe8);
    expect(committedPages(k)).toBe(24);
    sound();
  });

  test("ends exactly at its limit, and at the limit of the address space", () => {
    mapProgram(k, mm, { file: openFile(k, createFile(k, { pages: 4 })), segments: [], dynamic: false, argBytes: 4 });
    limit("RLIMIT_STACK", 32 * PAGE);
    expect(expandStack(k, stackOf(), 0xc0000000 - 32 * PAGE)).toBe(0);
    expect(expandStack(k, stackOf(), 0xc0000000 - 33 * PAGE)).toBe(-ENOMEM);
    limit("RLIMIT_STACK", 64 * PAGE);
    limit("RLIMIT_AS", 40 * PAGE);
    expect(expandStack(k, stackOf(), 0xc0000000 - 41 * PAGE)).toBe(-ENOMEM);
    expect(expandStack(k, stackOf(), 0xc0000000 - 40 * PAGE)).toBe(0);
    sound();
  });
});

describe("mremap", () => {
  const remap = (addr: number, oldPages: number, newPages: number, flags = 0, newAddr = 0) =>
    mremap(k, mm, { addr, oldLen: oldPages * PAGE, newLen: newPages * PAGE, flags, newAddr });

  test("shrinks by unmapping the tail and grows in place where there is room", () => {
    map(0x10000000, 4);
    expect(remap(0x10000000, 4, 2)).toBe(0x10000000);
    expect(remap(0x10000000, 2, 6)).toBe(0x10000000);
    expect(ranges()).toEqual([[0x10000000, 0x10006000]]);
    expect(committedPages(k)).toBe(6);
    map(0x10006000, 1, PROT_READ);
    expect(remap(0x10000000, 6, 7)).toBe(-ENOMEM);
    expect(committedPages(k)).toBe(6);
    sound();
  });

  test("moves the entries, not the pages; a part moved out of the middle leaves both ends charged", () => {
    map(0x10000000, 5);
    for (let page = 0; page < 5; page++) access(k, task, 0x10000000 + page * PAGE, "write", 100 + page);
    const rss = observeMm(k, mm).counters.rss;
    const moved = remap(0x10001000, 2, 4, MREMAP_MAYMOVE);
    expect(moved).toBe(0xb7ffc000);
    expect(access(k, task, moved + PAGE, "read")).toMatchObject({ value: 102 });
    expect(observeMm(k, mm).counters.rss).toBe(rss);
    expect(observeMm(k, mm).areas.map(({ start, end, pgoff, accounted }) => [start, end, pgoff, accounted])).toEqual([
      [0x10000000, 0x10001000, 0x10000, true],
      [0x10003000, 0x10005000, 0x10003, true],
      [0xb7ffc000, 0xb8000000, 0x10001, true],
    ]);
    expect(committedPages(k)).toBe(7);
    expect(observeMm(k, mm).counters.totalVm).toBe(7);
    sound();
  });

  test("a move of memory that never had a page takes the numbers of its new place, and merges there", () => {
    map(0x10000000, 2);
    map(0x20000000, 2);
    expect(remap(0x10000000, 2, 2, MREMAP_MAYMOVE | MREMAP_FIXED, 0x20002000)).toBe(0x20002000);
    expect(ranges()).toEqual([[0x20000000, 0x20004000]]);
    expect(committedPages(k)).toBe(4);
    sound();
  });

  test("refuses overlaps, holes, half pages and unknown flags", () => {
    map(0x10000000, 2);
    expect(remap(0x10000000, 2, 0)).toBe(-EINVAL);
    expect(remap(0x10000800, 1, 2)).toBe(-EINVAL);
    expect(remap(0x10000000, 1, 2, 4)).toBe(-EINVAL);
    expect(remap(0x10000000, 1, 2, MREMAP_FIXED, 0x30000000)).toBe(-EINVAL);
    expect(remap(0x10000000, 2, 2, MREMAP_FIXED | MREMAP_MAYMOVE, 0x10001000)).toBe(-EINVAL);
    expect(remap(0x10000000, 2, 2, MREMAP_FIXED | MREMAP_MAYMOVE, 0xbffff000)).toBe(-EINVAL);
    expect(remap(0x10000000, 3, 4)).toBe(-EFAULT);
    expect(remap(0x30000000, 1, 2)).toBe(-EFAULT);
    limit("RLIMIT_AS", 2 * PAGE);
    expect(remap(0x10000000, 2, 3)).toBe(-ENOMEM);
    sound();
  });
});

describe("mlock", () => {
  test("splits, brings pages in, counts; munlock leaves the areas apart", () => {
    map(0x10000000, 4);
    expect(mlock(k, mm, 0x10001234, PAGE)).toBe(0);
    expect(ranges()).toHaveLength(3);
    expect(observeMm(k, mm).counters).toMatchObject({ lockedVm: 2, rss: 2 });
    expect(munlock(k, mm, 0x10000000, 4 * PAGE)).toBe(0);
    expect(ranges()).toHaveLength(3);
    expect(observeMm(k, mm).counters.lockedVm).toBe(0);
    expect(mlock(k, mm, 0x10003000, 2 * PAGE)).toBe(-ENOMEM);
    expect(observeMm(k, mm).counters.lockedVm).toBe(1);
    sound();
  });

  test("an ordinary task is bound by its limit; the future can be locked", () => {
    ordinary();
    map(0x10000000, 4);
    limit("RLIMIT_MEMLOCK", 3 * PAGE);
    expect(mlock(k, mm, 0x10000000, 4 * PAGE)).toBe(-ENOMEM);
    expect(mlockall(k, mm, MCL_CURRENT)).toBe(-ENOMEM);
    expect(mlockall(k, mm, 0)).toBe(-EINVAL);
    expect(mlockall(k, mm, MCL_FUTURE)).toBe(0);
    expect(map(0x20000000, 4)).toBe(-EAGAIN);
    expect(map(0x20000000, 3)).toBe(0x20000000);
    expect(getVma(k.memory.u32, findVma(k, mm, 0x20000000), "vm_flags") & VM_LOCKED).toBe(VM_LOCKED);
    munlockall(k, mm);
    expect(observeMm(k, mm).counters.lockedVm).toBe(0);
    limit("RLIMIT_MEMLOCK", 0);
    expect(mlock(k, mm, 0x20000000, PAGE)).toBe(-EPERM);
    sound();
  });
});

describe("layout", () => {
  test("mappings leave the stack the room of its limit, between 128 MiB and five sixths", () => {
    expect(mmapBase(8 << 20)).toBe(0xb8000000);
    expect(mmapBase(200 << 20)).toBe(0xc0000000 - 0x0c800000);
    expect(mmapBase(0xf0000000)).toBe(0xc0000000 - 0xa0000000);
    limit("RLIMIT_STACK", 0xffffffff);
    pickMmapLayout(k, mm);
    expect(observeMm(k, mm)).toMatchObject({ topDown: false, mmapBase: 0x40000000, freeAreaCache: 0x40000000 });
  });

  test("a program: text, data, bss, heap and stack where they belong", () => {
    const file = openFile(k, createFile(k, { pages: 8 }));
    const segments = [
      { vaddr: 0x08048000, offset: 0, fileBytes: 0x2400, memoryBytes: 0x2400, prot: PROT_READ | PROT_EXEC },
      { vaddr: 0x0804b400, offset: 0x2400, fileBytes: 0x300, memoryBytes: 0x3000, prot: RW },
    ];
    expect(mapProgram(k, mm, { file, segments, dynamic: false, argBytes: 600 })).toBe(0);
    expect(procMaps(k, mm).replaceAll(/ \d+$/gm, "")).toBe(
      [
        "08048000-0804b000 r-xp 00000000 00:00",
        "0804b000-0804c000 rw-p 00002000 00:00",
        "0804c000-0804f000 rw-p 00000000 00:00",
        "bffeb000-c0000000 rw-p 00000000 00:00",
        "",
      ].join("\n"),
    );
    const state = observeMm(k, mm);
    expect(state.code).toEqual([0x08048000, 0x0804a400]);
    expect(state.data).toEqual([0x0804b400, 0x0804b700]);
    expect(state.heap).toEqual([0x0804f000, 0x0804f000]);
    expect(state.counters).toMatchObject({ execVm: 3, sharedVm: 4, stackVm: 21, totalVm: 28 });
    sound();
  });

  test("a position-independent program lies at 2 GiB", () => {
    const file = openFile(k, createFile(k, { pages: 2 }));
    const segments = [{ vaddr: 0, offset: 0, fileBytes: PAGE, memoryBytes: PAGE, prot: PROT_READ | PROT_EXEC }];
    expect(mapProgram(k, mm, { file, segments, dynamic: true, argBytes: 600 })).toBe(0);
    expect(ranges()[0]).toEqual([0x80000000, 0x80001000]);
  });
});

describe("damaged bytes", () => {
  test("whatever a link says, observing and checking end and name it", () => {
    for (const at of [0, 1, 2, 4]) map(0x10000000 + at * 2 * PAGE, 1);
    const first = getMm(k.memory.u32, mm, "mmap");
    for (const value of [first, 0xfffffffc, 2, 64]) {
      const kept = getVma(k.memory.u32, first, "vm_next");
      setVma(k.memory.u32, first, "vm_next", value);
      expect(checkMm(k, mm).length).toBeGreaterThan(0);
      expect(() => observeMm(k, mm)).not.toThrow();
      setVma(k.memory.u32, first, "vm_next", kept);
    }
    setMm(k.memory.u32, mm, "mm_rb", 0xfffffff0);
    expect(checkMm(k, mm).map(({ rule }) => rule)).toContain("vma-tree-link");
    expect(checkMm(k, 3)).toEqual([{ rule: "mm-wild-address", args: { address: 3 } }]);
    expect(getTask(k.memory.u32, task, "mm")).toBe(mm);
  });

  test("a tree that goes round is a kernel bug, not an endless loop", () => {
    for (const at of [0, 1, 2, 4]) map(0x10000000 + at * 2 * PAGE, 1);
    const root = getMm(k.memory.u32, mm, "mm_rb");
    k.memory.u32[(root >>> 2) + 1] = root;
    k.memory.u32[(root >>> 2) + 2] = root;
    setMm(k.memory.u32, mm, "mmap_cache", 0);
    expect(() => findVma(k, mm, 0xb0000000)).toThrow("vma-tree");
  });
});
