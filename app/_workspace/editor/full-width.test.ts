import fc from "fast-check";
import { expect, test } from "vitest";
import { fullWidthSlips, withoutSlips } from "./full-width";

test("full-width signs in code are found with their counterparts", () => {
  expect(withoutSlips("const a = f（1，2）；")).toBe("const a = f(1,2);");
});

test("comments and strings may hold any sign", () => {
  const text = '// 你好，世界；\nconst a = \'（\';/* ； */ const b = `，\n，` + "\\"；";';
  expect(fullWidthSlips(text)).toEqual([]);
});

test("code after a comment or an unfinished string is checked again", () => {
  expect(fullWidthSlips("// ；\n；").map((s) => s.at)).toEqual([5]);
  expect(fullWidthSlips("'abc；\n；").map((s) => s.at)).toEqual([6]);
});

test("ASCII code is never touched, and one pass of fixing is enough when no quotes are involved", () => {
  fc.assert(fc.property(fc.string(), (text) => withoutSlips(text) === text));
  const signs = fc
    .array(fc.constantFrom("；", "（", "a", "\n", " ", "，"), { maxLength: 30 })
    .map((list) => list.join(""));
  fc.assert(fc.property(signs, (text) => fullWidthSlips(withoutSlips(text)).length === 0));
});
