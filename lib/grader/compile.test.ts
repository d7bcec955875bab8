import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSource, compile } from "./compile";

const bytes = (text: string) => new TextEncoder().encode(text);
const failureOf = (result: ReturnType<typeof compile> | ReturnType<typeof checkSource>) => {
  if (result.ok) throw new Error("it was accepted");
  return result.failure;
};

describe("compile", () => {
  it("keeps every line where the learner wrote it", () => {
    const source = [
      'import { listAdd, type Page, listDel as unlink } from "kernel";',
      "interface Box {",
      "  page: Page;",
      "}",
      "export function f(box: Box): number { return unlink(box.page) as never; }",
    ].join("\n");
    const result = compile(source);
    if (!result.ok) throw new Error("refused");
    const lines = result.js.split("\n");
    expect(lines[4]).toContain("function f(box)");
    expect(lines[0]).toContain('const { listAdd,  listDel: unlink } = require("kernel")');
  });

  it("leaves type imports and imports of the whole library to the compiler", () => {
    const result = compile(
      'import type { Page } from "kernel";\nimport * as kernel from "kernel";\nexport const f = (p: Page) => kernel.pageAt(p);',
    );
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.js).toContain("require('kernel')");
  });

  it("names line and column of a syntax error", () => {
    const failure = failureOf(
      compile("// a comment\nexport class Buddy {\n  alloc(pfn: = 3): number { return 0; }\n}"),
    );
    expect(failure.place).toEqual({ line: 3, column: 14 });
    expect(failure.message.key).toBe("compile.syntax");
  });

  it("recognises full-width punctuation where the parser stopped", () => {
    const failure = failureOf(compile("export const a = 1；\n"));
    expect(failure.message).toEqual({ key: "compile.fullWidth", args: { found: "；", use: ";" } });
    expect(failure.place).toEqual({ line: 1, column: 19 });
  });

  it("refuses an empty file and one of 65 KiB", () => {
    expect(failureOf(compile(" \n\t")).message.key).toBe("compile.empty");
    expect(failureOf(compile("//".repeat(33 * 1024))).message).toEqual({
      key: "compile.tooLarge",
      args: { bytes: 66 * 1024, limit: 64 * 1024 },
    });
  });

  it("counts the size in bytes, not in characters", () => {
    expect(compile(`//${"页".repeat(21_844)}`).ok).toBe(true);
    expect(compile(`//${"页".repeat(21_846)}`).ok).toBe(false);
  });
});

describe("checkSource", () => {
  it("gives the text of a UTF-8 file", () => {
    expect(checkSource(bytes("页 = 1"))).toEqual({ ok: true, source: "页 = 1" });
  });

  it("names the first byte that is no UTF-8", () => {
    const prefix = bytes("const 页 = 1;");
    const failure = failureOf(checkSource(new Uint8Array([...prefix, 0xff, 0x41])));
    expect(failure.message).toEqual({ key: "compile.notUtf8", args: { offset: prefix.length } });
  });

  it("finds the bad byte wherever it stands", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.string({ maxLength: 20 }), (before, after) => {
        const start = bytes(before);
        const result = checkSource(new Uint8Array([...start, 0xfe, ...bytes(after)]));
        expect(failureOf(result).message.args).toEqual({ offset: start.length });
      }),
    );
  });
});
