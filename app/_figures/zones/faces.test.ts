import { describe, expect, it } from "vitest";
import { openPart } from "@/lib/scenarios/open-part";
import { lastMoments, stateOf } from "@/lib/scenarios/run";
import type { AnyScenario } from "@/lib/scenarios/scenario";
import { type ZonesState, zonesScenario } from "@/lib/scenarios/zones";
import { translator } from "@/lib/words/translator";
import { textWidth } from "../measure";
import { announceMoment } from "../narrate";
import { markState } from "./marks";
import { zonesPart } from "./zones";

const en = translator("en", "figure-zones");
const shared = translator("en", "figure");
const played = (ops: readonly string[]) => openPart(zonesScenario as AnyScenario, "small", ops);
const stepsOf = (ops: readonly string[]) => {
  const moments = lastMoments(played(ops));
  return moments.map((moment, at) =>
    announceMoment(zonesPart, moments[at - 1] ?? null, moment, (key, values) => en(key as "min", values), shared),
  );
};

// Lowmem 1,024 pages = 4,096 KiB: min_free_kbytes = int_sqrt(4096 * 16) = 256 KiB = 64 pages, shared 256 : 768, so min is 16 and
// 48; low is min * 5 / 4, high min * 6 / 4. HighMem has present / 1024, but at least 32.
it("has the marks that the kernel computes from the size of low memory", () => {
  const { zones } = stateOf(played([])) as ZonesState;
  expect(zones.map(({ min, low, high }) => [min, low, high])).toEqual([
    [16, 20, 24],
    [48, 60, 72],
    [32, 40, 48],
  ]);
  // lowmem_reserve: 768 / 256 pages of DMA against Normal, (768 + 512) / 256 against HighMem, 512 / 32 of Normal against HighMem.
  expect(zones.map(({ reserve }) => reserve)).toEqual([
    [0, 3, 5],
    [0, 0, 16],
    [0, 0, 0],
  ]);
});

describe("the way of a request", () => {
  const filled = ["alloc kernel 9", "alloc kernel 7", "alloc kernel 5"];

  it("is told zone by zone, with the number that decides", () => {
    const [refused, served] = stepsOf([...filled, "alloc kernel 7"]);
    expect(refused).toBe(
      "alloc kernel 7: Normal (mark low): 84 free, but more than 60 must remain after the request. Refused.",
    );
    expect(served).toBe(
      "DMA (mark low): 256 free, 23 must remain. It serves the request. Page 0 is returned: the block of order 7 begins there.",
    );
  });

  it("wakes kswapd when every zone of its list is low, and says so", () => {
    const state = stateOf(
      played([...filled, "alloc dma 7", "alloc dma 6", "alloc dma 5", "alloc dma 4"]),
    ) as ZonesState;
    expect(state.kswapd).toBe("awake");
    const told = stepsOf([...filled, "alloc dma 7", "alloc dma 6", "alloc dma 5", "alloc dma 4"]);
    expect(told.some((sentence) => sentence.includes("kswapd is woken"))).toBe(true);
  });

  it("is freed by its first page only", () => {
    expect(
      zonesPart.scenario.refuse(zonesPart.scenario.boot({ pages: [256, 768, 512] }), { op: "free", page: 3 }),
    ).toEqual({ key: "refuseNotInUse", args: { pfn: 3 } });
  });
});

it("stands at its marks as the allocator compares them: equal is not enough", () => {
  const marks = { min: 48, low: 60, high: 72 };
  expect([48, 49, 60, 61, 72, 73].map((free) => markState({ free, ...marks }))).toEqual([
    "min",
    "low",
    "low",
    "between",
    "between",
    "asleep",
  ]);
});

it.each([320, 720])("labels of a zone's title row do not touch at %i pixels", (width) => {
  const session = played(["alloc kernel 9", "alloc kernel 7", "alloc kernel 5"]);
  const scene = zonesPart.figure.layout(
    lastMoments(session).at(-1) as Parameters<typeof zonesPart.figure.layout>[0],
    width,
    en,
    null,
  );
  const rows = new Map<number, { from: number; to: number }[]>();
  for (const { x, y, text, anchor } of scene.labels) {
    const size = textWidth(text, 12);
    const from = anchor === "end" ? x - size : anchor === "middle" ? x - size / 2 : x;
    rows.set(y, [...(rows.get(y) ?? []), { from, to: from + size }]);
  }
  for (const spans of rows.values()) {
    const sorted = spans.sort((a, b) => a.from - b.from);
    sorted.forEach((span, at) => {
      if (at > 0) expect(span.from).toBeGreaterThanOrEqual(sorted[at - 1]!.to - 1);
    });
  }
});
