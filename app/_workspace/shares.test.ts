import fc from "fast-check";
import { expect, test } from "vitest";
import { shares } from "./shares";

test("the shares add up to all points and none is a whole point away from its exact size", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), weights, (points, list) => {
      const parts = shares(points, list);
      const all = list.reduce((sum, weight) => sum + weight, 0);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(points);
      for (const [i, part] of parts.entries())
        expect(Math.abs(part - (points * list[i]!) / all)).toBeLessThanOrEqual(1);
    }),
  );
});
