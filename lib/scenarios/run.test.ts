import fc from "fast-check";
import { deflateSync, inflateSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { SimEvent } from "@/lib/sim/events";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { linkOf, openLink, opsOf } from "./link";
import { openPart } from "./open-part";
import { append, appendRandom, goTo, lastMoments, openSession, redo, stateOf, undo } from "./run";
import { type AnyScenario, defineScenario } from "./scenario";
import { zonesScenario } from "./zones";

/** A counter that tells each unit it moves. */
type CountOp = { readonly op: "add"; readonly by: number } | { readonly op: "crash" };
interface Counter {
  value: number;
  events: SimEvent[] | null;
}

const counter = defineScenario<{ readonly from: number }, CountOp, Counter, number>({
  name: "zones",
  presets: [{ name: "zero", config: { from: 0 }, ops: [] }],
  commands: { add: { by: { kind: "number", least: -5, most: 100 } }, crash: {} },
  mostOps: 10,
  readConfig: (data) => (data as { from: number } | null) ?? null,
  boot: ({ from }) => ({ value: from, events: null }),
  record: (machine, events) => {
    machine.events = events;
  },
  refuse: (_, op) => (op.op === "add" && op.by < 0 ? { key: "refuseNegative", args: { by: op.by } } : null),
  apply(machine, op) {
    if (op.op === "crash") {
      machine.value = -1;
      throw new KernelBug("bad-order", { order: 99 });
    }
    for (let each = 0; each < op.by; each++) {
      machine.value++;
      machine.events?.push({ kind: "insert", pfn: machine.value, order: 0 });
    }
    machine.events?.push({ kind: "kept", pfn: 0, order: 0, count: 1 });
    return machine.value;
  },
  observe: ({ value }) => value,
  endsMoment: (event) => event.kind === "insert",
  suggest: () => [],
  random: (_, rng) => ({ op: "add", by: rng.below(4) }),
});

const start = () => openSession(counter, { from: 0 }, []);
const add = (by: number): CountOp => ({ op: "add", by });
function must<T extends object>(outcome: T): Exclude<T, { by: unknown }> {
  if ("by" in outcome) throw new Error(JSON.stringify(outcome));
  return outcome as Exclude<T, { by: unknown }>;
}

describe("a session", () => {
  it("observes each moment while the operation runs, and joins what follows the last", () => {
    const session = must(append(counter, start(), add(3)));
    const moments = lastMoments(session);
    expect(moments.map(({ state }) => state)).toEqual([1, 2, 3]);
    expect(moments.map(({ events }) => events.map(({ kind }) => kind))).toEqual([
      ["insert"],
      ["insert"],
      ["insert", "kept"],
    ]);
    expect(moments.map(({ last }) => last)).toEqual([false, false, true]);
    expect(moments.map(({ result }) => result)).toEqual([null, null, 3]);
    expect(moments.map(({ line }) => line)).toEqual(["add 3", "add 3", "add 3"]);
  });

  it("cuts an operation of very many moments, and loses no event", () => {
    const session = must(append(counter, start(), add(100)));
    const moments = lastMoments(session);
    expect(moments.length).toBeLessThanOrEqual(61);
    expect(moments.at(-1)!.state).toBe(100);
    expect(moments.flatMap(({ events }) => events)).toHaveLength(101);
  });

  it("undoes and redoes command by command, and drops what was undone when something else is done", () => {
    let session = must(append(counter, start(), add(1)));
    session = must(append(counter, session, add(2), 3));
    expect(stateOf(session)).toBe(7);
    session = undo(session);
    expect(stateOf(session)).toBe(1);
    expect(stateOf(redo(session))).toBe(7);
    session = must(append(counter, session, add(0)));
    expect(stateOf(session)).toBe(1);
    expect(session.ops).toHaveLength(2);
    expect(stateOf(undo(undo(undo(session))))).toBe(0);
    expect(stateOf(goTo(session, 99))).toBe(1);
  });

  it("refuses without a trace, tells a bug and takes it back, and stops at its limit", () => {
    const one = must(append(counter, start(), add(1)));
    expect(append(counter, one, add(-1))).toEqual({
      by: "part",
      refusal: { key: "refuseNegative", args: { by: -1 } },
    });
    expect(append(counter, one, { op: "crash" })).toEqual({
      by: "bug",
      refusal: { key: "bad-order", args: { order: 99 } },
    });
    const full = must(append(counter, one, add(1), 200));
    expect(full.ops).toHaveLength(10);
    expect(append(counter, full, add(1))).toMatchObject({ by: "session", refusal: { args: { most: 10 } } });
    // A stranger's operations that may not be executed are left out, also after one that crashes.
    expect(stateOf(openSession(counter, { from: 5 }, [add(1), { op: "crash" }, add(-2), add(2)]))).toBe(8);
  });

  it("does the same random work for the same seed, from any state", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 8 }), (seed, length) => {
        const once = appendRandom(counter, start(), length, seed);
        expect(appendRandom(counter, start(), length, seed)).toEqual(once);
      }),
    );
  });
});

describe("a link", () => {
  const zones = zonesScenario as AnyScenario;
  const session = openPart(zones, "small", ["alloc kernel 3", "read 8", "alloc dma", "free 256"]);

  it("opens to the same machine and operations, plain and deflated", () => {
    for (const deflate of [undefined, deflateSync]) {
      const opened = openLink(zones, linkOf(zones.commands, session, deflate), inflateSync);
      expect(opened).toEqual({ kind: "shared", shared: { config: session.config, ops: session.ops } });
    }
  });

  it("that is cut, foreign or from another version is told apart and never throws", () => {
    expect(openLink(zones, "", inflateSync).kind).toBe("none");
    expect(openLink(zones, "#s=1jabc", inflateSync).kind).toBe("none");
    expect(openLink(zones, "#m=9jabc", inflateSync)).toEqual({ kind: "version", version: "9" });
    const whole = linkOf(zones.commands, session, deflateSync);
    expect(openLink(zones, whole.slice(0, 20), inflateSync).kind).toBe("broken");
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("j", "z"), (text, form) => {
        expect(["none", "broken", "version", "shared"]).toContain(
          openLink(zones, `#m=1${form}${text}`, inflateSync).kind,
        );
      }),
    );
  });

  it("holds nothing that the console would not accept", () => {
    expect(opsOf(zones, ["alloc kernel 3", "rm -rf"])).toBeNull();
    expect(() => openPart(zones, "small", ["alloc kernel 99"])).toThrow("no command");
    expect(() => openPart(zones, { pages: [1e9, 1, 1] }, [])).toThrow("no machine");
  });
});
