// The folder exercises/ -> a typed, checked course. The numbered folder tree is the course; there is no manifest besides it.
import path from "node:path";
import { type ChapterFile, chapterFileSchema, courseFileSchema, folderPattern } from "./chapter";
import type { Chapter, Course, Exercise, Lesson, Problem } from "./exercise";
import { loadExercise } from "./load-exercise";
import { entries, type Folder, openFolder, readJson, readProse, report, subfolder } from "./read";

export const courseDirectory = path.join(/*turbopackIgnore: true*/ process.cwd(), "exercises");

/**
 * Reads the course. What an author got wrong is in `problems`, and the broken part is left out; the rest is complete.
 * @throws only if the folder cannot be read at all (permissions, disk).
 */
export async function loadCourse(directory: string = courseDirectory): Promise<Course> {
  const problems: Problem[] = [];
  const folder = openFolder(directory, directory, problems);
  const file = await readJson(folder, "course.json", courseFileSchema);
  const present = await entries(directory, "folder");
  const listed = file?.chapters ?? present.filter((name) => folderPattern.test(name));

  const chapters: Chapter[] = [];
  for (const name of listed) {
    if (present.includes(name)) chapters.push(...(await loadChapter(subfolder(folder, name), name)));
    else
      report(
        folder,
        "course.json",
        `chapters: there is no folder ${folder.name}/${name}; create it or take it off the list.`,
      );
  }
  for (const name of present)
    if (!listed.includes(name))
      report(folder, name, "This folder is not listed under chapters in course.json: list or delete it.");

  return {
    slug: file?.slug ?? "course",
    title: file?.title ?? { en: "Course", "zh-CN": "课程" },
    description: file?.description ?? { en: "", "zh-CN": "" },
    chapters: withoutDoubles(folder, chapters),
    problems,
  };
}

/** Every exercise of the course, in order. */
export function allExercises(course: Course): Exercise[] {
  return course.chapters.flatMap((chapter) => chapter.exercises);
}

async function loadChapter(folder: Folder, name: string): Promise<Chapter[]> {
  const [, number, slug] = folderPattern.exec(name) ?? [];
  const file = await readJson(folder, "chapter.json", chapterFileSchema);
  if (!file || !slug) return [];
  const exercises: Exercise[] = [];
  for (const entry of await entries(folder.directory, "folder")) {
    const exercise = await loadExercise(subfolder(folder, entry), slug);
    if (exercise) exercises.push(exercise);
  }
  const lesson = await loadLesson(folder, file);
  return [{ slug, number: Number(number), title: file.title, goal: file.goal, lesson, exercises }];
}

async function loadLesson(folder: Folder, file: ChapterFile): Promise<Lesson | null> {
  if (!file.lesson) return null;
  const { goals } = file.lesson;
  if (goals.en.length !== goals["zh-CN"].length)
    report(
      folder,
      "chapter.json",
      `lesson.goals: ${goals.en.length} in English but ${goals["zh-CN"].length} in Chinese: write the same ones.`,
    );
  const body = await readProse(folder, "lesson");
  return body && { ...file.lesson, body };
}

/** A uuid or a URL that stands twice would mix up two exercises' submissions: the later one is left out and reported. */
function withoutDoubles(folder: Folder, chapters: readonly Chapter[]): Chapter[] {
  const owners = new Map<string, string>();
  return chapters.map((chapter) => ({
    ...chapter,
    exercises: chapter.exercises.filter((exercise) => {
      const place = `${chapter.slug}/${exercise.slug}`;
      const taken = [exercise.uuid, exercise.slug].find((key) => owners.has(key));
      if (taken) report(folder, place, `"${taken}" already belongs to ${owners.get(taken)}: choose another.`);
      else for (const key of [exercise.uuid, exercise.slug]) owners.set(key, place);
      return !taken;
    }),
  }));
}
