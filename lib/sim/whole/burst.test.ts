import { expect, test } from "vitest";
import { recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { access } from "../fault/access";
import { findTask } from "../fault/task";
import { bootMachine } from "./boot-machine";
import { observeWhole } from "./observe-whole";
import { runOp } from "./run-op";

test("a burst of writes larger than memory swaps instead of killing, because kswapd runs before the next request", () => {
  const k = bootMachine({
    boot: { kind: "zones", pages: [64, 512, 0] },
    highmem: false,
    overcommit: { mode: 1, ratio: 50 },
  });
  runOp(k, { op: "swapon", pages: 1000 });
  const pid = runOp(k, { op: "spawn", comm: "burst" });
  const address = runOp(k, { op: "mmap", pid, pages: 700, prot: "rw", share: "private", ino: 0 });
  const events: SimEvent[] = [];
  recordEvents(k, events);
  // One process touches page after page; nobody runs kswapd between the accesses.
  const ends = Array.from(
    { length: 700 },
    (_, page) => access(k, findTask(k, pid), address + page * 4096, "write", 1).end,
  );
  expect(new Set(ends)).toEqual(new Set(["done"]));
  expect(events.some(({ kind }) => kind === "swap-write")).toBe(true);
  expect(observeWhole(k).killed).toBe(0);
});
