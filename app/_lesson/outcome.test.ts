import { describe, expect, it } from "vitest";
import { figureSchema, questionSchema } from "@/lib/course/figures-file";
import { outcomeOf } from "./outcome";

const text = { en: "x", "zh-CN": "甲" };
const config = { pages: 16, init: "one-block" };
const alloc = (order: number, id: string) => ({ op: "alloc", order, id });
const predict = (question: object, ops: object[]) =>
  figureSchema.parse({ kind: "predict", caption: text, why: text, config, question, ops });

const parts = {
  figures: {
    page: predict({ ask: "page" }, [alloc(0, "a"), alloc(1, "b"), alloc(1, "c")]),
    list: predict({ ask: "list", order: 0 }, [alloc(0, "a")]),
    taken: predict({ ask: "taken" }, [alloc(0, "a"), alloc(1, "b"), alloc(2, "c"), alloc(2, "d")]),
    merged: predict({ ask: "merged" }, [
      alloc(0, "a"),
      alloc(0, "b"),
      { op: "free", id: "a" },
      { op: "free", id: "b" },
    ]),
    zones: figureSchema.parse({
      kind: "part-predict",
      part: "zones",
      caption: text,
      config: "empty",
      ops: ["alloc dma 3", "alloc dma 2"],
      ask: text,
      answer: "result",
      why: text,
    }),
    shown: figureSchema.parse({ kind: "static", caption: text, config, ops: [] }),
  },
  questions: {
    sum: questionSchema.parse({ kind: "numbers", ask: text, answer: [2, 3], why: text }),
    pick: questionSchema.parse({
      kind: "choice",
      ask: text,
      options: [
        { text, why: text },
        { text, why: text, right: true },
      ],
    }),
  },
};

describe("the outcome of a prediction", () => {
  it("is what the machine does, whatever was asked about it", () => {
    expect(outcomeOf(parts, "figure:page", [4])).toBe("right");
    expect(outcomeOf(parts, "figure:page", [6])).toBe("wrong");
    expect(outcomeOf(parts, "figure:zones", [8])).toBe("right");
    expect(outcomeOf(parts, "figure:zones", [9])).toBe("wrong");
    expect(outcomeOf(parts, "figure:zones", null)).toBe("skipped");
    expect(outcomeOf(parts, "figure:list", [1])).toBe("right");
    expect(outcomeOf(parts, "figure:list", [])).toBe("wrong");
    expect(outcomeOf(parts, "figure:taken", [8])).toBe("right");
    expect(outcomeOf(parts, "figure:merged", [0])).toBe("right");
  });

  it("compares lists in order and a choice by its position", () => {
    expect(outcomeOf(parts, "question:sum", [2, 3])).toBe("right");
    expect(outcomeOf(parts, "question:sum", [3, 2])).toBe("wrong");
    expect(outcomeOf(parts, "question:pick", [1])).toBe("right");
  });

  it("is skipped when the reader asked to be shown", () => {
    expect(outcomeOf(parts, "question:pick", null)).toBe("skipped");
  });

  it("does not exist for what the lesson does not ask", () => {
    for (const id of ["figure:shown", "figure:none", "question:none", "question:constructor", "page", ""])
      expect(outcomeOf(parts, id, [1])).toBeNull();
  });
});
