// Everything that the lesson page shows, found by its URL.
import { theCourse } from "@/app/_shell/course";
import type { ResolveLink } from "@/lib/course/directives";
import type { Chapter, Course, Lesson, Problem } from "@/lib/course/exercise";
import {
  chapterFolderName,
  type LessonParts,
  lessonProblems,
  loadLessonParts,
  renderLesson,
} from "@/lib/course/lesson";
import type { Rendered } from "@/lib/course/render";
import type { Locale } from "@/lib/words/text";
import { linksOf } from "./resolve";

export interface LessonView {
  readonly course: Course;
  readonly chapter: Chapter;
  readonly lesson: Lesson;
  readonly parts: LessonParts;
  readonly rendered: Rendered;
  /** For those who may see an author's mistakes. */
  problems(): Promise<Problem[]>;
}

export async function findLesson(courseSlug: string, slug: string) {
  const course = await theCourse();
  if (course.slug !== courseSlug) return null;
  const chapter = course.chapters.find(({ lesson }) => lesson?.slug === slug);
  return chapter?.lesson ? { course, chapter, lesson: chapter.lesson } : null;
}

export async function viewLesson(locale: Locale, courseSlug: string, slug: string): Promise<LessonView | null> {
  const found = await findLesson(courseSlug, slug);
  if (!found) return null;
  const { course, chapter, lesson } = found;
  const resolve = linksOf(course, locale);
  const [parts, rendered] = await Promise.all([partsOf(chapter), renderedOnce(lesson, locale, resolve)]);
  return { ...found, parts, rendered, problems: () => lessonProblems({ ...chapter, lesson }, parts, resolve) };
}

// Rendering takes about a hundred milliseconds and the result depends on the lesson alone. In production the course, and so
// the lesson, is one object for the life of the process; in development every request reads a new one.
const renderings = new WeakMap<Lesson, Map<Locale, Promise<Rendered>>>();
const partsByChapter = new WeakMap<Chapter, Promise<LessonParts>>();

function renderedOnce(lesson: Lesson, locale: Locale, resolve: ResolveLink): Promise<Rendered> {
  const byLocale = renderings.get(lesson) ?? new Map<Locale, Promise<Rendered>>();
  renderings.set(lesson, byLocale);
  const rendering = byLocale.get(locale) ?? renderLesson(lesson, locale, resolve);
  byLocale.set(locale, rendering);
  return rendering;
}

export function partsOf(chapter: Chapter): Promise<LessonParts> {
  const parts = partsByChapter.get(chapter) ?? loadLessonParts(chapterFolderName(chapter));
  partsByChapter.set(chapter, parts);
  return parts;
}
