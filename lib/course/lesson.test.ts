// The course's own lessons, checked as an author's text would be: both languages, every reference, every claim.
import { describe, expect, it } from "vitest";
import { checkLessons, existingPlaces } from "./check-lessons";
import { brokenClaims } from "./claims";
import type { Chapter, Lesson } from "./exercise";
import { differences, renderLesson } from "./lesson";
import { loadCourse } from "./load";
import { renderDocument } from "./render";

const course = await loadCourse();
const chapters = course.chapters.filter((chapter): chapter is Chapter & { lesson: Lesson } => chapter.lesson !== null);
const everywhere = existingPlaces(course);

describe("the course's texts", () => {
  it("make no mistake in their references, say the same in both languages, and claim only what the machine does", async () => {
    expect(chapters.length).toBeGreaterThan(0);
    expect(await checkLessons(course)).toEqual([]);
  });
});

describe.each(chapters)("the lesson of chapter $slug", (chapter) => {
  it("gives the English word in brackets where a term first appears in Chinese", async () => {
    const source = chapter.lesson.body["zh-CN"];
    const { references } = await renderLesson(chapter.lesson, "zh-CN", everywhere);
    expect(references.terms.length).toBeGreaterThan(10);
    for (const term of new Set(references.terms)) {
      const [use] = new RegExp(`:term\\[([^\\]]*)\\]\\{id=${term}\\}(.{0,3}（[A-Za-z])?`).exec(source) ?? [];
      const alreadyLatin = /^:term\[[a-zA-Z_]+\]/.test(use ?? "");
      expect(alreadyLatin || use?.includes("（"), term).toBe(true);
    }
  });
});

describe("checking lessons", () => {
  it("reports a link that leads nowhere, a figure that is not there and a heading that a translation lacks", async () => {
    const [chapter] = chapters;
    const body = { en: "## A {#a}\n\n::figure{id=gone}\n\n[x](exercise:gone)", "zh-CN": "## 甲 {#b}" };
    const broken = { ...course, chapters: [{ ...chapter!, lesson: { ...chapter!.lesson, body } }] };
    const messages = (await checkLessons(broken)).map(({ message }) => message).join("\n");
    expect(messages).toContain('the link "exercise:gone" leads nowhere');
    expect(messages).toContain('figures.json has no "gone"');
    expect(messages).toContain("missing h2 #a, extra h2 #b");
    expect(messages).toContain('the lesson does not show "split-chain"');
  });
});

describe("comparing two languages", () => {
  it("names what the translation lacks", async () => {
    const english = await renderDocument("## A {#a}\n\n::figure{id=one}", "en", () => null);
    const chinese = await renderDocument("## 甲 {#b}", "zh-CN", () => null);
    const found = differences(english, chinese);
    expect(found.find((line) => line.startsWith("the headings"))).toContain("missing h2 #a, extra h2 #b");
    expect(found.find((line) => line.startsWith("the figures"))).toContain("missing one");
  });
});

describe("a claim about a figure", () => {
  it("is reported when the machine does something else", () => {
    const text = { en: "x", "zh-CN": "甲" };
    const config = { pages: 8, init: "one-block" as const };
    const figure = { kind: "static" as const, caption: text, config, ops: [], claims: [{ after: 0, freePages: 7 }] };
    expect(brokenClaims(figure)).toEqual(["after 0 operations free_pages is 8, but the lesson says 7"]);
    expect(brokenClaims({ ...figure, claims: [{ after: 3 }] })[0]).toContain("there is no state");
  });

  it("of a part is reported with the value that the machine has", () => {
    const text = { en: "x", "zh-CN": "甲" };
    const figure = {
      kind: "part" as const,
      part: "zones" as const,
      show: "stepper" as const,
      caption: text,
      config: "empty",
      ops: ["alloc dma 3", "free 0"],
    };
    const claims = [{ after: 1, result: 0, state: { "zones.0.min": 16, "live.0.order": 3 } }];
    expect(brokenClaims({ ...figure, claims })).toEqual([]);
    expect(brokenClaims({ ...figure, claims: [{ after: 2, state: { kswapd: "awake" } }] })).toEqual([
      'after 2 operations kswapd is "asleep", but the lesson says "awake"',
    ]);
    expect(brokenClaims({ ...figure, ops: ["free 1"] })).toEqual(["1 of its operations are refused"]);
    expect(brokenClaims({ ...figure, ops: ["fly"] })[0]).toContain("no command");
    const { show: _, ...rest } = figure;
    const question = { ...rest, kind: "part-predict" as const, ask: text, why: text };
    expect(brokenClaims({ ...question, answer: "result" })).toEqual([]);
    expect(brokenClaims({ ...question, answer: "kswapd" })).toEqual([
      '"kswapd" names no number and no list of numbers',
    ]);
  });
});
