import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SimEvent } from "@/lib/sim/events";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { createRng } from "@/lib/sim/rng";
import { generateMix } from "@/lib/slots/buddy-generate";
import { replay } from "@/lib/slots/buddy-replay";
import { locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { type Box, elementCount } from "../scene";
import { blocksOf, differingBlocks, runsOf } from "./blocks";
import { buddyFigure } from "./buddy";
import { afterEvents, framesOf, stateAt } from "./frames";
import { tell } from "./narrate";
import { sentenceAt, traceOf } from "./trace";

const configs: readonly BuddyConfig[] = [
  { pages: 16, init: "one-block", pcp: null },
  { pages: 13, init: "pages_desc", pcp: null },
  { pages: 64, init: "holes", startPfn: 1024, pcp: { batch: 2 } },
  { pages: 200, init: "boot32", pcp: { batch: 4 } },
];

/** Machines under legal random traces, with and without per-CPU lists, holes and odd sizes. */
const runs = fc
  .record({ config: fc.constantFrom(...configs), seed: fc.nat(), length: fc.nat({ max: 40 }) })
  .map(({ config, seed, length }) => {
    const ops = generateMix(createRng(seed), config, { maxOrder: 4, coldPercent: 30 }, length);
    return replay(config, ops);
  });
const words = { en: translator("en", "figure"), "zh-CN": translator("zh-CN", "figure") };

describe("a zone cut into blocks", () => {
  it("covers every page once, in address order, at every step of a trace", () => {
    fc.assert(
      fc.property(runs, (run) => {
        for (const frame of framesOf(run)) {
          const state = stateAt(run, frame);
          let next = state.startPfn;
          for (const block of blocksOf(state)) {
            expect(block.pfn).toBe(next);
            next += block.pages;
          }
          expect(next).toBe(state.startPfn + state.pages);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("finds neither lost nor doubly claimed pages in a sound machine", () => {
    fc.assert(
      fc.property(runs, (run) => {
        for (const frame of framesOf(run)) {
          const wrong = blocksOf(stateAt(run, frame)).filter(
            (block) => block.kind === "lost" || block.kind === "clash",
          );
          expect(wrong).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("shows a page that no list holds as lost and one that two lists hold as claimed twice", () => {
    const [sound] = replay({ pages: 16, init: "one-block" }, []).states;
    const state: BuddyState = { ...sound!, freeLists: [[8], [], [4], [0]] };
    expect(blocksOf(state)).toEqual([
      { kind: "free", pfn: 0, pages: 4, order: 2 },
      { kind: "clash", pfn: 4, pages: 4, order: null },
      { kind: "free", pfn: 8, pages: 1, order: 0 },
      { kind: "lost", pfn: 9, pages: 7, order: null },
    ]);
  });

  it("differs from another machine exactly in the blocks that are not the same there", () => {
    const states = replay({ pages: 16, init: "one-block" }, [
      { op: "alloc", order: 2, id: "a" },
      { op: "alloc", order: 2, id: "b" },
    ]).states;
    expect(differingBlocks(states[2]!, states[1]!)).toEqual([{ kind: "used", pfn: 4, pages: 4, order: 2 }]);
    expect(differingBlocks(states[1]!, states[1]!)).toEqual([]);
  });
});

describe("steps within an operation", () => {
  it("lead to the state that the machine itself has after the operation", () => {
    fc.assert(
      fc.property(runs, (run) => {
        run.events.forEach((events, op) => {
          const { held, ...derived } = afterEvents(run.states[op]!, events);
          expect(held).toEqual([]);
          expect(derived).toEqual(run.states[op + 1]);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("split and merge one block at a time, and move a per-CPU batch at once", () => {
    const run = replay({ pages: 16, init: "one-block" }, [
      { op: "alloc", order: 2, id: "a" },
      { op: "free", id: "a" },
    ]);
    expect(framesOf(run).map((frame) => frame.events.map((event) => event.kind))).toEqual([
      [],
      ["take"],
      ["split"],
      ["split", "alloc"],
      ["free", "merge"],
      ["merge"],
      ["stop", "insert"],
    ]);
    const parked = replay({ pages: 64, init: "one-block", pcp: { batch: 2 } }, [{ op: "alloc", order: 0, id: "a" }]);
    expect(framesOf(parked).map((frame) => frame.events.at(-1)?.kind)).toEqual([undefined, "refill", "alloc"]);
  });
});

describe.each(locales)("the five faces in %s", (locale) => {
  const t = words[locale];

  it("draw boxes of a layer side by side, inside the picture, summing to the address axis", () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 300, max: 1000 }), (run, width) => {
        const state = run.states.at(-1)!;
        const scene = buddyFigure.layout(state, width, t);
        const strip = scene.boxes.filter((box) => box.key.startsWith("strip"));
        expect(overlaps(strip)).toEqual([]);
        const lanes = scene.boxes.filter((box) => box.key.startsWith("lane"));
        expect(overlaps(lanes)).toEqual([]);
        const narrow = blocksOf(state).filter((block) => (block.pages / state.pages) * scene.scale.width < 4);
        const drawn = strip.reduce((sum, box) => sum + box.width, 0);
        const columns = narrow.reduce((sum, block) => sum + (block.pages / state.pages) * scene.scale.width, 0);
        expect(drawn + columns).toBeCloseTo(scene.scale.width, 3);
        for (const box of scene.boxes) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(scene.height);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("keep their height from step to step", () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(320, 720), (run, width) => {
        const heights = framesOf(run).map((frame) => buddyFigure.layout(stateAt(run, frame), width, t).height);
        expect(new Set(heights).size).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it("list in the table all pages of the zone, row for row what the keyboard visits", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const state = run.states.at(-1)!;
        const { rows, columns } = buddyFigure.tabulate(state, t);
        expect(rows.reduce((sum, row) => sum + Number(row.cells[2]), 0)).toBe(state.pages);
        expect(rows.every((row) => row.cells.length === columns.length)).toBe(true);
        const items = buddyFigure.mirror(state, buddyFigure.layout(state, 720, t), t);
        expect(items.map((item) => item.key)).toEqual(rows.map((row) => row.key));
      }),
      { numRuns: 40 },
    );
  });

  it("have a sentence for every kind of event", () => {
    const events: SimEvent[] = [
      { kind: "take", pfn: 0, order: 0, from: 3 },
      { kind: "take", pfn: 0, order: 3, from: 3 },
      { kind: "split", pfn: 0, order: 3, upper: 4 },
      { kind: "merge", pfn: 5, buddy: 4, order: 0, parent: 4 },
      { kind: "stop", pfn: 0, order: 10, buddy: 1024, reason: "max-order" },
      { kind: "stop", pfn: 12, order: 0, buddy: 13, reason: "outside-zone" },
      { kind: "stop", pfn: 8, order: 2, buddy: 12, reason: "not-free" },
      { kind: "stop", pfn: 8, order: 2, buddy: 12, reason: "other-order" },
      { kind: "insert", pfn: 4, order: 1 },
      { kind: "refill", list: "hot", pages: 0, low: 4, batch: 2 },
      { kind: "refill", list: "cold", pages: 2, low: 0, batch: 2 },
      { kind: "drain", list: "hot", pages: 2, high: 12, batch: 2 },
      { kind: "pcp-take", list: "cold", pfn: 3, count: 1 },
      { kind: "pcp-put", list: "hot", pfn: 3, count: 1 },
      { kind: "alloc", order: 0, pfn: 3 },
      { kind: "alloc", order: 9, pfn: null },
      { kind: "free", order: 0, pfn: 3 },
      { kind: "kept", order: 0, pfn: 3, count: 1 },
      { kind: "bad-page", pfn: 3, during: "free" },
    ];
    expect(events.map((event) => tell(event, t))).toMatchSnapshot();
  });

  it("tell every step of a trace, name the operation once, and change the summary with the state", () => {
    const run = replay({ pages: 16, init: "one-block" }, [
      { op: "alloc", order: 1, id: "a" },
      { op: "alloc", order: 0, id: "b" },
      { op: "free", id: "a" },
    ]);
    const trace = traceOf(run);
    expect(trace.frames.map((_, position) => sentenceAt(trace, position, t))).toMatchSnapshot();
    expect(run.states.map((state) => buddyFigure.summarize(state, t))).toMatchSnapshot();
    expect(buddyFigure.tabulate(run.states.at(-1)!, t)).toMatchSnapshot();
    const scene = buddyFigure.layout(run.states.at(-1)!, 720, t);
    expect(buddyFigure.mirror(run.states.at(-1)!, scene, t).map((item) => item.detail)).toMatchSnapshot();
  });
});

it("draws 4,096 and 16,384 pages, all single and alternating, with at most 1,000 elements", () => {
  for (const pages of [64, 512, 4096, 16384]) {
    const [empty] = replay({ pages, init: "one-block" }, []).states;
    const odd = Array.from({ length: pages / 2 }, (_, at) => 2 * at + 1);
    const even = odd.map((pfn) => ({ pfn: pfn - 1, order: 0 }));
    const state: BuddyState = {
      ...empty!,
      freeLists: [odd, ...empty!.freeLists.slice(1).map(() => [])],
      allocated: even,
    };
    for (const width of [320, 720, 1040]) {
      expect(elementCount(buddyFigure.layout(state, width, words.en))).toBeLessThanOrEqual(1000);
    }
    expect(runsOf(state).reduce((sum, run) => sum + run.pages, 0)).toBe(pages);
  }
});

function overlaps(boxes: readonly Box[]): string[] {
  const sorted = [...boxes].sort((one, other) => one.y - other.y || one.x - other.x);
  return sorted.flatMap((box, at) => {
    const next = sorted[at + 1];
    return next && next.y === box.y && box.x + box.width > next.x + 0.11 ? [`${box.key} over ${next.key}`] : [];
  });
}
