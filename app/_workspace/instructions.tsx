// The left column as the server writes it: where one is, the title, and the author's prompt.
import Link from "next/link";
import { Markdown } from "@/app/_lesson/markdown";
import { linksOf } from "@/app/_lesson/resolve";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import type { FoundExercise } from "./exercise-data";

interface InstructionsProps {
  readonly found: FoundExercise;
  readonly locale: Locale;
}

export function ExerciseHeading({ found: { course, chapter, exercise }, locale }: InstructionsProps) {
  const t = translator(locale, "workspace");
  return (
    <header className="exercise-header">
      <p className="exercise-chapter">
        <Link className="link" href={paths.course(locale, course.slug)}>
          {chapter.title[locale]}
        </Link>
      </p>
      <h1>{exercise.title[locale]}</h1>
      <p className="quiet">
        {t("facts.level", { level: exercise.level })} · {t("facts.minutes", { minutes: exercise.minutes })} ·{" "}
        {t("facts.points", { points: exercise.points })}
        {chapter.lesson && (
          <>
            {" · "}
            <Link className="link" href={paths.lesson(locale, course.slug, chapter.lesson.slug)}>
              {t("facts.lesson")}
            </Link>
          </>
        )}
      </p>
    </header>
  );
}

export function Instructions({ found: { course, exercise }, locale }: InstructionsProps) {
  return (
    <div className="prose">
      <Markdown source={exercise.prompt[locale]} locale={locale} resolve={linksOf(course, locale)} />
    </div>
  );
}
