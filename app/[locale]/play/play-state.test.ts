import fc from "fast-check";
import { deflateSync, inflateSync } from "fflate";
import { describe, expect, it } from "vitest";
import {
  alloc,
  empty,
  fill,
  freePage,
  mostOps,
  openSession,
  redo,
  stateOf,
  undo,
  workload,
} from "@/app/_figures/buddy/session";
import { openHash, shareHash, shareHashDeflated } from "@/app/_figures/buddy/share";
import type { BuddyConfig } from "@/lib/sim/machine";
import { replay } from "@/lib/slots/buddy-replay";
import { preset, presetNames } from "./presets";
import { fieldsOf, readScenario } from "./scenario";

const small: BuddyConfig = { pages: 64, startPfn: 0, init: "one-block", pcp: null };

describe("a shared link", () => {
  it("opens to the same machine and operations, plain and deflated", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 80 }), fc.boolean(), (seed, length, parked) => {
        const config: BuddyConfig = { ...small, pcp: parked ? { batch: 3 } : null };
        const ops = workload(config, seed, length);
        const wanted = replay(config, ops).states.at(-1);
        for (const hash of [shareHash({ config, ops }), shareHashDeflated({ config, ops }, deflateSync)]) {
          const opened = openHash(hash, inflateSync);
          if (opened.kind !== "shared") throw new Error(`not opened: ${opened.kind}`);
          expect(opened.shared.config).toEqual(config);
          expect(replay(opened.shared.config, opened.shared.ops).states.at(-1)).toEqual(wanted);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("that is cut, foreign or from another version is told apart and never throws", () => {
    expect(openHash("", inflateSync).kind).toBe("none");
    expect(openHash("#top", inflateSync).kind).toBe("none");
    expect(openHash("#s=9jabc", inflateSync)).toEqual({ kind: "version", version: "9" });
    const whole = shareHashDeflated({ config: small, ops: workload(small, 1, 200) }, deflateSync);
    expect(openHash(whole.slice(0, 30), inflateSync).kind).toBe("broken");
    const huge = `#s=1j${btoa(JSON.stringify({ pages: 1e9, init: "one-block", pcp: null, ops: "" })).replace(/=+$/, "")}`;
    expect(openHash(huge, inflateSync).kind).toBe("broken");
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(["none", "broken", "version", "shared"]).toContain(openHash(`#s=1j${text}`, inflateSync).kind);
      }),
    );
  });
});

describe("a session", () => {
  it("refuses what the kernel must not be asked to do and leaves the machine as it was", () => {
    let session = openSession(small, [{ op: "alloc", order: 2, id: "a" }]);
    const refusal = (outcome: ReturnType<typeof freePage>) => ("key" in outcome ? outcome.key : null);
    expect(refusal(freePage(session, 2, "hot"))).toBe("refuseInside");
    expect(refusal(freePage(session, 4, "hot"))).toBe("refuseDoubleFree");
    expect(refusal(freePage(session, 64, "hot"))).toBe("refuseOutside");
    expect(refusal(alloc(session, 11, "hot"))).toBe("refuseOrder");
    const freed = freePage(session, 0, "hot");
    if ("key" in freed) throw new Error(freed.key);
    session = freed;
    expect(refusal(freePage(session, 0, "hot"))).toBe("refuseDoubleFree");
    expect(stateOf(session)).toEqual(replay(small, []).states[0]);
  });

  it("refuses to free parked and reserved pages, each for its own reason", () => {
    const parked = openSession({ ...small, pcp: { batch: 2 } }, [
      { op: "alloc", order: 0, id: "a" },
      { op: "free", id: "a" },
    ]);
    expect(freePage(parked, 0, "hot")).toMatchObject({ key: "refuseParked" });
    expect(freePage(openSession({ ...small, init: "holes" }, []), 0, "hot")).toMatchObject({ key: "refuseReserved" });
  });

  it("grown operation by operation equals its replay, and undo and redo walk it command by command", () => {
    let session = openSession(small, []);
    const grow = (outcome: ReturnType<typeof alloc>) => {
      if ("key" in outcome) throw new Error(outcome.key);
      session = outcome;
    };
    grow(alloc(session, 1, "hot"));
    grow(fill(session, 3));
    grow(empty(session, "every-second"));
    expect(session.run).toEqual(replay(small, session.ops));
    const end = session.at;
    session = undo(undo(session));
    expect(session.at).toBe(1);
    expect(stateOf(session)).toEqual(session.run.states[1]);
    expect(redo(redo(session)).at).toBe(end);
  });

  it("stops growing at its limit", () => {
    const large: BuddyConfig = { pages: 2048, init: "one-block", pcp: null };
    const filled = fill(openSession(large, []), 0);
    if ("key" in filled) throw new Error(filled.key);
    expect(filled.ops).toHaveLength(mostOps);
    expect(alloc(filled, 0, "hot")).toMatchObject({ key: "refuseFull" });
  });
});

it.each(presetNames)("preset %s replays and fits into a link", (name) => {
  const shared = preset(name);
  const opened = openHash(shareHashDeflated(shared, deflateSync), inflateSync);
  expect(opened.kind).toBe("shared");
  expect(replay(shared.config, shared.ops).states).toHaveLength(shared.ops.length + 1);
});

it("the parked preset fails a request for two pages although two buddies are free", () => {
  const { config, ops } = preset("parked");
  const run = replay(config, ops);
  expect(run.results.at(-1)).toBeNull();
  expect([...run.states.at(-1)!.pcp!.hot.list].sort()).toEqual([0, 1]);
});

it("the worst preset has half the pages free and none for order 1", () => {
  const { config, ops } = preset("worst");
  const state = replay(config, ops).states.at(-1)!;
  expect(state.nrFree).toEqual([32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it("the scenario form reads back what it shows and names the field that is wrong", () => {
  const config: BuddyConfig = { pages: 300, startPfn: 2048, init: "holes", pcp: { batch: 4 } };
  expect(readScenario(fieldsOf(config))).toEqual({ config });
  expect(readScenario({ ...fieldsOf(config), pages: "0", batch: "x" })).toEqual({
    errors: { pages: { least: 1, most: 16384 }, batch: { least: 1, most: 64 } },
  });
  expect(readScenario({ ...fieldsOf(config), startPfn: "100" })).toHaveProperty("errors.startPfn");
});
