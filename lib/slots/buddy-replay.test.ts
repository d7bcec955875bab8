import { describe, expect, it } from "vitest";
import type { BuddyConfig } from "@/lib/sim/machine";
import { replay } from "./buddy-replay";
import { parseTrace } from "./buddy-text";

/** `0:[1 9] 3:[8]`: the lists that are not empty, heads first. */
function listsAfter(config: BuddyConfig, trace: string): string[] {
  const parsed = parseTrace(trace);
  if (!parsed.ok) throw new Error(parsed.message.key);
  const spell = (lists: readonly (readonly number[])[]) =>
    lists.flatMap((list, order) => (list.length > 0 ? [`${order}:[${list.join(" ")}]`] : [])).join(" ");
  return replay(config, parsed.ops)
    .states.slice(1)
    .map(({ freeLists }) => spell(freeLists));
}

describe("replay", () => {
  it("gives the free lists of the worked sequence for one block of 16 pages", () => {
    const trace =
      "a = alloc 0\nb = alloc 0\nc = alloc 1\nd = alloc 2\ne = alloc 0\nfree b\nfree e\nfree a\nfree c\nfree d";
    expect(listsAfter({ pages: 16, init: "one-block" }, trace)).toEqual([
      "0:[1] 1:[2] 2:[4] 3:[8]",
      "1:[2] 2:[4] 3:[8]",
      "2:[4] 3:[8]",
      "3:[8]",
      "0:[9] 1:[10] 2:[12]",
      "0:[1 9] 1:[10] 2:[12]",
      "0:[1] 3:[8]",
      "1:[0] 3:[8]",
      "2:[0] 3:[8]",
      "4:[0]",
    ]);
  });

  it("frees last in, first out", () => {
    const trace = "a = alloc 0\nb = alloc 0\nc = alloc 0\nd = alloc 0\nfree a\nfree c\nfree b";
    expect(listsAfter({ pages: 8, init: "one-block" }, trace).slice(4)).toEqual([
      "0:[0] 2:[4]",
      "0:[2 0] 2:[4]",
      "0:[2] 1:[0] 2:[4]",
    ]);
  });

  it("says what happened inside each operation and what it returned", () => {
    const { events, results, labels } = replay({ pages: 4, init: "one-block" }, [
      { op: "alloc", order: 1, id: "a" },
      { op: "alloc", order: 2, id: "b" },
      { op: "free", id: "a" },
    ]);
    expect(labels).toEqual(["a = alloc(order 1)", "b = alloc(order 2)", "free(a)"]);
    expect(results).toEqual([0, null, null]);
    expect(events[0]!.map(({ kind }) => kind)).toEqual(["take", "split", "alloc"]);
    expect(events[2]!.map(({ kind }) => kind)).toContain("merge");
  });

  it("refuses to free a block that nobody holds", () => {
    expect(() => replay({ pages: 4, init: "one-block" }, [{ op: "free", id: "a" }])).toThrow("no block of that name");
  });
});
