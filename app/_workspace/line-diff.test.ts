import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines, hunksOf } from "./line-diff";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));

test("either version can be read back from the difference", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      expect(
        lines
          .filter((l) => l.kind !== "added")
          .map((l) => l.text)
          .join("\n"),
      ).toBe(before);
      expect(
        lines
          .filter((l) => l.kind !== "removed")
          .map((l) => l.text)
          .join("\n"),
      ).toBe(after);
    }),
  );
});

test("line numbers count up on both sides", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const numbers = (side: "before" | "after") => lines.map((l) => l[side]).filter((n) => n !== null);
      expect(numbers("before")).toEqual(before.split("\n").map((_, i) => i + 1));
      expect(numbers("after")).toEqual(after.split("\n").map((_, i) => i + 1));
    }),
  );
});

test("a changed line is one removal followed by one addition, the rest stays", () => {
  expect(diffLines("x\ny\nz", "x\nY\nz").map((l) => l.kind)).toEqual(["same", "removed", "added", "same"]);
});

test("the hunks hold every change exactly once, in order, and at most the asked context", () => {
  fc.assert(
    fc.property(text, text, fc.nat(3), (before, after, context) => {
      const lines = diffLines(before, after);
      const shown = hunksOf(lines, context).flatMap((hunk) => hunk.lines);
      expect(shown.filter((l) => l.kind !== "same")).toEqual(lines.filter((l) => l.kind !== "same"));
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown).toEqual(lines.filter((line) => shown.includes(line)));
    }),
  );
});

test("far apart changes are separate hunks", () => {
  const before = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const after = before.map((line, i) => (i === 2 || i === 25 ? `${line}!` : line));
  expect(hunksOf(diffLines(before.join("\n"), after.join("\n")))).toHaveLength(2);
});
