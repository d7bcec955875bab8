// One lesson, ready to be shown: its prose as a safe tree, and the figures and questions that the prose names.
import path from "node:path";
import type { Locale } from "@/lib/words/text";
import type { ResolveLink } from "./directives";
import type { Chapter, Lesson, Problem } from "./exercise";
import { type FigureFile, figuresFileSchema, type QuestionFile, questionsFileSchema } from "./figures-file";
import { courseDirectory } from "./load";
import { openFolder, readJson, report } from "./read";
import { type Rendered, renderDocument } from "./render";

export interface LessonParts {
  readonly figures: Readonly<Record<string, FigureFile>>;
  readonly questions: Readonly<Record<string, QuestionFile>>;
  readonly problems: readonly Problem[];
}

export function chapterFolderName(chapter: Pick<Chapter, "number" | "slug">): string {
  return `${String(chapter.number).padStart(2, "0")}-${chapter.slug}`;
}

/** The data behind the chapter's figures and questions. What cannot be read is a problem; the rest is there. */
export async function loadLessonParts(chapterFolder: string, directory = courseDirectory): Promise<LessonParts> {
  const problems: Problem[] = [];
  const folder = openFolder(path.join(directory, chapterFolder), directory, problems);
  const figures = await readJson(folder, "figures.json", figuresFileSchema);
  const questions = await readJson(folder, "questions.json", questionsFileSchema);
  return { figures: figures?.figures ?? {}, questions: questions?.questions ?? {}, problems };
}

export async function renderLesson(lesson: Lesson, locale: Locale, resolve: ResolveLink): Promise<Rendered> {
  return renderDocument(lesson.body[locale], locale, resolve);
}

/** Every mistake in a lesson's prose, in both languages, in sentences that say what to do. */
export async function lessonProblems(
  chapter: Chapter & { lesson: Lesson },
  parts: LessonParts,
  resolve: ResolveLink,
  directory = courseDirectory,
): Promise<Problem[]> {
  const problems: Problem[] = [...parts.problems];
  const folder = openFolder(path.join(directory, chapterFolderName(chapter)), directory, problems);
  const english = await renderLesson(chapter.lesson, "en", resolve);
  const chinese = await renderLesson(chapter.lesson, "zh-CN", resolve);
  const known = { figures: parts.figures, questions: parts.questions };
  for (const [file, { complaints, references }] of [
    ["lesson.en.md", english],
    ["lesson.zh-CN.md", chinese],
  ] as const) {
    for (const { line, message } of complaints) report(folder, file, message, line);
    for (const kind of ["figures", "questions"] as const)
      for (const id of references[kind])
        if (!known[kind][id]) report(folder, file, `${kind}.json has no "${id}": add it or take it out of the text`);
    for (const slug of references.exercises)
      if (!chapter.exercises.some((exercise) => exercise.slug === slug))
        report(folder, file, `this chapter has no exercise "${slug}"`);
  }
  for (const message of differences(english, chinese)) report(folder, "lesson.zh-CN.md", message);
  return problems;
}

/** In what the two languages of one text differ although they must not. */
export function differences(english: Rendered, chinese: Rendered): string[] {
  const pairs: [string, readonly string[], readonly string[]][] = [
    ["headings", headingLines(english), headingLines(chinese)],
    ["figures", english.references.figures, chinese.references.figures],
    ["questions", english.references.questions, chinese.references.questions],
    ["exercise cards", english.references.exercises, chinese.references.exercises],
    ["links into the course", english.references.links.toSorted(), chinese.references.links.toSorted()],
    ["directives", english.references.directives.toSorted(), chinese.references.directives.toSorted()],
  ];
  return pairs.flatMap(([what, en, zh]) => {
    if (en.join("\n") === zh.join("\n")) return [];
    const missing = en.find((line) => !zh.includes(line));
    const extra = zh.find((line) => !en.includes(line));
    return [
      `the ${what} differ from the English text: missing ${missing ?? "(a repeated one)"}, extra ${extra ?? "-"}`,
    ];
  });
}

function headingLines({ headings }: Rendered): string[] {
  return headings.map(({ depth, id }) => `h${depth} #${id}`);
}
