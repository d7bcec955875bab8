import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numbersIn } from "./numbers";

describe("numbers as a reader types them", () => {
  it("reads any list back, whatever separates its numbers", () => {
    const separators = fc.constantFrom(" ", ", ", ",", "；", "，", "、", "  ");
    const numbers = fc.array(fc.integer({ min: -1000, max: 999_999_999 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, separators, (list, separator) => {
        expect(numbersIn(list.join(separator))).toEqual(list);
      }),
    );
  });

  it("reads the full-width digits of a Chinese input method", () => {
    expect(numbersIn("１６３８４，５１２")).toEqual([16384, 512]);
  });

  it("refuses what is not a whole number", () => {
    for (const text of ["two", "1.5", "1e3", "0x10", "1 or 2", "12345678901"]) expect(numbersIn(text)).toBeNull();
  });
});
