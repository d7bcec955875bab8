import fc from "fast-check";
import { expect, it } from "vitest";
import { completions, parseCommand } from "./commands";

const parsed = (text: string) => {
  const result = parseCommand(text);
  return result.kind === "command" ? result.command : result;
};

it("reads every command", () => {
  expect(parsed("alloc 2")).toEqual({ name: "alloc", order: 2, temperature: "hot" });
  expect(parsed("ALLOC 0 cold")).toEqual({ name: "alloc", order: 0, temperature: "cold" });
  expect(parsed("  free  8 ")).toEqual({ name: "free", pfn: 8, temperature: "hot" });
  expect(parsed("free all")).toEqual({ name: "free-all", which: "all" });
  expect(parsed("fill")).toEqual({ name: "fill", order: 0 });
  expect(parsed("random 30 7")).toEqual({ name: "random", length: 30, seed: 7 });
  expect(parsed("check")).toEqual({ name: "check" });
});

it("reads what a Chinese input method leaves in full width", () => {
  expect(parsed("alloc　２")).toEqual({ name: "alloc", order: 2, temperature: "hot" });
});

it("says what is missing instead of guessing", () => {
  expect(parsed("alloc")).toMatchObject({ kind: "mistake", key: "needsOrder" });
  expect(parsed("alloc x")).toMatchObject({ kind: "mistake", key: "needsOrder" });
  expect(parsed("free")).toMatchObject({ kind: "mistake", key: "needsPage" });
  expect(parsed("free 0x10")).toMatchObject({ kind: "mistake", key: "needsPage" });
  expect(parsed("malloc 2")).toMatchObject({ kind: "mistake", key: "unknownCommand", word: "malloc" });
  expect(parsed("undo 3")).toMatchObject({ kind: "mistake", key: "badArguments" });
  expect(parsed("")).toEqual({ kind: "empty" });
});

it("never fails on any text, and completes only to commands that it understands", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat({ max: 4096 }), { maxLength: 4 }), (text, pages) => {
      expect(["empty", "command", "mistake"]).toContain(parseCommand(text).kind);
      for (const completion of completions("", pages)) expect(parseCommand(completion).kind).toBe("command");
    }),
  );
});

it("completes from what is typed, with the blocks in use", () => {
  expect(completions("fre", [8, 16])).toEqual(["free 8", "free 16", "free all", "free every-second"]);
  expect(completions("free 8", [8])).toEqual([]);
  expect(completions("al", [])[0]).toBe("alloc 0");
});
