import { expect, test } from "vitest";
import { swapTendency } from "./swap-tendency";

/** Smallest mapped ratio that lets mapped pages be taken; null for none. */
function threshold(swappiness: number, prevPriority: number): number | null {
  for (let percent = 0; percent <= 100; percent++)
    if (swapTendency(percent, 100, prevPriority, swappiness).reclaimMapped) return percent;
  return null;
}

// domain.md appendix A.9; columns: prev_priority 12..7, 6, 5, 4, 3, 2, 1, 0
const table: readonly (readonly [swappiness: number, thresholds: readonly (number | null)[]])[] = [
  [0, [null, null, null, null, null, null, 100, 0]],
  [20, [null, null, null, null, null, null, 60, 0]],
  [60, [80, 78, 74, 68, 56, 30, 0, 0]],
  [80, [40, 38, 34, 28, 16, 0, 0, 0]],
  [100, [0, 0, 0, 0, 0, 0, 0, 0]],
];

test.each(table)(
  "with swappiness %i mapped pages are taken from the mapped ratios of table A.9 on",
  (swappiness, row) => {
    for (const calm of [12, 11, 10, 9, 8, 7]) expect(threshold(swappiness, calm)).toBe(row[0]);
    expect([6, 5, 4, 3, 2, 1, 0].map((priority) => threshold(swappiness, priority))).toEqual(row.slice(1));
  },
);

test("percentages truncate before and after they are halved", () => {
  expect(swapTendency(799, 1000, 12, 60)).toEqual({ distress: 0, mappedRatio: 79, tendency: 99, reclaimMapped: false });
  expect(swapTendency(800, 1000, 12, 60)).toEqual({ distress: 0, mappedRatio: 80, tendency: 100, reclaimMapped: true });
  expect(swapTendency(819, 1000, 12, 60).tendency).toBe(100);
});
