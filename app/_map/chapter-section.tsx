// One chapter of the course map: what it is for, its lesson, and its exercises with what was reached.
import type { Chapter, Exercise } from "@/lib/course/exercise";
import type { CourseProgress } from "@/lib/db/progress";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { type ExerciseState, exerciseState, type LessonState, lessonState, totals } from "./progress-view";
import { StatusIcon, type StatusShape } from "./status-icon";

interface ChapterProps {
  readonly locale: Locale;
  readonly course: string;
  readonly chapter: Chapter;
  /** From 1. A folder's number only orders: a course that begins with 06-buddy begins with chapter 1. */
  readonly place: number;
  readonly progress: CourseProgress;
  readonly open: boolean;
}

export function ChapterSection({ locale, course, chapter, place, progress, open }: ChapterProps) {
  const t = translator(locale, "course");
  const { lesson, exercises } = chapter;
  const reached = totals(exercises, progress);
  return (
    <li className="border-t border-edge-soft first:border-t-0">
      <details open={open} className="group py-2">
        <summary className="flex gap-4 rounded-md py-4 pr-2 hover:bg-panel">
          <span className="mt-1.5 ml-1 self-start text-ink-soft transition-transform group-open:rotate-90">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" className="block">
              <path d="m4 2 4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.8" />
            </svg>
          </span>
          <span className="grid flex-1 gap-1">
            <span className="text-sm text-ink-soft">{t("chapter", { number: place })}</span>
            <h3 className="text-xl">{chapter.title[locale]}</h3>
            <span className="max-w-[68ch] text-ink-soft">{chapter.goal[locale]}</span>
          </span>
          <span className="hidden shrink-0 pt-6 text-right text-sm text-ink-soft sm:block">
            {reached.exercises > 0 && t("progress", { passed: reached.passed, total: reached.exercises })}
          </span>
        </summary>
        <div className="grid gap-6 pt-2 pb-6 pl-8">
          {lesson !== null && (
            <LessonRow
              title={lesson.title[locale]}
              href={paths.lesson(locale, course, lesson.slug)}
              kind={t("lesson")}
              time={t("minutes", { minutes: lesson.minutes })}
              status={t(`lessonStatus.${lessonState(lesson, progress)}`)}
              shape={lessonShape[lessonState(lesson, progress)]}
            />
          )}
          {exercises.length > 0 && (
            <ExerciseTable locale={locale} course={course} exercises={exercises} progress={progress} />
          )}
        </div>
      </details>
    </li>
  );
}

const lessonShape: Readonly<Record<LessonState, StatusShape>> = { new: "empty", started: "begun", finished: "done" };

const exerciseShape: Readonly<Record<ExerciseState["kind"], StatusShape>> = {
  new: "empty",
  draft: "begun",
  waiting: "waiting",
  partial: "begun",
  failed: "wrong",
  passed: "done",
  ours: "waiting",
};

interface LessonRowProps {
  readonly title: string;
  readonly href: string;
  readonly kind: string;
  readonly time: string;
  readonly status: string;
  readonly shape: StatusShape;
}

function LessonRow({ title, href, kind, time, status, shape }: LessonRowProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="text-sm text-ink-soft">{kind}</span>
      <a className="link text-[1.0625rem] font-medium" href={href}>
        {title}
      </a>
      <span className="flex items-center gap-2 text-sm">
        <StatusIcon shape={shape} />
        {status}
      </span>
      <span className="text-sm text-ink-soft">{time}</span>
    </p>
  );
}

function ExerciseTable({
  locale,
  course,
  exercises,
  progress,
}: Omit<ChapterProps, "chapter" | "place" | "open"> & { exercises: readonly Exercise[] }) {
  const t = translator(locale, "course");
  return (
    // On a phone the cells of a row stack; the row stays a row to assistive technology.
    <table className="map-table">
      <caption className="visually-hidden">{t("exercises")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("columns.exercise")}</th>
          <th scope="col">{t("columns.status")}</th>
          <th scope="col" className="number">
            {t("columns.points")}
          </th>
          <th scope="col" className="number">
            {t("columns.time")}
          </th>
        </tr>
      </thead>
      <tbody>
        {exercises.map((exercise) => {
          const state = exerciseState(exercise, progress.exercises.get(exercise.uuid));
          return (
            <tr key={exercise.uuid}>
              <th scope="row">
                <a className="link font-medium" href={paths.exercise(locale, course, exercise.slug)}>
                  {exercise.title[locale]}
                </a>
                <span className="ml-3 text-sm font-normal whitespace-nowrap text-ink-soft">
                  {t(`kind.${exercise.kind}`)} · {t("level", { level: exercise.level })}
                </span>
              </th>
              <td>
                <span className="inline-flex items-center gap-2">
                  <StatusIcon shape={exerciseShape[state.kind]} />
                  {state.kind === "partial"
                    ? t("status.partial", { earned: state.earned, total: state.total })
                    : t(`status.${state.kind}`)}
                </span>
              </td>
              <td className="number">{t("pointsOnly", { points: exercise.points })}</td>
              <td className="number">{t("minutes", { minutes: exercise.minutes })}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
