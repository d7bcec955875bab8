// The way from a lesson to an exercise.
import type { Exercise } from "@/lib/course/exercise";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

interface ExerciseCardProps {
  readonly locale: Locale;
  readonly course: string;
  readonly exercise: Exercise;
  /** Position within the chapter, from 1. */
  readonly number: number;
}

export function ExerciseCard({ locale, course, exercise, number }: ExerciseCardProps) {
  const t = translator(locale, "lesson");
  return (
    <div className="exercise-card">
      <p className="callout-kind">{t("exerciseCard", { number })}</p>
      <p className="exercise-title">
        <a className="link" href={paths.exercise(locale, course, exercise.slug)}>
          {exercise.title[locale]}
        </a>
      </p>
      <p className="exercise-facts">{exerciseFacts(locale, exercise)}</p>
    </div>
  );
}

/** Level, time and points in one line. */
export function exerciseFacts(locale: Locale, { level, minutes, points }: Exercise): string {
  return translator(locale, "lesson")("exerciseFacts", { level, minutes, points });
}
