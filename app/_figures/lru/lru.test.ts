import { describe, expect, it } from "vitest";
import { type LruConfig, type LruOp, lruScenario } from "@/lib/scenarios/lru";
import type { LruState } from "@/lib/scenarios/lru-view";
import { append, lastMoments, type Moment, openSession } from "@/lib/scenarios/run";
import { translator } from "@/lib/words/translator";
import { narrowWidth, wideWidth } from "../scene";
import type { WordsOf } from "../words";
import { layoutLru } from "./layout";
import { concludeLru, summarizeLru, tellLru } from "./narrate";
import { mirrorLru, tabulateLru } from "./table";

const words = translator("en", "figure-lru") as unknown as WordsOf<"figure-lru">;
const config: LruConfig = { pages: 256, swap: 64, swappiness: 60, io: "async" };
const told = (moment: Moment<LruState>) =>
  [...moment.events.flatMap((event) => tellLru(event, words, moment) ?? []), ...concludeLru(moment, words)].join(" ");
const reads = (...pages: number[]): LruOp[] => pages.map((page) => ({ op: "read", page }));
const owners = (cards: LruState["active"]) => cards.map(({ owner }) => owner);

describe("pages of a file, one of them used again, and a scan of the inactive list", () => {
  const session = openSession(lruScenario, config, [
    ...reads(0, 1, 2),
    { op: "look", page: 3 },
    { op: "write", page: 4 },
    ...reads(0),
    { op: "shrink", count: 1 },
  ]);
  const shrink = lastMoments(session);
  const before = session.moments.at(-2)!.at(-1)!.state;

  it("puts new pages at the head of inactive and what is used twice at the head of active", () => {
    expect([owners(before.active), owners(before.inactive)]).toEqual([["f0"], ["f4", "m3", "f2", "f1"]]);
    expect(told(session.moments.at(-2)!.at(-1)!)).toMatch(
      /^Page \d+ was used a second time: it goes to the head of active, and its referenced mark is cleared\./,
    );
  });

  it("tells what becomes of each page, the oldest first, with the row that decided", () => {
    expect(shrink.map(told).map((sentence) => sentence.replace(/\d+/, "N"))).toEqual([
      "N pages are taken from the tail of inactive.",
      "Page N, row 11: clean and not in use: freed.",
      "Page N, row 11: clean and not in use: freed.",
      "Page N, row 4: it was used and somebody maps it or its file: activated.",
      "Page N, row 7: it is dirty but was used: kept for another round. 2 pages were freed.",
    ]);
  });

  it("shows the pages in the hands of the scan, with a pointer under the next one", () => {
    const [taken, freed] = shrink;
    expect(owners(taken!.state.held)).toEqual(["f4", "m3", "f2", "f1"]);
    const scene = layoutLru(freed!, wideWidth, words, taken!.state);
    const next = scene.boxes.find(({ key }) => key === `page:${freed!.state.held.at(-1)!.pfn}`)!;
    expect(scene.marker!.x).toBe(next.x + next.width / 2);
    expect(scene.labels.some(({ text }) => text.endsWith(": reclaim"))).toBe(true);
    expect(layoutLru(shrink.at(-1)!, wideWidth, words, null).marker).toBeNull();
  });

  it("is summed up with its tail, its memory and its swap tendency", () => {
    expect(summarizeLru(before, words)).toBe(
      `1 page is on active, 4 on inactive; 4 were used lately, 1 are dirty, 0 are being written. At the tail of inactive: ${before.inactive
        .slice(-3)
        .map(({ pfn }) => pfn)
        .join(
          ", ",
        )}. ${before.free} pages are free (high 48), kswapd is asleep; swap tendency 60: mapped pages are spared. Youngest: ${before.active[0]!.pfn} on active, ${before.inactive[0]!.pfn} on inactive.`,
    );
  });

  it("says in the table what a scan would do with each page, and then does it", () => {
    const [pages] = tabulateLru(before, words);
    expect(pages!.rows.map(({ cells }) => [cells[3], cells[5]])).toEqual([
      ["file that is read, page 0", "deactivate it"],
      ["file that is read, page 4", "keep it"],
      ["mapped file, page 3", "activate it"],
      ["file that is read, page 2", "reclaim it"],
      ["file that is read, page 1", "reclaim it"],
    ]);
  });

  it("lets the keyboard visit each list and each of its pages where they stand", () => {
    const scene = layoutLru(shrink.at(-1)!, narrowWidth, words, null);
    const items = mirrorLru(shrink.at(-1)!.state, scene, words);
    expect(items.map(({ level }) => level)).toEqual([1, 2, 2, 1, 1, 2]);
    expect(items[1]!.detail).toMatch(/mapped file, page 3; mapped\. A scan would rotate it\.$/);
  });
});

