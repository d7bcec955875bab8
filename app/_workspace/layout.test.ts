import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLayout, keyOnSplitter, parseLayout, presets, resize } from "./layout";

test("a cookie that is absent, broken or out of bounds gives the balanced layout", () => {
  for (const cookie of [undefined, "", "x-y", "1-99", "28"]) expect(parseLayout(cookie)).toEqual(presets.balanced);
});

test("every preset survives the cookie", () => {
  for (const preset of Object.values(presets)) expect(parseLayout(formatLayout(preset))).toEqual(preset);
});

test("whatever keys are pressed, the editor keeps a fifth of the width and the cookie can be read back", () => {
  const key = fc.constantFrom("ArrowLeft", "ArrowRight", "Home", "End", "Enter");
  const column = fc.constantFrom("read" as const, "result" as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(column, key)), (presses) => {
      let layout = parseLayout(undefined);
      for (const [which, pressed] of presses) layout = keyOnSplitter(layout, which, pressed) ?? layout;
      expect(layout.read + layout.result).toBeLessThanOrEqual(80);
      expect(parseLayout(formatLayout(layout))).toEqual(layout);
    }),
  );
});

test("Enter folds a column away and brings it back", () => {
  const folded = keyOnSplitter(presets.balanced, "read", "Enter");
  expect(folded).toEqual({ read: 0, result: 32 });
  expect(keyOnSplitter(folded!, "read", "Enter")).toEqual(presets.balanced);
});

test("keys that a splitter does not own are left to the browser", () => {
  for (const key of ["Tab", "a", "Escape", "F6", " "]) expect(keyOnSplitter(presets.balanced, "read", key)).toBeNull();
});

test("dragging stops at the bounds", () => {
  expect(resize(presets.balanced, "read", 3).read).toBe(15);
  expect(resize(presets.balanced, "result", 99).result).toBe(52);
});
