import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listAdd, listAddTail, listDel, listEmpty, listInit } from "./list";

const HEAD = 64;
const entryAt = (index: number) => 128 + index * 8;

function walk(w: Uint32Array, step: 0 | 1): number[] {
  const entries: number[] = [];
  for (let entry = w[(HEAD >>> 2) + step]!; entry !== HEAD; entry = w[(entry >>> 2) + step]!) entries.push(entry);
  return entries;
}

describe("lists in memory", () => {
  it("behave like an array under any sequence of add, add_tail and del, forwards and backwards", () => {
    const steps = fc.array(fc.record({ entry: fc.nat(7), tail: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (sequence) => {
        const w = new Uint32Array(64);
        const model: number[] = [];
        listInit(w, HEAD);
        for (const { entry, tail } of sequence) {
          const address = entryAt(entry);
          const at = model.indexOf(address);
          if (at >= 0) {
            listDel(w, address);
            model.splice(at, 1);
          } else if (tail) {
            listAddTail(w, address, HEAD);
            model.push(address);
          } else {
            listAdd(w, address, HEAD);
            model.unshift(address);
          }
          expect(walk(w, 0)).toEqual(model);
          expect(walk(w, 1)).toEqual(model.toReversed());
          expect(listEmpty(w, HEAD)).toBe(model.length === 0);
        }
      }),
    );
  });

  it("leave NULL links in an entry that was taken off", () => {
    const w = new Uint32Array(64);
    listInit(w, HEAD);
    listAdd(w, entryAt(0), HEAD);
    listDel(w, entryAt(0));
    expect([...w.slice(entryAt(0) >>> 2, (entryAt(0) >>> 2) + 2)]).toEqual([0, 0]);
  });
});
