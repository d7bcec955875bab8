import fc from "fast-check";
import { expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { committedPages } from "../oom/overcommit";
import { checkMm } from "./check-mm";
import { findVma, findVmaPrev } from "./find-vma";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, TASK_SIZE, TASK_UNMAPPED_BASE } from "./flags";
import { pickMmapLayout } from "./layout";
import { mmAlloc } from "./mm";
import { doMmap } from "./mmap";
import { mprotect } from "./mprotect";
import { doMunmap } from "./munmap";
import { PageOracle } from "./page-oracle";
import { getMm, getVma, setMm } from "./vma";
import { walkVmas } from "./walk-vmas";

const PAGE = 4096;
const WINDOW = 0x20000000;

function space(): { k: Kernel; mm: Addr } {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] } });
  const mm = mmAlloc(k);
  pickMmapLayout(k, mm);
  return { k, mm };
}

function areasInPages(k: Kernel, mm: Addr) {
  const w = k.memory.u32;
  return walkVmas(k, mm).map((vma) => ({
    start: (getVma(w, vma, "vm_start") - WINDOW) / PAGE,
    end: (getVma(w, vma, "vm_end") - WINDOW) / PAGE,
    flags: getVma(w, vma, "vm_flags"),
    file: getVma(w, vma, "vm_file"),
    pgoff: getVma(w, vma, "vm_pgoff"),
  }));
}

const SIZE = 24;
const range = fc
  .tuple(fc.nat(SIZE - 1), fc.integer({ min: 1, max: 10 }))
  .map(([start, count]) => [start, Math.min(count, SIZE - start)] as const);
const prot = fc.constantFrom(0, 1, 3, 5, 7);
const op = fc.oneof(
  fc.record({ call: fc.constant("mmap" as const), range, prot, file: fc.constantFrom(0, 0, 1, 2), pgoff: fc.nat(6) }),
  fc.record({ call: fc.constant("munmap" as const), range }),
  fc.record({ call: fc.constant("mprotect" as const), range, prot }),
);

test("after any calls the areas are the maximal runs of equal pages, and every charge is held by a page", () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
      const { k, mm } = space();
      const oracle = new PageOracle(SIZE);
      const files = [0, 8, 8].map((pages) => (pages === 0 ? 0 : openFile(k, createFile(k, { pages }))));
      for (const each of ops) {
        const [start, count] = each.range;
        const addr = WINDOW + start * PAGE;
        const len = count * PAGE;
        if (each.call === "mmap") {
          const file = files[each.file]!;
          const flags = MAP_PRIVATE | MAP_FIXED | (file === 0 ? MAP_ANONYMOUS : 0);
          expect(doMmap(k, mm, { addr, len, prot: each.prot, flags, file, pgoff: each.pgoff })).toBe(addr);
          oracle.map(start, count, each.prot, file, each.pgoff);
        } else if (each.call === "munmap") {
          expect(doMunmap(k, mm, addr, len)).toBe(0);
          oracle.unmap(start, count);
        } else {
          const expected = oracle.protect(start, count, each.prot);
          expect(mprotect(k, mm, addr, len, each.prot)).toBe(expected);
        }
        const expected = oracle.areas().map((area) => ({
          ...area,
          pgoff: area.file === 0 ? WINDOW / PAGE + area.pgoff : area.pgoff,
        }));
        expect(areasInPages(k, mm)).toEqual(expected);
        expect(checkMm(k, mm)).toEqual([]);
        expect(committedPages(k)).toBe(oracle.charged());
      }
    }),
    { numRuns: 150, seed: 11 },
  );
});

test("find_vma and find_vma_prev agree with a walk of the list, wherever the cache points, and the tree stays sound with many areas", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(400), { maxLength: 200 }),
      fc.array(fc.nat(400), { maxLength: 120 }),
      (made, gone) => {
        const { k, mm } = space();
        const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
        // Two pages apart, so that nothing merges.
        for (const at of made)
          doMmap(k, mm, { addr: WINDOW + at * 2 * PAGE, len: PAGE, prot: 1, flags, file: 0, pgoff: 0 });
        for (const at of gone) doMunmap(k, mm, WINDOW + at * 2 * PAGE, PAGE);
        expect(checkMm(k, mm)).toEqual([]);
        const left = made.filter((at) => !gone.includes(at)).sort((a, b) => a - b);
        const starts = left.map((at) => WINDOW + at * 2 * PAGE);
        for (const address of [0, ...starts.flatMap((start) => [start - 1, start, start + PAGE - 1, start + PAGE])]) {
          const expected = starts.findIndex((start) => start + PAGE > address);
          const vma = findVma(k, mm, address);
          const [same, prev] = findVmaPrev(k, mm, address);
          const startOf = (each: Addr) => (each === 0 ? undefined : getVma(k.memory.u32, each, "vm_start"));
          expect(startOf(vma)).toBe(expected < 0 ? undefined : starts[expected]);
          expect(same).toBe(vma);
          expect(startOf(prev)).toBe(expected < 0 ? starts.at(-1) : starts[expected - 1]);
        }
      },
    ),
    { numRuns: 40, seed: 12 },
  );
});