describe("a dirty page", () => {
  it("is written, comes back to the tail when that is done, and is freed then", () => {
    const start = openSession(lruScenario, config, [
      { op: "write", page: 1 },
      ...reads(2),
      { op: "shrink", count: 1 },
      { op: "shrink", count: 1 },
    ]);
    expect(told(lastMoments(start).at(-1)!)).toMatch(/its write is started, and it is kept until that is done/);
    const done = append(lruScenario, start, { op: "iodone", count: 1 });
    if ("by" in done) throw new Error("refused");
    expect(lastMoments(done).map(told).join(" ")).toMatch(/it goes to the tail of inactive, to be freed next/);
    const freed = append(lruScenario, done, { op: "shrink", count: 1 });
    if ("by" in freed) throw new Error("refused");
    expect(lastMoments(freed).at(-1)!.result).toBe(1);
  });
});

it("leaves out the middle of a list that is too long, never its head or tail", () => {
  const session = openSession(lruScenario, config, reads(...Array.from({ length: 40 }, (_, page) => page)));
  const moment = lastMoments(session).at(-1)!;
  const { boxes } = layoutLru(moment, narrowWidth, words, null);
  const { inactive } = moment.state;
  const drawn = (at: number) => boxes.some(({ key }) => key === `page:${inactive.at(at)!.pfn}`);
  expect([drawn(0), drawn(-1), drawn(20)]).toEqual([true, true, false]);
  const shown = boxes.filter(({ key }) => key.startsWith("page:")).length;
  expect(boxes.find(({ key }) => key === "more:inactive")!.label).toBe(`+${40 - shown}`);
});

it("refuses what would need memory that must stay free, and kswapd while it sleeps", () => {
  const session = openSession(lruScenario, config, []);
  expect(append(lruScenario, session, { op: "kswapd" })).toMatchObject({ refusal: { key: "refuseAsleep" } });
  expect(append(lruScenario, session, { op: "iodone", count: 1 })).toMatchObject({
    refusal: { key: "refuseNoWrites" },
  });
  expect(lruScenario.readConfig({ ...config, pages: 20 })).toBeNull();
});

it("lets kswapd bring a small machine back above its high mark", () => {
  const small: LruConfig = { ...config, pages: 192 };
  const ops: LruOp[] = [
    ...Array.from({ length: 64 }, (_, page): LruOp => ({ op: "look", page })),
    ...Array.from({ length: 48 }, (_, page): LruOp => ({ op: "touch", page })),
    ...reads(...Array.from({ length: 64 }, (_, page) => page)),
  ];
  const full = openSession(lruScenario, small, ops);
  const last = lastMoments(full).at(-1)!.state;
  expect(last.kswapd).toBe("awake");
  const refused = append(lruScenario, full, { op: "read", page: 63 });
  expect(refused).toMatchObject({ by: "part", refusal: { key: "refuseFull" } });
  const done = append(lruScenario, full, { op: "kswapd" });
  if ("by" in done) throw new Error("refused");
  const { state } = lastMoments(done).at(-1)!;
  expect(state.free).toBeGreaterThanOrEqual(state.high);
  expect(state.kswapd).toBe("asleep");
});
