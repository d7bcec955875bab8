import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { ownerOf } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { newObject } from "../objects";
import { pageState } from "../structs";
import { mmStruct } from "../structs-mm";
import { zonesData } from "../zones/structs";
import { entryPfn, pmdOffset } from "./geometry";
import { mmuAccess } from "./mmu-access";
import {
  clearPageRange,
  pgdAlloc,
  pgdFree,
  pmdBad,
  pteAlloc,
  pteAllocKernel,
  pteLookup,
  swapperPgDir,
} from "./pgtable";
import {
  decodePte,
  encodeSwapPte,
  mkPte,
  PAGE_COPY,
  PAGE_KERNEL_LARGE,
  PAGE_NONE,
  PAGE_SHARED,
  pgoffToPte,
  protectionMap,
  pteDirty,
  pteFile,
  pteMkdirty,
  pteMkold,
  pteMkyoung,
  pteModify,
  ptePfn,
  ptePresent,
  pteToPgoff,
  pteToSwpEntry,
  pteWrite,
  pteWrprotect,
  readPte,
  swpEntryToPte,
  writePte,
} from "./pte";

const boot = (pae: boolean, pse = true): Kernel =>
  createKernel({ boot: { kind: "zones", pages: [64, 2000, 64] }, pae, pse, pcp: false });
const newMm = (k: Kernel): number => {
  const mm = newObject(k, "mm_struct");
  k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2] = pgdAlloc(k);
  return mm;
};
const word = (k: Kernel, mm: number, field: keyof typeof mmStruct.offset) =>
  k.memory.u32[(mm + mmStruct.offset[field]) >>> 2]!;

test("swap entries have the encodings of the specification (domain 10.2)", () => {
  expect(encodeSwapPte("twoLevel", 1, 5)).toBe(0x502);
  expect(encodeSwapPte("twoLevel", 3, 0x1234)).toBe(0x123406);
  expect(encodeSwapPte("twoLevel", 31, 0xffffff)).toBe(0xffffff3e);
  expect(encodeSwapPte("twoLevel", 32, 0)).toBeNull();
  expect(encodeSwapPte("twoLevel", 0, 2 ** 24)).toBeNull();
  expect(encodeSwapPte("pae", 3, 0x1234)).toBe((0x1234 * 32 + 3) * 2 ** 32);
  expect(pteToSwpEntry(boot(false), 0x502)).toBe(0x08000005);
  expect(pteToSwpEntry(boot(false), 0x123406)).toBe(0x18001234);
});

test("non-linear file entries have the encodings of the specification (domain A.13)", () => {
  const k = boot(false);
  expect([0, 1, 31, 32, 1000].map((pgoff) => pgoffToPte(k, pgoff))).toEqual([0x40, 0x42, 0x7e, 0x140, 0x1f50]);
});

test.each([false, true])("swap and file entries come back as they went in, through memory too, pae %s", (pae) => {
  const k = boot(pae);
  const ptep = pteAlloc(k, newMm(k), 0x08048000);
  fc.assert(
    fc.property(fc.nat(31), fc.nat(2 ** (pae ? 27 : 24) - 1), (type, offset) => {
      fc.pre(type > 0 || offset > 0);
      const entry = type * 2 ** 27 + offset;
      writePte(k, ptep, swpEntryToPte(k, entry));
      const pte = readPte(k, ptep);
      expect(ptePresent(pte) || pteFile(pte)).toBe(false);
      expect(pteToSwpEntry(k, pte)).toBe(entry);
      writePte(k, ptep, pgoffToPte(k, offset));
      expect(pteFile(readPte(k, ptep)) && !ptePresent(readPte(k, ptep))).toBe(true);
      expect(pteToPgoff(k, readPte(k, ptep))).toBe(offset);
    }),
  );
});

test("an entry says what it is (domain M6)", () => {
  const k = boot(false);
  expect(decodePte(k, 0)).toEqual({ kind: "none" });
  expect(decodePte(k, 0x12345067)).toEqual({ kind: "present", pfn: 0x12345, flags: 0x067 });
  expect(decodePte(k, 0x123450a0)).toEqual({ kind: "protnone", pfn: 0x12345, flags: 0x0a0 });
  expect(decodePte(k, 0x1f50)).toEqual({ kind: "file", pgoff: 1000 });
  expect(decodePte(k, 0xffffff3e)).toEqual({ kind: "swap", type: 31, offset: 0xffffff });
});

test("a machine that booted as a PC has its master from boot memory, and it works for the processor", () => {
  const map = [
    { addr: 0, size: 0x9f000, type: 1 },
    { addr: 0x100000, size: 0x1f00000, type: 1 },
  ];
  const k = createKernel({ boot: { kind: "e820", map, imageEnd: 0x3a0000 } });
  expect(mmuAccess(k, 0xc0100000, 0, 0)).toBe(0x100000);
  expect(mmuAccess(k, 0xc1ffffff, 1, 0)).toBe(0x1ffffff);
  expect(mmuAccess(k, 0xc2000000, 0, 0)).toBeLessThan(0);
});

