import { describe, expect, it } from "vitest";
import { append, lastMoments, type Moment, openSession } from "@/lib/scenarios/run";
import { type SlabOp, type SlabState, slabScenario } from "@/lib/scenarios/slab";
import { translator } from "@/lib/words/translator";
import { wideWidth } from "../scene";
import type { WordsOf } from "../words";
import { layoutSlab } from "./layout";
import { concludeSlab, summarizeSlab, tellSlab } from "./narrate";
import { mirrorSlab, tabulateSlab } from "./table";

const words = translator("en", "figure-slab") as unknown as WordsOf<"figure-slab">;
const config = { size: 992, l1: 32, limit: 4, batch: 2, shared: 0 } as const;
const work: readonly SlabOp[] = [
  ...Array.from({ length: 6 }, () => ({ op: "alloc" }) as const),
  ...[0, 2, 1].map((index) => ({ op: "free", slab: 0, index }) as const),
];
const told = (moment: Moment<SlabState>) =>
  [...moment.events.flatMap((event) => tellSlab(event, words, moment) ?? []), ...concludeSlab(moment, words)].join(" ");

describe("six allocations and three frees of a cache with four objects a slab (domain.md A.6, cache 1)", () => {
  const session = openSession(slabScenario, config, work);
  const { state } = lastMoments(session).at(-1)!;

  it("returns the objects that the kernel returns", () => {
    const results = session.moments.slice(1, 7).map((moments) => moments.at(-1)!.result);
    expect(results).toEqual(["0.1", "0.0", "0.3", "0.2", "1.1", "1.0"]);
  });

  it("is summed up", () => {
    expect(summarizeSlab(state, words)).toBe(
      "2 slabs: 1 partial, 1 full, 0 free. 3 objects are in use, 3 in the CPU's array, 2 free in slabs. Object 0.1 is handed out next.",
    );
  });

  it("tells how the first request grows a slab, refills the array and takes its last object", () => {
    expect(session.moments[1]!.map(told)).toEqual([
      "The CPU's array is empty: up to 2 objects are fetched. No slab has a free object: slab 0 is made of 1 page, 4 objects, colour 0. Slab 0 goes to the tail of the free list, 0 taken.",
      "The CPU's array is empty: up to 2 objects are fetched. Object 0.0 goes to the array; object 1 is first in the chain now. Object 0.1 goes to the array; object 2 is first in the chain now. Slab 0 goes to the head of the partial list, 2 taken.",
      "The CPU's array hands out its last object, 0.1; 1 stay. Object 0.1 is returned.",
    ]);
  });

  it("tells how a full array gives its oldest objects back", () => {
    const more = append(slabScenario, session, { op: "free", slab: 0, index: 3 });
    const flushed = "by" in more ? more : append(slabScenario, more, { op: "free", slab: 1, index: 0 });
    if ("by" in flushed) throw new Error("refused");
    const [first] = lastMoments(flushed).map(told);
    expect(first).toBe(
      "The CPU's array is full: its 2 oldest objects go to their slabs. Object 0.0 is free in its slab again; it is alone in the chain. Slab 0 goes to the tail of the partial list, 3 taken.",
    );
  });

  it("stands in rows: arrays above slabs, cells to scale, the chain as an arrow", () => {
    const moment = lastMoments(session).at(-1)!;
    const { boxes, shapes, rings, marker } = layoutSlab(moment, wideWidth, words);
    const box = (key: string) => boxes.find((each) => each.key === key)!;
    expect(box("cpu:object:0.1").label).toBe("0.1");
    expect([box("object:0.1").label, box("object:0.3").label, box("object:1.2").label]).toEqual(["C 1", "U 3", "2"]);
    expect(box("object:1.0").x - box("object:0.0").x).toBeCloseTo((32 / 4096) * (wideWidth - 2), 0);
    expect(shapes.filter(({ look }) => look === "arrow")).toHaveLength(1);
    expect(rings).toHaveLength(2);
    expect(marker).not.toBeNull();
  });

  it("can be read as tables and visited object by object", () => {
    const [slabs, arrays, objects] = tabulateSlab(state, words);
    expect(slabs!.rows[0]!.cells.slice(0, 2)).toEqual(["1", "partial"]);
    expect(arrays!.rows[0]!.cells.at(-1)).toBe("0.0, 0.2, 0.1");
    expect(objects!.rows).toHaveLength(8);
    const scene = layoutSlab(lastMoments(session).at(-1)!, wideWidth, words);
    expect(mirrorSlab(state, scene, words).map(({ label }) => label)).toContain("Object 0.1, in the CPU's array");
  });
});

it("refuses a second free, an unknown slab and a batch longer than its array", () => {
  const session = openSession(slabScenario, config, work);
  const refused = (op: Parameters<typeof slabScenario.refuse>[1]) => {
    const done = append(slabScenario, session, op);
    return "by" in done ? done.refusal.key : null;
  };
  expect(refused({ op: "free", slab: 0, index: 1 })).toBe("refuseFree");
  expect(refused({ op: "free", slab: 9, index: 1 })).toBe("refuseNoSlab");
  expect(refused({ op: "tune", limit: 2, batch: 3 })).toBe("refuseBatch");
});

it("reads only configurations that a page can bear", () => {
  expect(slabScenario.readConfig(config)).toEqual(config);
  for (const wrong of [
    { size: 20 },
    { l1: 48 },
    { limit: 8 },
    { batch: 5 },
    { shared: 3 },
    { size: 9000 },
    { size: "x" },
  ])
    expect(slabScenario.readConfig({ ...config, ...wrong })).toBeNull();
});
