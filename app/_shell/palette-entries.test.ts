import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Entry, search } from "./palette-entries";

const entries: Entry[] = [
  { kind: "page", id: "play", label: "Playground", href: "/en/play", keywords: "实验台" },
  { kind: "lesson", id: "buddy", label: "The buddy system", href: "/en/l", keywords: "伙伴系统 buddy" },
  { kind: "exercise", id: "buddy-of", label: "Buddy and parent", href: "/en/e", keywords: "伙伴与父块 buddy-of" },
];
const ids = (query: string) => search(entries, query).map((entry) => entry.id);

describe("search", () => {
  it("returns everything, in order, for an empty query", () => {
    expect(ids("  ")).toEqual(["play", "buddy", "buddy-of"]);
  });

  it("puts labels that begin with the query first", () => {
    expect(ids("buddy")).toEqual(["buddy-of", "buddy"]);
  });

  it("finds by the title in the other language and by any order of words", () => {
    expect(ids("伙伴系统")).toEqual(["buddy"]);
    expect(ids("system buddy")).toEqual(["buddy"]);
  });

  it("returns only entries that contain every word", () => {
    const word = fc.constantFrom("bud", "dy", "play", "parent", "系统", "x");
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), (words) => {
        const expected = entries.filter((e) =>
          words.every((w) => `${e.label} ${e.keywords}`.toLowerCase().includes(w)),
        );
        expect(new Set(ids(words.join(" ")))).toEqual(new Set(expected.map((e) => e.id)));
      }),
    );
  });
});
