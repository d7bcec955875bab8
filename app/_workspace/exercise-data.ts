// What the page of an exercise needs from the course and the database, for whoever is looking.
import "server-only";
import { cookies } from "next/headers";
import { cache } from "react";
import type { Shown } from "@/app/_result/model";
import { theCourse } from "@/app/_shell/course";
import { visitor } from "@/app/_shell/visitor";
import type { Chapter, Course, Exercise, PublicExercise } from "@/lib/course/exercise";
import { db } from "@/lib/db/client";
import { getDraft } from "@/lib/db/drafts";
import { history, isFinal, type SubmissionSummary, submissionFor } from "@/lib/db/submissions";
import { publicExercise } from "@/lib/db/sync";
import { typicalSeconds } from "@/lib/db/typical-wait";
import type { ServerDraft } from "./draft";
import { type Layout, layoutCookie, parseLayout } from "./layout";
import type { SubmissionLine } from "./submission";

export interface FoundExercise {
  readonly course: Course;
  readonly chapter: Chapter;
  readonly exercise: Exercise;
  /** The one after it in the course. */
  readonly next: Exercise | null;
}

export const findExercise = cache(async (courseSlug: string, slug: string): Promise<FoundExercise | null> => {
  const course = await theCourse();
  if (course.slug !== courseSlug) return null;
  const all = course.chapters.flatMap((chapter) => chapter.exercises.map((exercise) => ({ chapter, exercise })));
  const at = all.findIndex(({ exercise }) => exercise.slug === slug);
  const found = all[at];
  return found ? { course, ...found, next: all[at + 1]?.exercise ?? null } : null;
});

export interface ExerciseData {
  readonly userId: string | null;
  /** Null while the course is being measured, or if its author's solution is broken. */
  readonly published: PublicExercise | null;
  readonly draft: ServerDraft | null;
  readonly submissions: readonly SubmissionLine[];
  readonly open: string | null;
  readonly last: Shown | null;
  /** How long grading usually takes; null if nobody has submitted yet. */
  readonly typicalSeconds: number | null;
  readonly layout: Layout;
}

export async function exerciseData(exercise: Exercise): Promise<ExerciseData> {
  const [user, jar, published] = await Promise.all([visitor(), cookies(), publicExercise(db(), exercise.uuid)]);
  const layout = parseLayout(jar.get(layoutCookie)?.value);
  if (!user)
    return {
      userId: null,
      published,
      draft: null,
      submissions: [],
      open: null,
      last: null,
      typicalSeconds: null,
      layout,
    };
  const [draft, rows, typical] = await Promise.all([
    getDraft(user.id, exercise.uuid),
    history(user.id, exercise.uuid),
    typicalSeconds(exercise.uuid),
  ]);
  const graded = rows.find((row) => isFinal(row.status) && row.status !== "cancelled");
  return {
    userId: user.id,
    published,
    draft: draft && { source: draft.source, rev: draft.rev },
    submissions: rows.map(toLine),
    // Only the newest can still be waited for; an older open one is about to be superseded.
    open: rows[0] && !isFinal(rows[0].status) ? rows[0].id : null,
    typicalSeconds: typical,
    last: graded ? await shownSubmission(user.id, graded.id) : null,
    layout,
  };
}

/** A graded submission of that user; null if there is none, or it is not graded. */
export async function shownSubmission(userId: string, id: string): Promise<Shown | null> {
  const found = await submissionFor(userId, id);
  if (!found.ok || found.value.verdict === null) return null;
  const { source, verdict, errorId } = found.value;
  return { submissionId: id, source, verdict, errorId };
}

function toLine({ id, status, score, maxScore, createdAt }: SubmissionSummary): SubmissionLine {
  return { id, status, score, maxScore, createdAt: createdAt.toISOString() };
}
