import fc from "fast-check";
import { expect, test } from "vitest";
import { foldedFormats, foldedWalk } from "./folded-walk";
import { CR0_WP, FETCH, newWalk, type PhysMemory, READ, type Walk, WRITE, walk } from "./walk";
import { canonical, splitAddress, type WalkFormat, walkFormats } from "./walk-formats";

class Words extends Map<number, number> implements PhysMemory {
  read32(paddr: number): number {
    return this.get(paddr) ?? 0;
  }
  write32(paddr: number, value: number): void {
    this.set(paddr, value);
  }
}
const go = (format: WalkFormat, memory: PhysMemory, va: number, access: 0 | 1 | 2, cpl = 3, wp = true): Walk => {
  const out = newWalk();
  walk(format, memory, 0x1000, va, access, cpl, wp ? CR0_WP : 0, out);
  return out;
};
/** Directory at 0x1000, table at 0x2000. */
const twoLevel = (pde: number, pte: number) =>
  new Words([
    [0x1000 + 32 * 4, 0x2000 | pde],
    [0x2000 + 72 * 4, 0x5000 | pte],
  ]);

test("addresses split as in domain A.13", () => {
  expect(splitAddress(0x08048123, "2")).toEqual({ levels: [32, 72], offset: 0x123 });
  expect(splitAddress(0x08048123, "pae")).toEqual({ levels: [0, 64, 72], offset: 0x123 });
  expect(splitAddress(0xbffff000, "2")?.levels).toEqual([767, 1023]);
  expect(splitAddress(0xbffff000, "pae")?.levels).toEqual([2, 511, 511]);
  expect(splitAddress(0xc0000000, "2")?.levels).toEqual([768, 0]);
  expect(splitAddress(0xc0100000, "2")?.levels).toEqual([768, 256]);
  expect(splitAddress(0xff800000, "pae")?.levels).toEqual([3, 508, 0]);
  expect(splitAddress(0xff800000, "2")?.levels).toEqual([1022, 0]);
  expect(splitAddress(0xfffff000, "2")?.levels).toEqual([1023, 1023]);
  expect(splitAddress(0x7f1234567abcn, "4")).toEqual({ levels: [254, 72, 418, 359], offset: 0xabc });
  expect(splitAddress(0x800000000000n, "4")).toBeNull();
});

test("canonical: bits 63 to 47 agree", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (address) => {
      const top = address >> 47n;
      expect(canonical(address)).toBe(top === 0n || top === 2n ** 17n - 1n ? Number(address & (2n ** 48n - 1n)) : null);
    }),
  );
  expect(canonical(0xffff800000000000n)).toBe(0x800000000000);
});

test("a read sets A at both levels and no D; a write sets D in the last entry only", () => {
  const memory = twoLevel(7, 7);
  const read = go(walkFormats.pse, memory, 0x08048123, READ);
  expect([read.error, read.paddr, read.depth]).toEqual([-1, 0x5123, 2]);
  expect([memory.read32(0x1080), memory.read32(0x2120)]).toEqual([0x2027, 0x5027]);
  go(walkFormats.pse, memory, 0x08048123, WRITE);
  expect([memory.read32(0x1080), memory.read32(0x2120)]).toEqual([0x2027, 0x5067]);
});

test.each([
  ["the directory alone forbids users", 3, 7, READ, 3, true, 5],
  ["the directory alone forbids writing", 5, 7, WRITE, 3, true, 7],
  ["the kernel may not write where RW is clear while WP is set", 7, 5, WRITE, 0, true, 3],
  ["without WP it may", 7, 5, WRITE, 0, false, -1],
  ["an absent page is no protection fault", 7, 6, WRITE, 3, true, 6],
  ["fetching is reading where there is no NX", 7, 7, FETCH, 3, true, -1],
] as const)("%s", (_, pde, pte, access, cpl, wp, error) => {
  expect(go(walkFormats.pse, twoLevel(pde, pte), 0x08048123, access, cpl, wp).error).toBe(error);
});

test("a large page needs one entry; a failed walk writes nothing", () => {
  const memory = new Words([[0x1000 + 768 * 4, 0x004001e3 & ~0x60]]);
  expect(go(walkFormats.pse, memory, 0xc0123456, READ, 3).error).toBe(5);
  expect(memory.read32(0x1c00)).toBe(0x00400183);
  const found = go(walkFormats.pse, memory, 0xc0123456, WRITE, 0);
  expect([found.paddr, found.depth, found.pageShift, found.global]).toEqual([0x00523456, 1, 22, true]);
  expect(memory.read32(0x1c00)).toBe(0x004001e3);
});

test("rights are what all levels grant together (oracle: AND over the levels)", () => {
  const flags = fc.record({ p: fc.boolean(), rw: fc.boolean(), us: fc.boolean(), nx: fc.boolean() });
  const word = (f: { p: boolean; rw: boolean; us: boolean }) => (f.p ? 1 : 0) + (f.rw ? 2 : 0) + (f.us ? 4 : 0);
  fc.assert(
    fc.property(
      fc.array(flags, { minLength: 4, maxLength: 4 }),
      fc.constantFrom(READ, WRITE, FETCH),
      fc.constantFrom(0, 3),
      fc.boolean(),
      (levels, access, cpl, wp) => {
        const memory = new Words();
        for (const [depth, level] of levels.entries()) {
          memory.set(0x1000 * (depth + 1), 0x1000 * (depth + 2) + word(level));
          memory.set(0x1000 * (depth + 1) + 4, level.nx ? 0x80000000 : 0);
        }
        const who = (cpl === 3 ? 4 : 0) + (access === WRITE ? 2 : 0) + (access === FETCH ? 16 : 0);
        const refused =
          (cpl === 3 && !levels.every(({ us }) => us)) ||
          (access === WRITE && (cpl === 3 || wp) && !levels.every(({ rw }) => rw)) ||
          (access === FETCH && levels.some(({ nx }) => nx));
        const expected = !levels.every(({ p }) => p) ? who : refused ? who + 1 : -1;
        expect(go(walkFormats.long, memory, 0, access, cpl, wp).error).toBe(expected);
      },
    ),
  );
});

test("on two levels and on PAE the first level that can be none is the pmd", () => {
  const none = new Words();
  expect(foldedWalk(foldedFormats["2"], none, 0x1000, 0x08048000)).toEqual({
    present: false,
    level: "pmd",
    entry: 0x1000 + 32 * 4,
  });
  const pae = new Words([[0x1000, 0x3001]]);
  expect(foldedWalk(foldedFormats.pae, pae, 0x1000, 0x08048000)).toEqual({
    present: false,
    level: "pmd",
    entry: 0x3000 + 64 * 8,
  });
  expect(foldedWalk(foldedFormats["4"], none, 0x1000, 0x08048000).level).toBe("pgd");
  expect(foldedWalk(foldedFormats["2"], twoLevel(7, 7), 0x1000, 0x08048000)).toEqual({
    present: true,
    level: "pte",
    entry: 0x2120,
  });
  const large = new Words([[0x1c00, 0x1e3]]);
  expect(foldedWalk(foldedFormats["2"], large, 0x1000, 0xc0000000)).toEqual({
    present: true,
    level: "pmd",
    entry: 0x1c00,
  });
});
