// The course's own lessons, checked as an author's text would be: both languages, every reference, every claim.
import { describe, expect, it } from "vitest";
import { brokenClaims } from "./claims";
import type { Chapter, Lesson } from "./exercise";
import { chapterFolderName, differences, lessonProblems, loadLessonParts, renderLesson } from "./lesson";
import { loadCourse } from "./load";
import { renderDocument } from "./render";

const course = await loadCourse();
const chapters = course.chapters.filter((chapter): chapter is Chapter & { lesson: Lesson } => chapter.lesson !== null);

const everywhere = (kind: string, slug: string): string | null => {
  const [name] = slug.split("#");
  if (kind === "play") return "/play";
  const known =
    kind === "lesson"
      ? chapters.some(({ lesson }) => lesson.slug === name)
      : course.chapters.some((chapter) => chapter.exercises.some((exercise) => exercise.slug === name));
  return known ? `/${kind}/${slug}` : null;
};

describe.each(chapters)("the lesson of chapter $slug", (chapter) => {
  const parts = loadLessonParts(chapterFolderName(chapter));

  it("has no mistake in its references and says the same in both languages", async () => {
    expect(await lessonProblems(chapter, await parts, everywhere)).toEqual([]);
  });

  it("shows every figure and asks every question of its files", async () => {
    const { figures, questions } = await parts;
    const { references } = await renderLesson(chapter.lesson, "en", everywhere);
    expect(references.figures.toSorted()).toEqual(Object.keys(figures).toSorted());
    expect(references.questions.toSorted()).toEqual(Object.keys(questions).toSorted());
    expect(references.exercises.toSorted()).toEqual(chapter.exercises.map(({ slug }) => slug).toSorted());
  });

  it("claims nothing that the simulated machine does not do", async () => {
    for (const [id, figure] of Object.entries((await parts).figures)) expect(brokenClaims(figure), id).toEqual([]);
  });

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

  it("leads from its prompts and hints only to places that exist, the same ones in both languages", async () => {
    for (const exercise of chapter.exercises) {
      const texts: [string, string, string][] = [
        ["prompt", exercise.prompt.en, exercise.prompt["zh-CN"]],
        ...exercise.hints.en.map((hint, i): [string, string, string] => [
          `hint ${i + 1}`,
          hint,
          exercise.hints["zh-CN"][i] ?? "",
        ]),
      ];
      for (const [name, en, zh] of texts) {
        const english = await renderDocument(en, "en", everywhere);
        const chinese = await renderDocument(zh, "zh-CN", everywhere);
        const where = `${exercise.slug}: ${name}`;
        expect([...english.complaints, ...chinese.complaints], where).toEqual([]);
        if (name === "prompt") expect(differences(english, chinese), where).toEqual([]);
      }
    }
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
});
