// Every step that the host takes in the engine may be the one for which the guest has left no fuel or no memory. So a guest that
// touches all borders is run with every amount left over: whatever gives out, the guest fails, and never the grader.
import { beforeAll, describe, expect, it } from "vitest";
import { KernelBug } from "@/lib/sim/kernel-bug";
import type { Value } from "@/lib/slots/slot";
import { ensureEngine, readEngine } from "./build-engine";
import { type Engine, loadEngine } from "./engine";
import { GuestError } from "./guest-error";
import { limits } from "./limits";
import { openSandbox } from "./sandbox";

let engine: Engine;
beforeAll(async () => {
  await ensureEngine();
  engine = await loadEngine(await readEngine());
});

const functions = [
  {
    name: "touch",
    params: [
      { name: "left", type: "number" },
      { name: "given", type: "value" },
    ],
    returns: "value",
  },
  { name: "fail", params: [{ name: "left", type: "number" }], returns: "number" },
] as const;
const kernel = `(memory, host) => ({
  KernelBug: class extends Error { constructor(text) { super(text); this.name = "KernelBug"; } }, add: (a, b) => host.add(a, b), refuse: () => host.refuse() })`;
const host = {
  add: (a = 0, b = 0) => a + b,
  refuse: () => {
    throw new KernelBug("bad-order", { order: 99 });
  },
};
const source = `
const { add, refuse } = require("kernel");
const hog = [];
/** Takes all memory but about \`left\` bytes; nothing if that is negative. */
function hoard(left) {
  if (left < 0) return;
  for (const size of [1 << 20, 1 << 14, 1 << 8, 8]) try { for (;;) hog.push(new ArrayBuffer(size)); } catch {}
  for (let freed = 0; freed < left; freed += 100) hog.pop();
}
exports.touch = function (left, given) {
  hoard(left);
  console.log("touched", given, add(1, 2));
  try { refuse(); } catch (e) { console.log(e); }
  return [given, { "a name": "x".repeat(900), list: [1, 0.5, null, true] }];
};
exports.fail = function (left) {
  hoard(left);
  refuse();
};`;

/** What came of one guest: values, statuses of failures, and the fuel of it all. */
function outcome(fuel: number, left: number): { ends: string[]; fuel: number } {
  const sandbox = openSandbox(engine, { source, limits: { fuel: 1e10 }, seed: 1 });
  const ends: string[] = [];
  const step = <T>(act: () => T): T | null => {
    try {
      const result = act();
      ends.push("done");
      return result;
    } catch (error) {
      // Anything else would be our own failure.
      if (!(error instanceof GuestError)) throw error;
      ends.push(`${error.status} ${error.thrown ?? ""}`.trim());
      return null;
    }
  };
  const guest = step(() => sandbox.guest({ functions: [...functions], memoryBytes: 4096, kernel, fuel }));
  step(() => guest?.setHost(host));
  step(() => guest?.call("touch", [left, { text: "given", list: [1, 2] } as Value]));
  step(() => guest?.call("fail", [left]));
  return { ends, fuel: sandbox.fuelUsed() };
}

describe("a guest that touches every border", () => {
  it("ends at its steps, wherever they give out without being asked for", () => {
    const needed = outcome(1e9, -1);
    expect(needed.ends).toEqual(["done", "done", "done", "runtime_error KernelBug"]);
    const seen = new Set<string>();
    // The limit lies below zero, so that what is left is the reserve alone: it ends in a trap, in the middle of anything.
    for (let fuel = 0; fuel < needed.fuel * 1.1; fuel += 997) {
      const { ends } = outcome(fuel - limits.fuelReserve, -1);
      for (const end of ends) expect(["done", "step_limit", "runtime_error", "runtime_error KernelBug"]).toContain(end);
      seen.add(ends.join());
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  it("ends at its memory, wherever that gives out", () => {
    const seen = new Set<string>();
    for (let left = 0; left < 12_000; left += 1300) {
      const { ends } = outcome(2e9, left);
      for (const end of ends) expect(["done", "memory_limit", "runtime_error KernelBug"]).toContain(end);
      seen.add(ends.join());
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});
