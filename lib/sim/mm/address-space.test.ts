// Golden scenarios: domain.md A.7, produced by the real merge, split and search code of 2.6.11.
import { beforeEach, describe, expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { newObject } from "../objects";
import { file as fileStruct } from "../structs-mm";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_EXEC, PROT_READ, PROT_WRITE, VM_ACCOUNT } from "./flags";
import { pickMmapLayout, setupArgPages } from "./layout";
import { mmAlloc } from "./mm";
import { doMmap } from "./mmap";
import { mprotect } from "./mprotect";
import { doMunmap } from "./munmap";
import { getMm, getVma } from "./vma";
import { walkVmas } from "./walk-vmas";

let k: Kernel;
let mm: Addr;
let files: Map<number, Addr>;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] } });
  mm = mmAlloc(k);
  files = new Map();
});

const PAGE = 4096;
const protOf = (text: string) =>
  (text.includes("r") ? PROT_READ : 0) | (text.includes("w") ? PROT_WRITE : 0) | (text.includes("x") ? PROT_EXEC : 0);

function fileOf(number: number): Addr {
  const known = files.get(number);
  if (known !== undefined) return known;
  const file = newObject(k, "filp");
  k.memory.u32[(file + fileStruct.offset.f_mode) >>> 2] = 3;
  files.set(number, file);
  return file;
}

/** Pages, protection, hint; a fixed place; a file and its offset in pages. */
function map(
  pages: number,
  prot: string,
  options: { hint?: number; fixed?: number; file?: number; off?: number } = {},
) {
  const { hint = 0, fixed, file, off = 0 } = options;
  const flags = MAP_PRIVATE | (fixed === undefined ? 0 : MAP_FIXED) | (file === undefined ? MAP_ANONYMOUS : 0);
  const addr = fixed ?? hint;
  const at = file === undefined ? 0 : fileOf(file);
  return doMmap(k, mm, { addr, len: pages * PAGE, prot: protOf(prot), flags, file: at, pgoff: off });
}
const unmap = (start: number, pages: number) => doMunmap(k, mm, start, pages * PAGE);
const protect = (start: number, pages: number, prot: string) => mprotect(k, mm, start, pages * PAGE, protOf(prot));
const cache = () => getMm(k.memory.u32, mm, "free_area_cache");

/** `start-end perms pgoff [a]`, as the appendix writes them. */
function areas(): string[] {
  return walkVmas(k, mm).map((vma) => {
    const read = (field: Parameters<typeof getVma>[2]) => getVma(k.memory.u32, vma, field);
    const flags = read("vm_flags");
    const perms = ["r", "w", "x"].map((letter, bit) => ((flags >>> bit) & 1 ? letter : "-")).join("");
    const accounted = (flags & VM_ACCOUNT) !== 0 ? " a" : "";
    const hex = (value: number) => value.toString(16).toUpperCase();
    return `${hex(read("vm_start"))}-${hex(read("vm_end"))} ${perms} ${hex(read("vm_pgoff"))}${accounted}`;
  });
}