test("a change of protection keeps the frame, A and D; single bits come and go", () => {
  const k = boot(true);
  const pte = pteMkyoung(pteMkdirty(mkPte(k, 0xfffff1, PAGE_SHARED)));
  expect(ptePfn(k, pteModify(pte, PAGE_COPY))).toBe(0xfffff1);
  expect(pteModify(pte, PAGE_COPY) & 0xfff).toBe(0x065);
  expect(pteWrite(pteWrprotect(pte))).toBe(false);
  expect(pteDirty(pteMkold(pte))).toBe(true);
  expect(ptePresent(pteModify(pte, PAGE_NONE))).toBe(true);
});

test("a private mapping never gets a writable entry, a shared one does (domain 6.2)", () => {
  const table = Array.from({ length: 16 }, (_, flags) => protectionMap(flags));
  expect(table.map((prot) => pteWrite(prot))).toEqual(table.map((_, flags) => flags >= 8 && (flags & 2) !== 0));
  expect(protectionMap(0)).toBe(PAGE_NONE);
  expect(protectionMap(8)).toBe(PAGE_NONE);
});

test.each([
  [false, true],
  [false, false],
  [true, true],
  [true, false],
])("the master maps low memory, the fixmap and the pkmap slots; pae %s, pse %s", (pae, pse) => {
  const k = boot(pae, pse);
  const master = swapperPgDir(k);
  const at = pmdOffset(k, master, 0xc0000000 + (pae ? 0x200000 : 0x400000));
  if (pse) expect(k.memory.u32[at >>> 2]).toBe(((pae ? 0x200000 : 0x400000) | PAGE_KERNEL_LARGE) >>> 0);
  else expect(ptePfn(k, readPte(k, pteLookup(k, master, 0xc0000000 + 1500 * 4096)))).toBe(1500);
  expect(pteLookup(k, master, 0xfffff000)).not.toBe(0);
  expect(pteLookup(k, master, pae ? 0xffc00000 : 0xff800000)).not.toBe(0);
  expect(pteLookup(k, master, 0xf8800000)).toBe(0);
});

test.each([false, true])("an address space has its own user half and the kernel's entries, pae %s", (pae) => {
  const k = boot(pae);
  const mm = newMm(k);
  const pgd = word(k, mm, "pgd");
  expect(k.memory.u32[pmdOffset(k, pgd, 0xc0000000) >>> 2]).toBe(PAGE_KERNEL_LARGE);
  expect(pteLookup(k, pgd, 0x08048000)).toBe(0);
  const ptep = pteAlloc(k, mm, 0x08048000);
  expect(pteLookup(k, pgd, 0x08048000)).toBe(ptep);
  expect(pmdBad(k.memory.u32[pmdOffset(k, pgd, 0x08048000) >>> 2]!)).toBe(false);
  expect(entryPfn(k, pmdOffset(k, pgd, 0x08048000))).toBe(ownerOf(k, ptep));
  expect([word(k, mm, "nr_ptes"), k.memory.u32[(k.pageState + pageState.offset.nr_page_table_pages) >>> 2]]).toEqual([
    1, 1,
  ]);
});

test.each([false, true])("only whole slots give their table back; then nothing is lost, pae %s", (pae) => {
  const k = boot(pae);
  swapperPgDir(k);
  const free = () => k.zones.reduce((sum, zone) => sum + k.memory.u32[zone.zone >>> 2]!, 0);
  const mm = newObject(k, "mm_struct");
  const before = free();
  k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2] = pgdAlloc(k);
  for (const address of [0x08000000, 0x08400000, 0xbfffe000]) pteAlloc(k, mm, address);
  clearPageRange(k, mm, 0x08001000, 0x08800000 - 1);
  expect(word(k, mm, "nr_ptes")).toBe(pae ? 2 : 3);
  clearPageRange(k, mm, 0, 0xc0000000);
  expect(word(k, mm, "nr_ptes")).toBe(0);
  pgdFree(k, word(k, mm, "pgd"));
  expect(free()).toBe(before);
});

test("kernel tables belong to the master: an older address space does not see a new one", () => {
  const k = boot(false);
  const mm = newMm(k);
  const ptep = pteAllocKernel(k, 0xf8800000);
  expect(pteLookup(k, swapperPgDir(k), 0xf8800000)).toBe(ptep);
  expect(pteLookup(k, word(k, mm, "pgd"), 0xf8800000)).toBe(0);
  expect(pteLookup(k, pgdAlloc(k), 0xf8800000)).toBe(ptep);
});

test.each([1, 2, 3, 4])(
  "when page %i of a PAE address space is not to be had, nothing is made and nothing lost",
  (nth) => {
    const k = boot(true);
    swapperPgDir(k);
    const free = () => k.zones.reduce((sum, zone) => sum + k.memory.u32[zone.zone >>> 2]!, 0);
    const before = free();
    k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset.fail_countdown) >>> 2] = nth;
    expect(pgdAlloc(k)).toBe(0);
    expect(free()).toBe(before);
  },
);
