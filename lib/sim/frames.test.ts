import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKernel } from "./create-kernel";
import {
  addressToPage,
  copyFrame,
  dropContents,
  frameAt,
  machineAddress,
  newRun,
  peekFrame,
  pfnToPage,
  readPhys,
  releaseRun,
  virtOf,
  writePhys,
} from "./frames";
import type { Kernel } from "./kernel";
import { checkZones } from "./zones/check-zones";

const boot = (contents = 64) => createKernel({ boot: { kind: "zones", pages: [128, 0, 0] }, slab: "off", contents });
const word = (k: Kernel, at: number) => k.memory.u32[at >>> 2]!;

describe("contents of frames", () => {
  it("of a block lie one behind the other, and keep what single frames of it held", () => {
    const k = boot();
    writePhys(k, 5 * 4096 + 8, 55);
    writePhys(k, 4 * 4096 + 4, 44);
    const at = frameAt(k, 4, 1);
    expect(peekFrame(k, 5)).toBe(at + 4096);
    expect([word(k, at + 4), word(k, at + 4096 + 8)]).toEqual([44, 55]);
    expect(virtOf(k, at + 4096)).toBe(0xc0005000);
    expect(machineAddress(k, 0xc0005008)).toBe(at + 4096 + 8);
    expect(addressToPage(k, at + 5000)).toBe(pfnToPage(k, 5));
  });

  it("are zeros when they are made again", () => {
    const k = boot();
    writePhys(k, 3 * 4096, 9);
    dropContents(k, 3, 0);
    expect(readPhys(k, 3 * 4096)).toBe(0);
    frameAt(k, 9);
    expect(readPhys(k, 9 * 4096)).toBe(0);
  });

  it("are used again, also in longer runs, when all have been used", () => {
    const k = boot(64);
    for (let round = 0; round < 100; round++) {
      for (let pfn = 0; pfn < 64; pfn += 8) frameAt(k, pfn, 3);
      for (let pfn = 0; pfn < 64; pfn += 8) dropContents(k, pfn, 3);
      for (let pfn = 0; pfn < 64; pfn++) frameAt(k, pfn);
      for (let pfn = 63; pfn >= 0; pfn--) dropContents(k, pfn, 0);
    }
    expect(checkZones(k)).toEqual([]);
    for (let pfn = 0; pfn < 64; pfn++) frameAt(k, pfn);
    expect(() => frameAt(k, 64)).toThrow("boot the machine with more `contents`");
  });

  it("may belong to no frame, as blocks of a disk do", () => {
    const k = boot(1);
    const own = newRun(k);
    expect(() => frameAt(k, 1)).toThrow("boot the machine with more `contents`");
    releaseRun(k, own);
    expect(frameAt(k, 1)).toBe(own);
    expect(checkZones(k)).toEqual([]);
  });

  it("end with an error where somebody wrote into the list of free runs", () => {
    for (const link of [(at: number) => at, () => 0xffffffff, () => 12]) {
      const k = boot(4);
      for (let pfn = 0; pfn < 4; pfn++) frameAt(k, pfn);
      const at = frameAt(k, 0);
      dropContents(k, 0, 0);
      k.memory.u32[at >>> 2] = link(at);
      expect(() => frameAt(k, 8, 1)).toThrow("somebody wrote into it");
    }
  });

  it("agree with a plain array of words through any sequence of operations", () => {
    const operation = fc.record({ kind: fc.nat(3), pfn: fc.nat(15), order: fc.nat(2), value: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const k = boot(24);
        const model = new Array<number>(16).fill(0);
        for (const { kind, pfn, order, value } of operations) {
          const start = pfn & ~((1 << order) - 1);
          if (kind === 0) {
            writePhys(k, pfn * 4096 + 64, value);
            model[pfn] = value;
          } else if (kind === 1) frameAt(k, start, order);
          else if (kind === 2) {
            dropContents(k, start, order);
            model.fill(0, start, start + (1 << order));
          } else {
            copyFrame(k, pfn, pfn ^ 1);
            model[pfn ^ 1] = model[pfn]!;
          }
        }
        expect(model.map((_, pfn) => readPhys(k, pfn * 4096 + 64))).toEqual(model);
        expect(checkZones(k)).toEqual([]);
      }),
    );
  });
});
