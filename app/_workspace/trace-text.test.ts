import fc from "fast-check";
import { expect, test } from "vitest";
import { type BuddyOp, blockName } from "@/lib/slots/buddy-trace";
import { formatTrace, maxOrder, parseTrace, traceLimit } from "./trace-text";

const legalTrace = fc.array(fc.record({ free: fc.boolean(), order: fc.nat(maxOrder), cold: fc.boolean(), pick: fc.nat() }), { minLength: 1, maxLength: 40 }).map((steps) => {
  const ops: BuddyOp[] = [];
  const used: string[] = [];
  for (const step of steps) {
    const cold = step.cold ? { cold: true } : {};
    if (step.free && used.length > 0) ops.push({ op: "free", id: used.splice(step.pick % used.length, 1)[0]!, ...cold });
    else {
      const id = blockName(ops.length);
      used.push(id);
      ops.push({ op: "alloc", order: step.order, id, ...cold });
    }
  }
  return ops;
});

test("a trace written as text is read back as the same operations", () => {
  fc.assert(
    fc.property(legalTrace, (ops) => {
      expect(parseTrace(formatTrace(ops))).toEqual({ ops, problems: [] });
    }),
  );
});

test("the short spelling, comments, semicolons and blank lines are understood", () => {
  expect(parseTrace("# two pages\na = alloc 1;\n\n  b=alloc(0, cold) // one\nfree a cold\nfree( b )").ops).toEqual([
    { op: "alloc", order: 1, id: "a" },
    { op: "alloc", order: 0, id: "b", cold: true },
    { op: "free", id: "a", cold: true },
    { op: "free", id: "b" },
  ]);
});

test("each mistake is reported at its line, with its value", () => {
  const { problems } = parseTrace("a = alloc 11\nb = alloc 0\nb = alloc 1\nfree c\nfrre b\nfree b\nfree b");
  expect(problems.map((p) => [p.line, p.key])).toEqual([
    [1, "order"],
    [3, "twice"],
    [4, "unknown"],
    [5, "syntax"],
    [7, "unknown"],
  ]);
  expect(problems[0]?.args).toEqual({ order: 11, max: maxOrder });
});

test("a name may be used again once its block was freed", () => {
  expect(parseTrace("a = alloc 0\nfree a\na = alloc 1").problems).toEqual([]);
});

test("an empty trace and one that is too long are refused", () => {
  expect(parseTrace(" \n# nothing").problems[0]?.key).toBe("empty");
  const long = Array.from({ length: traceLimit + 1 }, (_, i) => `${blockName(i)}x = alloc 0`).join("\n");
  expect(parseTrace(long).problems[0]?.key).toBe("tooLong");
});
