// Sentences and places of worked examples: domain.md 10.3-10.6 and A.11.
import { describe, expect, it } from "vitest";
import { opsOf } from "@/lib/scenarios/link";
import { append, lastMoments, type Moment, openSession, type Session, stateOf } from "@/lib/scenarios/run";
import { swapScenario } from "@/lib/scenarios/swap";
import type { SwapConfig, SwapOp, SwapSceneState } from "@/lib/scenarios/swap-types";
import { checkSwap } from "@/lib/sim/swap/check-swap";
import { translator } from "@/lib/words/translator";
import { sentenceOf } from "../narrate";
import type { AnyMoment, AnyPart } from "../part";
import type { AnyWords } from "../words";
import { layoutSwap } from "./layout";
import { swapPart } from "./swap";
import { mirrorSwap } from "./table";

type SwapSession = Session<SwapConfig, SwapOp, SwapSceneState>;
const words = translator("en", "figure-swap");
const shared = translator("en", "figure");

function open(preset: string): SwapSession {
  const { config, ops } = swapScenario.presets.find(({ name }) => name === preset)!;
  return openSession(swapScenario, config, opsOf(swapScenario, ops)!);
}
function play(session: SwapSession, ...lines: string[]): SwapSession {
  let now = session;
  for (const op of opsOf(swapScenario, lines)!) {
    const next = append(swapScenario, now, op);
    if ("by" in next) throw new Error(JSON.stringify(next));
    now = next;
  }
  return now;
}
const said = (moment: Moment<SwapSceneState>) =>
  sentenceOf(swapPart as unknown as AnyPart, moment as AnyMoment, words as unknown as AnyWords, shared);

describe("a page goes out and comes back", () => {
  it("tells slot, cache, page table, disk and the end of the page frame, one after the other", () => {
    const session = play(open("bad"), "write 5", "out 5");
    expect(
      lastMoments(session)
        .map(said)
        .map((text) => text.replace(/frame \d+/gu, "frame N")),
    ).toEqual([
      "Slot A14 is the next free one; 5 more belong to the cluster. Page frame N goes into the swap cache for slot A14.",
      "Slot A14: one reference more, 2 now. The parent’s page table names the slot for page 5 now.",
      "Page frame N is written to slot A14.",
      "Page frame N leaves the swap cache. Slot A14: one reference less, 1 is left. Page frame N is free. 1 page was freed.",
    ]);
  });

  it("tells the window of read-ahead and that the slot is kept", () => {
    const session = play(open("small"), "read 0");
    expect(lastMoments(session).map(said).at(-1)).toMatch(
      /Page 0 is back, in page frame \d+.*The parent reads 2 from page 0\./su,
    );
    const state = stateOf(session);
    expect(state.parent.pages.slice(0, 3).map(({ place, slot }) => [place, slot])).toEqual([
      ["cached", "A1"],
      ["swap", "A2"],
      ["swap", "A3"],
    ]);
    expect(state.areas[0]!.counters.slice(0, 5)).toEqual([0x8000, 1, 2, 2, 0]);
    expect(state.cache.map(({ slot }) => slot).sort()).toEqual(["A1", "A2", "A3"]);
  });

  it("says why a page stays when there is no slot", () => {
    const session = play(open("fork"), "swapoff A", "out 0");
    expect(lastMoments(session).map(said).join(" ")).toContain("stays in memory: there is no slot for it.");
  });
});

describe("the picture", () => {
  it("draws slots in order, fills what is in memory, and puts the marker under the slot of the step", () => {
    const session = play(open("small"), "read 0");
    const scene = layoutSwap(lastMoments(session).at(-1)!, 720, words, null);
    const box = (key: string) => scene.boxes.find((each) => each.key === key)!;
    expect([box("A:0").label, box("A:1").label, box("A:2").label, box("A:4").label]).toEqual(["H", "1", "2", null]);
    expect([
      box("A:1").look,
      box("A:4").look,
      box("parent:0").look,
      box("parent:1").look,
      box("parent:3").look,
    ]).toEqual(["file", "free", "file", "free", "anon"]);
    expect(box("A:2").x).toBeGreaterThan(box("A:1").x);
    expect(scene.marker).not.toBeNull();
  });

  it("keeps its height whatever happens", () => {
    const session = play(open("turns"), "fork", "swapoff A", "write 9 child", "out 9", "swapon A");
    const heights = session.moments.flat().map((moment) => layoutSwap(moment, 320, words, null).height);
    expect(new Set(heights).size).toBe(1);
  });

  it("puts areas in the order in which they are asked", () => {
    const session = play(open("turns"), "swapoff B", "swapon B 2");
    const scene = layoutSwap(lastMoments(session).at(-1)!, 720, words, null);
    const names = mirrorSwap(stateOf(session), scene, words).map(({ key }) => key);
    expect(names.filter((key) => ["A", "B", "C"].includes(key))).toEqual(["A", "B", "C"]);
    expect(stateOf(session).order).toEqual(["A", "B", "C"]);
  });
});

it("keeps the machine sound under its own commands", () => {
  const machine = swapScenario.boot(swapScenario.presets[0]!.config);
  const lines = ["write 0", "write 1", "fork", "out 0 2", "read 0 child", "write 1", "swapoff A", "out 0 4", "exit"];
  for (const op of opsOf(swapScenario, lines)!) {
    swapScenario.apply(machine, op);
    expect(checkSwap(machine.k)).toEqual([]);
  }
});

it("refuses configurations that no page can show", () => {
  const { config } = swapScenario.presets[0]!;
  expect(swapScenario.readConfig(config)).toEqual(config);
  for (const wrong of [
    { ...config, devices: [] },
    { ...config, devices: [{ pages: 65, prio: null, bad: [] }] },
    { ...config, devices: [{ pages: 5, prio: null, bad: [1, 2, 3] }] },
    { ...config, devices: [{ pages: 20, prio: -1, bad: [] }] },
    { ...config, cluster: 0 },
    { ...config, window: 9 },
    { ...config, pages: 33 },
  ])
    expect(swapScenario.readConfig(wrong)).toBeNull();
});
