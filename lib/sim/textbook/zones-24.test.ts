import { expect, test } from "vitest";
import { gfp24, watermarks24 } from "./zones-24";

test.each([
  [4096, { min: 32, low: 64, high: 96 }],
  [225280, { min: 255, low: 510, high: 765 }],
  [100, { min: 20, low: 40, high: 60 }],
])("2.4 keeps 1/128 of a zone of %i pages, 20 to 255 (Gorman 2.2.1)", (pages, marks) => {
  expect(watermarks24(pages)).toEqual(marks);
});

test("2.4 lets ordinary kernel requests take from the reserve, user requests not (Gorman table 6.5)", () => {
  expect(gfp24.GFP_KERNEL & gfp24.GFP_ATOMIC).not.toBe(0);
  expect(gfp24.GFP_USER & gfp24.GFP_ATOMIC).toBe(0);
});