/** The search of domain 7.5 on plain arrays of [start, end). */
class SearchModel {
  areas: (readonly [number, number])[] = [];
  cache: number;
  constructor(readonly base: number) {
    this.cache = base;
  }
  private above(address: number): number {
    return this.areas.findIndex(([, end]) => end > address);
  }
  private fits(address: number, length: number): boolean {
    const next = this.areas[this.above(address)];
    return address <= TASK_SIZE - length && (next === undefined || address + length <= next[0]);
  }
  bottomUp(hint: number, length: number): number {
    const wanted = Math.ceil(hint / PAGE) * PAGE;
    if (hint !== 0 && this.fits(wanted, length)) return wanted;
    for (const from of this.cache === TASK_UNMAPPED_BASE ? [this.cache] : [this.cache, TASK_UNMAPPED_BASE]) {
      const candidates = [from, ...this.areas.filter(([, end]) => end > from).map(([, end]) => end)];
      const found = candidates.find((address) => this.fits(address, length) && this.clear(address, length));
      if (found === undefined) continue;
      this.cache = found + length;
      return found;
    }
    return -12;
  }
  private clear(address: number, length: number): boolean {
    return this.areas.every(([start, end]) => end <= address || start >= address + length);
  }
  topDown(hint: number, length: number): number {
    this.cache = Math.min(this.cache, this.base);
    const wanted = Math.ceil(hint / PAGE) * PAGE;
    if (hint !== 0 && this.fits(wanted, length)) return wanted;
    for (const attempt of [1, 2]) {
      if (attempt === 2) this.cache = this.base;
      if (this.cache < length) continue;
      let address = this.cache - length;
      for (;;) {
        const index = this.above(address);
        const area = this.areas[index];
        if (area === undefined) return address;
        const before = this.areas[index - 1];
        if (address + length <= area[0] && (before === undefined || address >= before[1])) {
          this.cache = address;
          return address;
        }
        if (this.cache === area[1]) this.cache = area[0];
        if (length > area[0]) break;
        address = area[0] - length;
      }
    }
    this.cache = TASK_UNMAPPED_BASE;
    const address = this.bottomUp(hint, length);
    this.cache = this.base;
    return address;
  }
  add(start: number, length: number): void {
    this.remove(start, length, () => {});
    this.areas = [...this.areas, [start, start + length] as const].sort(([a], [b]) => a - b);
    // Neighbours become one area.
    const merged: [number, number][] = [];
    for (const [from, to] of this.areas) {
      const last = merged.at(-1);
      if (last?.[1] === from) last[1] = to;
      else merged.push([from, to]);
    }
    this.areas = merged;
  }
  remove(start: number, length: number, freed: (piece: readonly [number, number]) => void): void {
    const end = start + length;
    const left: (readonly [number, number])[] = [];
    for (const [from, to] of this.areas) {
      if (to <= start || from >= end) {
        left.push([from, to]);
        continue;
      }
      if (from < start) left.push([from, start]);
      if (to > end) left.push([end, to]);
      freed([Math.max(from, start), Math.min(to, end)]);
    }
    this.areas = left;
  }
}

const MiB = 2 ** 20;
const searchOp = fc.oneof(
  { weight: 5, arbitrary: fc.record({ call: fc.constant("map" as const), mib: fc.integer({ min: 1, max: 900 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      call: fc.constant("hint" as const),
      mib: fc.integer({ min: 1, max: 300 }),
      hint: fc.integer({ min: 1, max: 0xbfffffff }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      call: fc.constant("unmap" as const),
      which: fc.nat(9),
      skip: fc.nat(3),
      mib: fc.integer({ min: 1, max: 400 }),
    }),
  },
);

for (const layout of ["default", "legacy"] as const) {
  test(`the ${layout} search finds what the prose says, with the same cache, also when space runs out`, () => {
    fc.assert(
      fc.property(fc.array(searchOp, { maxLength: 30 }), (ops) => {
        const { k, mm } = space();
        pickMmapLayout(k, mm, layout);
        const base = getMm(k.memory.u32, mm, "mmap_base");
        const model = new SearchModel(base);
        // Something of a program below and a stack above, as every process has.
        for (const [addr, len] of [
          [0x08048000, 4 * MiB],
          [0xbffeb000, 21 * PAGE],
        ] as const) {
          doMmap(k, mm, { addr, len, prot: 1, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, file: 0, pgoff: 0 });
          model.add(addr, len);
        }
        setMm(k.memory.u32, mm, "free_area_cache", base);
        for (const each of ops) {
          if (each.call === "unmap" && model.areas.length === 0) continue;
          if (each.call === "unmap") {
            const area = model.areas[each.which % model.areas.length]!;
            const start = Math.min(area[0] + each.skip * MiB, TASK_SIZE - PAGE);
            const len = Math.min(each.mib * MiB, TASK_SIZE - start);
            expect(doMunmap(k, mm, start, len)).toBe(0);
            model.remove(start, len, ([from, to]) => {
              if (layout === "default") model.cache = Math.max(model.cache, to);
              else if (from >= TASK_UNMAPPED_BASE) model.cache = Math.min(model.cache, from);
            });
          } else {
            const hint = each.call === "hint" ? each.hint : 0;
            const len = each.mib * MiB;
            const expected = layout === "default" ? model.topDown(hint, len) : model.bottomUp(hint, len);
            expect(
              doMmap(k, mm, { addr: hint, len, prot: 1, flags: MAP_PRIVATE | MAP_ANONYMOUS, file: 0, pgoff: 0 }),
            ).toBe(expected);
            if (expected >= 0) model.add(expected, len);
          }
          expect(getMm(k.memory.u32, mm, "free_area_cache")).toBe(model.cache);
        }
        expect(checkMm(k, mm)).toEqual([]);
      }),
      { numRuns: 200, seed: 13 },
    );
  });
}
