import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completions, type Grammar, lineOf, parseLine, parseOp, usageOf } from "./command";
import { scenarios } from "./registry";

const grammar: Grammar = {
  alloc: {
    gfp: { kind: "choice", options: ["kernel", "dma"] },
    order: { kind: "number", least: 0, most: 10, default: 0 },
  },
  touch: { address: { kind: "number", least: 0, most: 0xffffffff, hex: true } },
  wait: {},
};

describe("a command line", () => {
  it("is read with its parameters in order, and what is left out takes its default", () => {
    expect(parseOp(grammar, "alloc dma 3")).toEqual({ op: "alloc", gfp: "dma", order: 3 });
    expect(parseOp(grammar, "ALLOC  kernel")).toEqual({ op: "alloc", gfp: "kernel", order: 0 });
    expect(parseOp(grammar, "touch 0xbfff_f000")).toEqual({ op: "touch", address: 0xbffff000 });
    expect(parseOp(grammar, "touch 16")).toEqual({ op: "touch", address: 16 });
    expect(parseLine(grammar, "repeat 3 wait")).toEqual({ kind: "op", op: { op: "wait" }, times: 3 });
    expect(parseLine(grammar, "random 30 7")).toEqual({ kind: "random", length: 30, seed: 7 });
    expect(parseLine(grammar, "undo")).toEqual({ kind: "plain", name: "undo" });
    expect(parseLine(grammar, "  ")).toEqual({ kind: "empty" });
  });

  it("is read in the full width of a Chinese input method", () => {
    expect(parseOp(grammar, "ａｌｌｏｃ　ｄｍａ　３")).toEqual({ op: "alloc", gfp: "dma", order: 3 });
  });

  it("says what is missing, what does not fit and what is out of range", () => {
    const mistake = (text: string) => {
      const line = parseLine(grammar, text);
      return line.kind === "mistake" ? line.mistake : line;
    };
    expect(mistake("malloc 2")).toEqual({ key: "unknownCommand", args: { word: "malloc" } });
    expect(mistake("alloc")).toEqual({ key: "needsArgument", args: { word: "alloc", usage: "alloc GFP [ORDER]" } });
    expect(mistake("alloc user")).toEqual({ key: "badArgument", args: { value: "user", usage: "alloc GFP [ORDER]" } });
    expect(mistake("alloc dma 11")).toEqual({ key: "outOfRange", args: { value: "11", least: "0", most: "10" } });
    expect(mistake("touch 0x1ffffffff")).toMatchObject({ key: "outOfRange", args: { most: "0xffffffff" } });
    expect(mistake("wait 1")).toMatchObject({ key: "badArgument" });
    expect(mistake("repeat 1000 wait")).toMatchObject({ key: "badArgument" });
    expect(mistake("undo 3")).toMatchObject({ key: "badArgument" });
    expect(mistake("constructor")).toMatchObject({ key: "unknownCommand" });
  });

  it("is written as short as possible and means the same again", () => {
    expect(lineOf(grammar, parseOp(grammar, "alloc dma 0") as { op: string })).toBe("alloc dma");
    expect(lineOf(grammar, parseOp(grammar, "touch 4096") as { op: string })).toBe("touch 0x1000");
    fc.assert(
      fc.property(
        fc.constantFrom("kernel", "dma"),
        fc.nat({ max: 10 }),
        fc.nat({ max: 0xffffffff }),
        (gfp, order, address) => {
          const alloc = { op: "alloc", gfp, order };
          const touch = { op: "touch", address };
          for (const op of [alloc, touch]) expect(parseOp(grammar, lineOf(grammar, op))).toEqual(op);
        },
      ),
    );
  });

  it("never makes the parser fail, whatever it says", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        for (const text of [one, `alloc ${one} ${other}`, `repeat ${one} ${other}`, `random ${one}`])
          expect(["empty", "op", "plain", "random", "mistake"]).toContain(parseLine(grammar, text).kind);
      }),
    );
  });
});

describe("a completion", () => {
  const suggest = (op: string, parameter: string) =>
    op === "touch" && parameter === "address" ? [0x1000, 0x2000] : [];

  it("goes on from what is typed, with likely values in their notation", () => {
    expect(completions(grammar, "to", suggest)).toEqual(["touch 0x1000", "touch 0x2000"]);
    expect(completions(grammar, "al", suggest)).toEqual(["alloc kernel", "alloc dma"]);
    expect(completions(grammar, "alloc d", suggest)).toEqual(["alloc dma"]);
    expect(completions(grammar, "wait", suggest)).toEqual([]);
    expect(completions(grammar, "re", suggest)).toEqual(["redo", "reset", "repeat"]);
  });

  it.each(Object.entries(scenarios))("of %s is a command that can be read", (_, { commands, presets }) => {
    for (const each of completions(commands, "", () => [])) {
      if (each === "repeat") continue;
      expect(parseLine(commands, each).kind, each).not.toBe("mistake");
    }
    expect(presets.length).toBeGreaterThan(0);
  });
});

it("the usage names parameters, and brackets what may be left out", () => {
  expect(usageOf(grammar, "alloc")).toBe("alloc GFP [ORDER]");
  expect(usageOf(grammar, "wait")).toBe("wait");
});
