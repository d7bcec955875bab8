import { expect, it } from "vitest";
import { fieldsOf, isWithin, zoneSizes } from "./read-config";
import { scenarios } from "./registry";

it("takes sizes of three zones as far as they fit", () => {
  expect(zoneSizes([4096, 16, 0], 5000)).toEqual([4096, 16, 0]);
  for (const wrong of [[4097, 0, 0], [0, 5001, 0], [0, 3000, 3000], [0, -1, 0], [0, 1.5, 0], [1, 2], "123", null])
    expect(zoneSizes(wrong, 5000)).toBeNull();
});

it("knows integers of a range", () => {
  expect([3, 4, 5, 6].map((value) => isWithin(value, 4, 5))).toEqual([false, true, true, false]);
  for (const wrong of ["4", Number.NaN, null, 4.5, [4], 4n]) expect(isWithin(wrong, 4, 5)).toBe(false);
});

it("finds no fields in what is no object", () => {
  for (const wrong of [null, undefined, 7, true, []]) expect(fieldsOf<{ pages: number }>(wrong).pages).toBeUndefined();
});

it("is survived by every scene, whatever a link holds", () => {
  const values = [null, -1, 0, 1.5, 1e9, "x", [], {}, [1, 2, 3], [null, {}, "x"]];
  for (const scenario of Object.values(scenarios)) {
    for (const value of values) {
      const { config } = scenario.presets[0]!;
      expect(() => scenario.readConfig(value), scenario.name).not.toThrow();
      for (const field of Object.keys(config as object))
        expect(() => scenario.readConfig({ ...(config as object), [field]: value }), scenario.name).not.toThrow();
    }
  }
});