describe("A.7 S1: top-down", () => {
  test("mmap, munmap and mprotect place, merge and split as the kernel does", () => {
    pickMmapLayout(k, mm);
    expect(cache()).toBe(0xb8000000);
    expect(map(1, "rw")).toBe(0xb7fff000);
    expect(cache()).toBe(0xb8000000);
    expect(map(3, "rw")).toBe(0xb7ffc000);
    expect(areas()).toEqual(["B7FFC000-B8000000 rw- B7FFC a"]);
    expect(cache()).toBe(0xb7ffc000);
    expect(map(2, "r")).toBe(0xb7ffa000);
    expect(map(1, "rw")).toBe(0xb7ff9000);
    expect(unmap(0xb7ffd000, 1)).toBe(0);
    expect(areas()).toEqual([
      "B7FF9000-B7FFA000 rw- B7FF9 a",
      "B7FFA000-B7FFC000 r-- B7FFA",
      "B7FFC000-B7FFD000 rw- B7FFC a",
      "B7FFE000-B8000000 rw- B7FFE a",
    ]);
    expect(cache()).toBe(0xb7ffe000);
    k.events = [];
    expect(map(1, "rw")).toBe(0xb7ffd000);
    expect(k.events.filter(({ kind }) => kind === "vma-merge")).toMatchObject([{ case: 1 }]);
    expect(areas()).toHaveLength(3);
    k.events = [];
    expect(map(2, "rw")).toBe(0xb7ff7000);
    expect(k.events.filter(({ kind }) => kind === "vma-merge")).toMatchObject([{ case: 3 }]);
    expect(areas()[0]).toBe("B7FF7000-B7FFA000 rw- B7FF7 a");
    expect(protect(0xb7ffc000, 2, "r")).toBe(0);
    expect(areas()).toEqual([
      "B7FF7000-B7FFA000 rw- B7FF7 a",
      "B7FFA000-B7FFC000 r-- B7FFA",
      "B7FFC000-B7FFE000 r-- B7FFC a",
      "B7FFE000-B8000000 rw- B7FFE a",
    ]);
    expect(protect(0xb7ffc000, 2, "rw")).toBe(0);
    expect(areas()).toEqual([
      "B7FF7000-B7FFA000 rw- B7FF7 a",
      "B7FFA000-B7FFC000 r-- B7FFA",
      "B7FFC000-B8000000 rw- B7FFC a",
    ]);
    expect(unmap(0xb7ff9000, 7)).toBe(0);
    expect(areas()).toEqual(["B7FF7000-B7FF9000 rw- B7FF7 a"]);
    expect(cache()).toBe(0xb8000000);
    expect(getMm(k.memory.u32, mm, "total_vm")).toBe(2);
  });
});

describe("A.7 S2: bottom-up", () => {
  test("next fit passes a hole that lies below the cache, and munmap lowers the cache", () => {
    pickMmapLayout(k, mm, "legacy");
    expect(map(3, "rw")).toBe(0x40000000);
    expect(map(1, "rw")).toBe(0x40003000);
    expect(areas()).toEqual(["40000000-40004000 rw- 40000 a"]);
    expect(unmap(0x40001000, 1)).toBe(0);
    expect(areas()).toHaveLength(2);
    expect(cache()).toBe(0x40001000);
    expect(map(2, "rw")).toBe(0x40004000);
    expect(areas()[1]).toBe("40002000-40006000 rw- 40002 a");
    expect(cache()).toBe(0x40006000);
    expect(map(1, "rw")).toBe(0x40006000);
    expect(cache()).toBe(0x40007000);
    expect(map(1, "rw", { hint: 0x50000500 })).toBe(0x50001000);
    expect(cache()).toBe(0x40007000);
    expect(map(1, "r", { fixed: 0x40002000 })).toBe(0x40002000);
    expect(areas()).toEqual([
      "40000000-40001000 rw- 40000 a",
      "40002000-40003000 r-- 40002",
      "40003000-40007000 rw- 40003 a",
      "50001000-50002000 rw- 50001 a",
    ]);
    expect(cache()).toBe(0x40002000);
  });
});

describe("A.7 S3: private file maps", () => {
  test("the ACCOUNT flag keeps areas apart that look alike", () => {
    pickMmapLayout(k, mm);
    expect(map(4, "rw", { fixed: 0x10000000, file: 7, off: 0 })).toBe(0x10000000);
    expect(map(4, "r", { fixed: 0x10004000, file: 7, off: 4 })).toBe(0x10004000);
    expect(areas()).toHaveLength(2);
    expect(protect(0x10002000, 2, "r")).toBe(0);
    expect(areas()).toEqual(["10000000-10002000 rw- 0 a", "10002000-10004000 r-- 2 a", "10004000-10008000 r-- 4"]);
    expect(protect(0x10004000, 2, "rw")).toBe(0);
    expect(areas()).toEqual([
      "10000000-10002000 rw- 0 a",
      "10002000-10004000 r-- 2 a",
      "10004000-10006000 rw- 4 a",
      "10006000-10008000 r-- 6",
    ]);
    expect(protect(0x10004000, 2, "r")).toBe(0);
    expect(areas()).toEqual(["10000000-10002000 rw- 0 a", "10002000-10006000 r-- 2 a", "10006000-10008000 r-- 6"]);
    k.events = [];
    expect(protect(0x10001000, 1, "r")).toBe(0);
    expect(k.events.filter(({ kind }) => kind === "vma-merge")).toMatchObject([{ case: 4 }]);
    expect(areas().slice(0, 2)).toEqual(["10000000-10001000 rw- 0 a", "10001000-10006000 r-- 1 a"]);
    expect(protect(0x10000000, 8, "r")).toBe(0);
    expect(areas()).toEqual(["10000000-10006000 r-- 0 a", "10006000-10008000 r-- 6"]);
    expect(map(1, "r", { fixed: 0x10008000, file: 7, off: 9 })).toBe(0x10008000);
    expect(map(1, "r", { fixed: 0x10009000, file: 7, off: 9 })).toBe(0x10009000);
    expect(areas()).toHaveLength(4);
  });
});

