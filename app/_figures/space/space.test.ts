import { describe, expect, test } from "vitest";
import { openPreset } from "@/lib/scenarios/open-part";
import type { Moment } from "@/lib/scenarios/run";
import { spaceScenario } from "@/lib/scenarios/space";
import type { SpaceState } from "@/lib/scenarios/space-types";
import { translator } from "@/lib/words/translator";
import { sentenceOf } from "../narrate";
import type { AnyPart } from "../part";
import { narrowWidth, wideWidth } from "../scene";
import type { AnyWords } from "../words";
import { layoutSpace } from "./layout";
import { lineHeight, segmentsOf, yOf } from "./segments";
import { spacePart } from "./space";

const words = translator("en", "figure-space");
const shared = translator("en", "figure");

function momentsOf(preset: string): Moment<SpaceState>[] {
  return openPreset(spaceScenario as never, preset).moments.flat() as Moment<SpaceState>[];
}

const tell = (moment: Moment<SpaceState>) =>
  sentenceOf(spacePart as unknown as AnyPart, moment, words as unknown as AnyWords, shared);

describe("an address space in words", () => {
  test("the search downward, a hole, and the request that fills it", () => {
    expect(momentsOf("empty").map((moment) => [moment.line, tell(moment)])).toEqual([
      [null, "Start: The process has no area yet. The next search begins at 0xb800_0000."],
      ["mmap 1 rw", "Searching downward: 0xb7ff_f000 is free. The next search begins at 0xb800_0000."],
      [
        "mmap 1 rw",
        "Nothing to merge with: 0xb7ff_f000–0xb800_0000 becomes an area of its own. It returns 0xb7ff_f000.",
      ],
      ["mmap 3 rw", "3 pages do not fit at 0xb7ff_d000: area 0xb7ff_f000–0xb800_0000 is in the way."],
      ["mmap 3 rw", "free_area_cache goes from 0xb800_0000 to 0xb7ff_f000: the area that ends there is passed."],
      ["mmap 3 rw", "Searching downward: 0xb7ff_c000 is free. The next search begins at 0xb7ff_c000."],
      [
        "mmap 3 rw",
        "Case 3: the area after it grows down over it. The result is 0xb7ff_c000–0xb800_0000. It returns 0xb7ff_c000.",
      ],
      ["mmap 2 r", "Searching downward: 0xb7ff_a000 is free. The next search begins at 0xb7ff_a000."],
      [
        "mmap 2 r",
        "Nothing to merge with: 0xb7ff_a000–0xb7ff_c000 becomes an area of its own. It returns 0xb7ff_a000.",
      ],
      [
        "munmap 0xb7ffd000 1",
        "Area 0xb7ff_c000–0xb800_0000 is cut at 0xb7ff_d000; the upper part gets the new structure.",
      ],
      [
        "munmap 0xb7ffd000 1",
        "Area 0xb7ff_d000–0xb800_0000 is cut at 0xb7ff_e000; the lower part gets the new structure.",
      ],
      [
        "munmap 0xb7ffd000 1",
        "free_area_cache goes from 0xb7ff_a000 to 0xb7ff_e000: addresses there have become free. Area 0xb7ff_d000–0xb7ff_e000 is gone. munmap returns 0.",
      ],
      ["mmap 1 rw", "Searching downward: 0xb7ff_d000 is free. The next search begins at 0xb7ff_d000."],
      [
        "mmap 1 rw",
        "Case 1: it fills the hole between two areas, and all three become one. The result is 0xb7ff_c000–0xb800_0000. It returns 0xb7ff_d000.",
      ],
    ]);
  });

  test("fork shares frames, and each write takes one out of the sharing", () => {
    const tied = momentsOf("fork").map(({ line, state }) => [
      line,
      state.parent?.areas[0]?.tied,
      state.child?.areas[0]?.tied,
    ]);
    expect(tied.slice(-3)).toEqual([
      ["fork", 3, 3],
      ["write 0x10001000", 2, 2],
      ["write 0x10002000 child", 1, 1],
    ]);
    expect(tell(momentsOf("fork").at(-1)!)).toMatch(
      /^The write at 0x1000_2000 faults\. The frame is shared: a copy is made, frame \d+\. The write is done\.$/,
    );
  });
});

describe("places", () => {
  test("segments fill the bar exactly, from 3 GiB to 0, none lower than a line of text", () => {
    for (const preset of ["program", "empty", "up", "cases", "fork"]) {
      for (const { state } of momentsOf(preset)) {
        const segments = segmentsOf(state.parent!, 0, 500);
        expect(segments[0]?.end).toBe(0xc0000000);
        expect(segments.at(-1)?.start).toBe(0);
        expect(segments.reduce((sum, { height }) => sum + height, 0)).toBeCloseTo(500, 6);
        for (const { kind, height } of segments)
          expect(height).toBeGreaterThanOrEqual(kind === "gap" ? 15 : lineHeight);
        for (const [index, segment] of segments.slice(1).entries()) expect(segment.end).toBe(segments[index]!.start);
        expect(yOf(segments, 0xc0000000)).toBe(0);
      }
    }
  });

  test("higher addresses stand higher, and the height never changes", () => {
    const all = momentsOf("program");
    for (const width of [narrowWidth, wideWidth]) {
      const scenes = all.map((moment) => layoutSpace(moment, width, words, null));
      expect(new Set(scenes.map(({ height }) => height)).size).toBe(1);
      const areas = scenes.at(-1)!.boxes.filter(({ key }) => key.startsWith("area:"));
      expect(areas.map(({ y }) => y)).toEqual([...areas.map(({ y }) => y)].sort((a, b) => a - b));
      expect(areas.map(({ label }) => label?.split(" ")[0])).toEqual([
        "stack",
        "file",
        "anonymous",
        "heap",
        "data",
        "text",
      ]);
    }
  });

  test("two processes stand side by side, tied where they share, with a broken tie where one has written", () => {
    const scene = layoutSpace(momentsOf("fork").at(-1)!, wideWidth, words, null);
    expect(scene.labels.map(({ text }) => text)).toContain("1 of 3 shared");
    expect(scene.shapes.filter(({ look }) => look === "mark-dashed")).toHaveLength(1);
    expect(scene.boxes.filter(({ key }) => key.startsWith("kernel:"))).toHaveLength(2);
  });

  test("of very many areas those in the middle are one piece", () => {
    const state = momentsOf("cases")[2]!.state;
    const area = state.parent!.areas[0]!;
    const areas = Array.from({ length: 60 }, (_, index) => ({
      ...area,
      id: index,
      start: 0x10000000 + index * 0x4000,
      end: 0x10001000 + index * 0x4000,
    }));
    const segments = segmentsOf({ ...state.parent!, areas }, 0, 500);
    expect(segments.find(({ kind }) => kind === "more")).toMatchObject({ hidden: 49 });
    expect(segments.reduce((sum, { height }) => sum + height, 0)).toBeCloseTo(500, 6);
  });
});
