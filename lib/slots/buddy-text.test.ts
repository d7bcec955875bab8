import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "@/lib/sim/rng";
import { generateMix } from "./buddy-generate";
import { firstIllegal, parseTrace, printTrace } from "./buddy-text";

const config = { pages: 32, init: "one-block" } as const;

describe("parseTrace", () => {
  it("reads back what printTrace writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (seed) => {
        const ops = generateMix(createRng(seed), config, { maxOrder: 4, coldPercent: 30 }, 40);
        expect(parseTrace(printTrace(ops))).toMatchObject({ ok: true, ops });
      }),
    );
  });

  it("skips comments and blank lines, and knows the line of each operation", () => {
    const parsed = parseTrace("# first\n\n  a = alloc 2 # two\r\nfree a cold\n");
    expect(parsed).toEqual({
      ok: true,
      ops: [
        { op: "alloc", id: "a", order: 2 },
        { op: "free", id: "a", cold: true },
      ],
      lines: [3, 4],
    });
  });

  it("refuses with the place and the reason", () => {
    expect(parseTrace("a = alloc 1\n  free")).toMatchObject({
      ok: false,
      line: 2,
      column: 3,
      message: { key: "trace.notAnOperation" },
    });
    expect(parseTrace("a = alloc 11")).toMatchObject({
      ok: false,
      line: 1,
      message: { key: "trace.orderTooLarge", args: { order: 11 } },
    });
    expect(parseTrace("# nothing")).toMatchObject({ ok: false, message: { key: "trace.empty" } });
    expect(parseTrace("a = alloc 0\nfree a\n".repeat(101))).toMatchObject({
      ok: false,
      line: 201,
      message: { key: "trace.tooLong" },
    });
  });
});

describe("firstIllegal", () => {
  const illegal = (text: string) => {
    const parsed = parseTrace(text);
    return parsed.ok ? firstIllegal(config, parsed.ops) : null;
  };
  it("finds a name in use, a block nobody holds, and a block whose allocation failed", () => {
    expect(illegal("a = alloc 0\na = alloc 0")).toMatchObject({ index: 1, message: { key: "trace.nameInUse" } });
    expect(illegal("a = alloc 0\nfree a\nfree a")).toMatchObject({ index: 2, message: { key: "trace.notInUse" } });
    expect(illegal("a = alloc 6\nfree a")).toMatchObject({ index: 1, message: { key: "trace.notInUse" } });
    expect(illegal("a = alloc 0\nfree a\na = alloc 3")).toBeNull();
  });
});
