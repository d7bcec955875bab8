// Worked examples: domain.md 12 and exercise T1.
import fc from "fast-check";
import { expect, test } from "vitest";
import { SHMEM_MAX_INDEX, shmemIndexPath } from "./index-path";

test.each([
  [0, { direct: 0 }],
  [15, { direct: 15 }],
  [16, { l2: [0, 0] }],
  [16 + 1023, { l2: [0, 1023] }],
  [16 + 1024, { l2: [1, 0] }],
  [524303, { l2: [511, 1023] }],
  [524304, { l3: [512, 0, 0] }],
  [524304 + 1024, { l3: [512, 1, 0] }],
  [524304 + 1024 * 1024, { l3: [513, 0, 0] }],
  [SHMEM_MAX_INDEX - 1, { l3: [1023, 1023, 1023] }],
])("page %i", (index, path) => expect(shmemIndexPath(index)).toEqual(path));

test("no file has pages below 0, from the maximum on, or between two", () => {
  expect([-1, SHMEM_MAX_INDEX, 1.5].map(shmemIndexPath)).toEqual([null, null, null]);
});

test("different pages have different places, in order", () => {
  const rank = (index: number) => {
    const path = shmemIndexPath(index)!;
    if ("direct" in path) return path.direct;
    if ("l2" in path) return 16 + path.l2[0] * 1024 + path.l2[1];
    return 16 + 512 * 1024 + (path.l3[0] - 512) * 1024 ** 2 + path.l3[1] * 1024 + path.l3[2];
  };
  fc.assert(
    fc.property(fc.nat(SHMEM_MAX_INDEX - 1), (index) => {
      expect(rank(index)).toBe(index);
    }),
    { seed: 2 },
  );
});
