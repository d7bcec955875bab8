// What an author writes above the exercises: exercises/course.json and exercises/<chapter>/chapter.json.
import { z } from "zod";

const text = z.strictObject({ en: z.string().min(1), "zh-CN": z.string().min(1) });
const texts = z.strictObject({ en: z.array(z.string().min(1)), "zh-CN": z.array(z.string().min(1)) });
const slug = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** Chapter and exercise folders: the number gives the order, the rest is the URL. */
export const folderPattern = /^(\d+)-([a-z][a-z0-9-]*)$/;

export const courseFileSchema = z.strictObject({
  $schema: z.string().optional(),
  slug,
  title: text,
  description: text,
  /** Chapter folders in the order in which they are taught, e.g. `06-buddy`. */
  chapters: z.array(z.string().regex(folderPattern)).min(1),
});
export type CourseFile = z.infer<typeof courseFileSchema>;

export const lessonFileSchema = z.strictObject({
  slug,
  title: text,
  /** What the reader can do afterwards; as many in each language. */
  goals: texts,
  minutes: z.number().int().positive(),
  sources: z.array(z.string().min(1)).min(1),
});

export const chapterFileSchema = z.strictObject({
  $schema: z.string().optional(),
  title: text,
  goal: text,
  /** The prose stands in lesson.en.md and lesson.zh-CN.md. Absent: a chapter of exercises only. */
  lesson: lessonFileSchema.optional(),
});
export type ChapterFile = z.infer<typeof chapterFileSchema>;
