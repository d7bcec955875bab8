// What reading leaves behind for a signed-in reader: predictions and how far they have come.
import { z } from "zod";
import { theCourse } from "@/app/_shell/course";
import { recordPrediction } from "@/lib/db/predictions";
import { noteLesson } from "@/lib/db/progress";
import { ok, type Result, refuse } from "@/lib/db/result";
import { partsOf } from "./lesson-view";
import { answerSchema, outcomeOf } from "./outcome";

const anchor = z.string().regex(/^[a-z][a-z0-9-]{0,79}$/);

export const predictionSchema = z.strictObject({ lesson: anchor, question: z.string().max(100), answer: answerSchema });
export const progressSchema = z.strictObject({ lesson: anchor, section: anchor, finished: z.boolean() });

/** Refuses with `not_found` what no lesson asks. */
export async function storePrediction(
  userId: string,
  { lesson, question, answer }: z.infer<typeof predictionSchema>,
): Promise<Result<{ id: string }>> {
  const chapter = await chapterOf(lesson);
  if (!chapter) return refuse("not_found", "badPrediction");
  const outcome = outcomeOf(await partsOf(chapter), question, answer);
  if (outcome === null) return refuse("not_found", "badPrediction");
  return recordPrediction({ userId, question: `${lesson}/${question}`, seed: null, answer, outcome });
}

/** Refuses with `not_found` a lesson that does not exist. */
export async function storeProgress(userId: string, progress: z.infer<typeof progressSchema>): Promise<Result<null>> {
  if (!(await chapterOf(progress.lesson))) return refuse("not_found", "badRequest");
  await noteLesson({ userId, ...progress });
  return ok(null);
}

async function chapterOf(lesson: string) {
  return (await theCourse()).chapters.find((chapter) => chapter.lesson?.slug === lesson);
}
