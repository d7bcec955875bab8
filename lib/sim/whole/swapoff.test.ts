import { expect, test } from "vitest";
import { recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { bootMachine } from "./boot-machine";
import { checkMachine } from "./monitor";
import { observeWhole } from "./observe-whole";
import { runOp } from "./run-op";

// Linux 2.6.11 mm/oom_kill.c (select_bad_process): a task in swapoff is the first choice.
test("kills the swapoff command, not a bystander, when there is no room for what it brings back", () => {
  const k = bootMachine({
    boot: { kind: "zones", pages: [64, 400, 0] },
    highmem: false,
    overcommit: { mode: 1, ratio: 50 },
  });
  const area = runOp(k, { op: "swapon", pages: 700 });
  const pid = runOp(k, { op: "spawn", comm: "hog" });
  for (const pages of [300, 300]) {
    const address = runOp(k, { op: "mmap", pid, pages, prot: "rw", share: "private", ino: 0 });
    runOp(k, { op: "touch", pid, address, pages, how: "write" });
  }
  const before = observeWhole(k).tasks.map((task) => task.pid);
  const events: SimEvent[] = [];
  recordEvents(k, events);
  expect(runOp(k, { op: "swapoff", area })).toBeLessThan(0);
  recordEvents(k, null);
  expect(observeWhole(k).tasks.map((task) => task.pid)).toEqual(before);
  expect(events.filter(({ kind }) => kind === "oom-kill")).toHaveLength(1);
  expect(checkMachine(k)).toEqual([]);
});
