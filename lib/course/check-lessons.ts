// Every mistake in the course's lessons, prompts and hints that can be found without running an exercise.
import { brokenClaims } from "./claims";
import type { ResolveLink } from "./directives";
import type { Chapter, Course, Exercise, Lesson, Problem } from "./exercise";
import { chapterFolderName, differences, lessonProblems, loadLessonParts, renderLesson } from "./lesson";
import { courseDirectory } from "./load";
import { renderDocument } from "./render";

export async function checkLessons(course: Course, directory = courseDirectory): Promise<Problem[]> {
  const resolve = existingPlaces(course);
  const problems: Problem[] = [];
  for (const chapter of course.chapters) {
    const { lesson } = chapter;
    if (lesson) problems.push(...(await checkLesson({ ...chapter, lesson }, resolve, directory)));
    for (const exercise of chapter.exercises) problems.push(...(await checkTexts(exercise, resolve)));
  }
  return problems;
}

/** Resolves what the course has to a path that is good for checking only. */
export function existingPlaces(course: Course): ResolveLink {
  return (kind, target) => {
    const [slug] = target.split("#");
    const exists = {
      play: () => true,
      lesson: () => course.chapters.some(({ lesson }) => lesson?.slug === slug),
      exercise: () => course.chapters.some(({ exercises }) => exercises.some((exercise) => exercise.slug === slug)),
    };
    return exists[kind]() ? `/${kind}/${target}` : null;
  };
}

async function checkLesson(
  chapter: Chapter & { lesson: Lesson },
  resolve: ResolveLink,
  directory: string,
): Promise<Problem[]> {
  const name = chapterFolderName(chapter);
  const parts = await loadLessonParts(name, directory);
  const problems = await lessonProblems(chapter, parts, resolve, directory);
  const { references } = await renderLesson(chapter.lesson, "en", resolve);
  const report = (file: string, message: string) =>
    problems.push({ file: `exercises/${name}/${file}`, line: null, message });
  for (const id of Object.keys(parts.figures))
    if (!references.figures.includes(id))
      report("figures.json", `the lesson does not show "${id}": place or delete it.`);
  for (const id of Object.keys(parts.questions))
    if (!references.questions.includes(id)) report("questions.json", `the lesson does not ask "${id}".`);
  for (const { slug } of chapter.exercises)
    if (!references.exercises.includes(slug)) report("lesson.en.md", `no ::exercise{slug=${slug}} leads to it.`);
  for (const [id, figure] of Object.entries(parts.figures))
    for (const broken of brokenClaims(figure)) report("figures.json", `${id}: ${broken}.`);
  return problems;
}

async function checkTexts(exercise: Exercise, resolve: ResolveLink): Promise<Problem[]> {
  const { prompt, hints } = exercise;
  const texts: { file: string; en: string; zh: string }[] = [
    { file: "prompt", en: prompt.en, zh: prompt["zh-CN"] },
    ...hints.en.map((en, i) => ({ file: "hints", en, zh: hints["zh-CN"][i] ?? "" })),
  ];
  const problems: Problem[] = [];
  for (const { file, en, zh } of texts) {
    const english = await renderDocument(en, "en", resolve);
    const chinese = await renderDocument(zh, "zh-CN", resolve);
    for (const [locale, { complaints }] of Object.entries({ en: english, "zh-CN": chinese }))
      for (const { line, message } of complaints)
        problems.push({ file: `${exercise.slug}/${file}.${locale}.md`, line, message });
    // Hints have no heading ids: their headings are prose.
    if (file === "prompt")
      for (const message of differences(english, chinese))
        problems.push({ file: `${exercise.slug}/${file}.zh-CN.md`, line: null, message });
  }
  return problems;
}
