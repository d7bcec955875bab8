import { expect, test } from "vitest";
import { remember, type Snapshot, snapshotLimit } from "./snapshots";

const snapshot = (at: number, source: string): Snapshot => ({ id: `${at}`, at, cause: "run", source });

test("the newest stands first and running the same text again adds no entry", () => {
  const list = [snapshot(1, "a"), snapshot(2, "b"), snapshot(3, "b")].reduce(remember, [] as readonly Snapshot[]);
  expect(list.map((s) => [s.at, s.source])).toEqual([
    [3, "b"],
    [1, "a"],
  ]);
});

test("the oldest leaves when the limit is reached", () => {
  const all = Array.from({ length: snapshotLimit + 5 }, (_, i) => snapshot(i, `version ${i}`));
  const list = all.reduce(remember, [] as readonly Snapshot[]);
  expect(list).toHaveLength(snapshotLimit);
  expect(list.at(-1)?.at).toBe(5);
});