describe("A.7 S4: a program's layout", () => {
  test("a hole above the cache is not found", () => {
    pickMmapLayout(k, mm);
    expect(map(3, "rx", { fixed: 0x08048000, file: 9 })).toBe(0x08048000);
    expect(map(1, "rw", { fixed: 0x0804b000, file: 9, off: 2 })).toBe(0x0804b000);
    expect(setupArgPages(k, mm, 100)).toBe(0);
    expect(areas().at(-1)).toBe("BFFEB000-C0000000 rw- BFFEB a");
    expect(map(33, "rx", { file: 8 })).toBe(0xb7fdf000);
    expect(map(2, "rw")).toBe(0xb7fdd000);
    expect(map(1, "rw")).toBe(0xb7fdc000);
    expect(areas()[2]).toBe("B7FDC000-B7FDF000 rw- B7FDC a");
    expect(map(1, "rw", { hint: 0xb7fde000 })).toBe(0xb7fdb000);
    expect(areas()[2]).toBe("B7FDB000-B7FDF000 rw- B7FDB a");
    expect(unmap(0xb7ff0000, 2)).toBe(0);
    expect(areas()[4]).toBe("B7FF2000-B8000000 r-x 13");
    expect(cache()).toBe(0xb7ff2000);
    expect(map(3, "rw")).toBe(0xb7fd8000);
    expect(areas()[2]).toBe("B7FD8000-B7FDF000 rw- B7FD8 a");
    expect(cache()).toBe(0xb7fd8000);
    expect(map(2, "rw")).toBe(0xb7fd6000);
  });
});

describe("A.7 S5: protecting parts of one area", () => {
  test("splits, shifts of the border and merges", () => {
    pickMmapLayout(k, mm, "legacy");
    const cases = () => (k.events ?? []).flatMap((event) => (event.kind === "vma-merge" ? [event.case] : []));
    const protectCases = (start: number, pages: number, prot: string) => {
      k.events = [];
      expect(protect(start, pages, prot)).toBe(0);
      return [cases(), areas().length];
    };
    map(6, "rw", { fixed: 0x10000000 });
    expect(protectCases(0x10002000, 2, "r")).toEqual([[], 3]);
    expect(protectCases(0x10002000, 2, "rw")).toEqual([[6], 1]);
    expect(protectCases(0x10000000, 2, "r")).toEqual([[], 2]);
    expect(protectCases(0x10001000, 1, "rw")).toEqual([[4], 2]);
    expect(areas()[1]).toBe("10001000-10006000 rw- 10001 a");
    expect(protectCases(0x10002000, 1, "r")).toEqual([[], 4]);
    expect(protectCases(0x10003000, 1, "rx")).toEqual([[], 5]);
    expect(protectCases(0x10000000, 6, "rwx")[1]).toBe(1);
    expect(unmap(0x10000000, 16)).toBe(0);
    expect(areas()).toEqual([]);
    expect(unmap(0x10000000, 16)).toBe(0);
    expect(unmap(0x10000800, 1)).toBe(-EINVAL);
    expect(unmap(0x10000000, 0)).toBe(-EINVAL);
    expect(protect(0x10000000, 1, "r")).toBe(-ENOMEM);
  });
});
