// Golden words and places of worked examples; what every part must have is asked in parts.test.ts.
import { expect, test } from "vitest";
import { openPart } from "@/lib/scenarios/open-part";
import type { Moment } from "@/lib/scenarios/run";
import { walkScenario } from "@/lib/scenarios/walk";
import type { WalkState } from "@/lib/scenarios/walk-types";
import { translator } from "@/lib/words/translator";
import { sentenceOf } from "../narrate";
import type { AnyPart } from "../part";
import { narrowWidth, wideWidth } from "../scene";
import type { AnyWords } from "../words";
import { layoutWalk } from "./layout";
import { tabulateWalk } from "./table";
import { walkPart } from "./walk";

const words = translator("en", "figure-walk");
const part = walkPart as unknown as AnyPart;
const scenario = part.scenario;
const run = (preset: string, lines: readonly string[]) =>
  openPart(scenario, preset, lines).moments as readonly (readonly Moment<WalkState>[])[];
const tell = (moment: Moment<WalkState>) =>
  sentenceOf(part, moment, words as unknown as AnyWords, translator("en", "figure"));

test("a miss is told as look-up, one step a level, the bits, the entry that is kept", () => {
  const steps = run("two", ["map 0x8048000 ro", "read 0x8048123"]).at(-1)!;
  expect(steps.map(tell)).toEqual([
    "The TLB has no page number 0x8048 in set 0: a miss. The tables must be walked.",
    "Level 1, pgd: entry 32 at 0x1c3080 is present and leads to the next table at 0x1c6000.",
    "Level 2, pte: entry 72 at 0x1c6120 is present and maps frame 455.",
    "Every level allows the access. A is set in pte.",
    "The TLB keeps page number 0x8048 → frame 455 in set 0. 0x8048123 is physical 0x1c7123.",
  ]);
});

test("the ladder opens level by level; a hit needs none of it", () => {
  const [, , miss, hit] = run("two", ["map 0x8048000 ro", "read 0x8048123", "read 0x8048456"]);
  const open = (moment: Moment<WalkState>, width: number) =>
    layoutWalk(moment, width, words, null)
      .boxes.filter(({ key, look }) => key.endsWith(":2") && key.startsWith("row:") && look !== "free")
      .map(({ key, look }) => `${key} ${look}`);
  for (const width of [narrowWidth, wideWidth]) {
    expect(open(miss![0]!, width)).toEqual([]);
    expect(open(miss![1]!, width)).toEqual(["row:pgd:2 used"]);
    expect(open(miss![2]!, width)).toEqual(["row:pgd:2 used", "row:pte:2 file"]);
    expect(open(hit![0]!, width)).toEqual([]);
  }
  const labels = layoutWalk(hit![0]!, wideWidth, words, null).labels.map(({ text }) => text);
  expect(labels).toContain("pgd: not needed");
  expect(labels).toContain("= physical 0x1c7456");
});

test("a large page ends the walk at the directory, and the offset grows over the bits below", () => {
  const state = run("two", ["read 0xc0123456 kernel"]).at(-1)!.at(-1)!;
  const scene = layoutWalk(state, wideWidth, words, null);
  expect(scene.boxes.filter(({ key }) => key.startsWith("bar:")).map(({ key, label }) => [key, label])).toEqual([
    ["bar:pgd", "pgd 768 = 0x300"],
    ["bar:offset", "offset 0x123456"],
  ]);
  expect(scene.labels.map(({ text }) => text)).toContain("= physical 0x123456");
  expect(state.state.mmu.tlb.find(({ name }) => name === "large")?.entries).toHaveLength(1);
});

test("a forgotten flush: the freed page is still reached until invlpg", () => {
  const moments = run("stale", [
    "map 0x8048000",
    "write 0x8048000",
    "unmap 0x8048000 noflush",
    "read 0x8048004",
    "invlpg 0x8048000",
    "read 0x8048004",
  ]);
  const ends = moments.slice(1).map((steps) => steps.at(-1)!.result);
  expect(ends).toEqual([455, 0x1c7000, 455, 0x1c7004, null, "fault 4"]);
  expect(tell(moments.at(-1)!.at(-1)!)).toBe(
    "Page fault, error code 0x4: user read, not present. CR2 holds 0x8048004.",
  );
});

test("a write through a clean entry walks again for D; a write without the right faults from the TLB", () => {
  const [, , , dirty] = run("two", ["map 0x8048000", "read 0x8048000", "write 0x8048000"]);
  expect(tell(dirty![0]!)).toContain("only as clean");
  expect(tell(dirty!.at(-2)!)).toBe("Every level allows the access. D is set in pte.");
  const refused = run("two", ["map 0x8048000 ro", "read 0x8048000", "write 0x8048000"]).at(-1)!;
  expect(refused.map(tell)).toEqual([
    "Page fault, error code 0x7: user write, the page is present but the access is not allowed. CR2 holds 0x8048000. The TLB’s own copy refused; it is dropped.",
  ]);
});

test("the table says the way of a 48-bit address through four levels", () => {
  const { state } = run("four", ["map 0x7f1234567000", "read 0x7f1234567abc"]).at(-1)!.at(-1)!;
  const [walk] = tabulateWalk(state, words);
  expect(walk!.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
    ["pgd", "254"],
    ["pud", "72"],
    ["pmd", "418"],
    ["pte", "359"],
  ]);
});

test("each process has its own page at one address; switching empties the TLB but for the kernel's page", () => {
  const moments = run("two", [
    "map 0x8048000",
    "read 0x8048000",
    "read 0xc0000000 kernel",
    "switch b",
    "read 0x8048000",
  ]);
  const after = moments[4]!.at(-1)!.state;
  expect(after.mmu.tlb.flatMap(({ entries }) => entries).map(({ global }) => global)).toEqual([true]);
  expect(moments.at(-1)!.at(-1)!.result).toBe("fault 4");
});

test("entries with a number of their process stay over a switch", () => {
  const moments = run("tagged", [
    "map 0x8048000",
    "read 0x8048000",
    "switch b",
    "map 0x8048000",
    "read 0x8048000",
    "switch a",
    "read 0x8048000",
  ]);
  const last = moments.at(-1)!;
  expect(last.map(tell)).toEqual(["The TLB knows the page: a hit, no table is read. 0x8048000 is physical 0x1c7000."]);
  const cells = layoutWalk(last[0]!, wideWidth, words, null).boxes.filter(({ key }) => key.startsWith("tlb:data:0:"));
  expect(cells.map(({ label }) => label)).toEqual(["✓ A 0x8048 → 455 WU··", "✗ B 0x8048 → 457 WU··"]);
});

test("configurations of strangers are read or refused", () => {
  const good = { mode: "pae", sets: 2, ways: 4, policy: "plru", asid: "on" };
  expect(walkScenario.readConfig(good)).toEqual(good);
  for (const bad of [
    { ...good, mode: "five" },
    { ...good, ways: 3 },
    { ...good, sets: 1e9 },
    { ...good, policy: "mru" },
    { ...good, sets: "2" },
  ])
    expect(walkScenario.readConfig(bad)).toBeNull();
});
