import { describe, expect, it } from "vitest";
import { BadData, type Json } from "./data-set";
import { vmaAccount, vmaSimple } from "./vma";

const traceOf = (...ops: Json[]): Json => ({ traces: [{ mode: 1, seed: 1, ops }] });
const differences = (data: Json, adapter = vmaSimple) => [...adapter(data)].map(({ difference }) => difference);

describe("linux_vma", () => {
  it("passes what Linux 6.18 does: merging, splitting, a hole in the middle, none at the start", () => {
    const data = traceOf(
      ["mmap", 10, 4, "r--", 0, [[10, 14, "r--p"]]],
      ["mmap", 14, 2, "r--", 0, [[10, 16, "r--p"]]],
      [
        "munmap",
        12,
        1,
        null,
        0,
        [
          [10, 12, "r--p"],
          [13, 16, "r--p"],
        ],
      ],
      [
        "mprotect",
        11,
        3,
        "rw-",
        12,
        [
          [10, 11, "r--p"],
          [11, 12, "rw-p"],
          [13, 16, "r--p"],
        ],
      ],
      [
        "mprotect",
        12,
        3,
        "---",
        12,
        [
          [10, 11, "r--p"],
          [11, 12, "rw-p"],
          [13, 16, "r--p"],
        ],
      ],
    );
    expect(differences(data)).toEqual([null]);
  });

  it("takes the charge back when memory that never had a page becomes read-only", () => {
    const data = traceOf(
      ["mmap", 0, 2, "rw-", 0, [[0, 2, "rw-p", "rd wr mr mw me ac "]]],
      ["mprotect", 0, 2, "r--", 0, [[0, 2, "r--p", "rd mr mw me "]]],
      ["mmap", 2, 1, "r--", 0, [[0, 3, "r--p", "rd mr mw me "]]],
    );
    expect(differences(data, vmaAccount)).toEqual([null]);
  });

  it("names the call and the areas that differ", () => {
    const data = traceOf(["mmap", 10, 4, "r--", 0, [[10, 13, "r--p"]]]);
    expect(differences(data)).toEqual([
      { at: "op 0 mmap(10, 4) areas", expected: [[10, 13, "r--p"]], actual: [[10, 14, "r--p"]] },
    ]);
    expect(differences(traceOf(["munmap", 10, 4, null, 22, []]))).toEqual([
      { at: "op 0 munmap(10, 4) errno", expected: 22, actual: 0 },
    ]);
  });

  it("refuses data of another shape", () => {
    for (const data of [
      null,
      { traces: 1 },
      { traces: [{ ops: [["brk", 1, 1, null, 0, []]] }] },
      traceOf(["mmap", 60, 8, "r--", 0, []]),
      traceOf(["mmap", 1, 0, "r--", 0, []]),
      traceOf(["mmap", 1, 1, "read", 0, []]),
      traceOf(["mmap", 1, 1, "r--", 0]),
      traceOf(["mmap", 1, 1, "r--", 0, [[1]]]),
    ] as Json[])
      expect(() => [...vmaSimple(data)]).toThrow(BadData);
  });
});
