import fc from "fast-check";
import { expect, test } from "vitest";
import { closeBracket, type Edit, indentLess, indentMore, newLine } from "./indent";

const apply = (text: string, edit: Edit) => text.slice(0, edit.from) + edit.insert + text.slice(edit.to);

test("a new line keeps the indentation, and goes one step in after an opening bracket", () => {
  expect(apply("  let a;", newLine("  let a;", 8, 8))).toBe("  let a;\n  ");
  expect(apply("  if (a) {", newLine("  if (a) {", 10, 10))).toBe("  if (a) {\n    ");
});

test("a new line between brackets puts the closing one on a line of its own and the caret between", () => {
  const edit = newLine("f() {}", 5, 5);
  expect(apply("f() {}", edit)).toBe("f() {\n  \n}");
  expect(edit.select).toEqual([8, 8]);
});

test("a closing bracket on an empty line moves one step out, elsewhere it is simply typed", () => {
  expect(apply("  {\n    ", closeBracket("  {\n    ", 8, 8, "}")!)).toBe("  {\n  }");
  expect(closeBracket("f(a", 3, 3, ")")).toBeNull();
});

test("one step in and one step out again gives the same lines", () => {
  const line = fc
    .tuple(fc.constantFrom("", "  ", "    "), fc.constantFrom("a;", "}", "if (b) {"))
    .map(([a, b]) => a + b);
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), (lines) => {
      const text = lines.join("\n");
      const more = indentMore(text, 0, text.length);
      const inside = apply(text, more);
      expect(inside).toBe(lines.map((l) => `  ${l}`).join("\n"));
      expect(apply(inside, indentLess(inside, 0, inside.length))).toBe(text);
      expect(inside.slice(...more.select)).toContain(lines.at(-1)!);
    }),
  );
});

test("one step out leaves a line without indentation as it is", () => {
  expect(apply("a\n b", indentLess("a\n b", 0, 4))).toBe("a\nb");
});
