// A lesson: prose with figures and questions, the exercises that belong to it, and where its facts come from.
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { ExerciseCard, exerciseFacts } from "@/app/_lesson/exercise-card";
import { LessonFigure } from "@/app/_lesson/lesson-figure";
import { LessonQuestion } from "@/app/_lesson/lesson-question";
import { findLesson, type LessonView, viewLesson } from "@/app/_lesson/lesson-view";
import { type Placements, Prose } from "@/app/_lesson/markdown";
import { LessonProblems } from "@/app/_lesson/problems";
import { OnThisPage } from "@/app/_lesson/reading.client";
import { localeOf } from "@/app/_shell/locale-params";
import { visitor } from "@/app/_shell/visitor";
import { Words } from "@/app/_shell/words";
import { lessonState } from "@/lib/db/progress";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

interface LessonPageProps {
  readonly params: Promise<{ locale: string; course: string; lesson: string }>;
}

export async function generateMetadata(props: LessonPageProps): Promise<Metadata> {
  const [locale, { course, lesson }] = await Promise.all([localeOf(props), props.params]);
  const found = await findLesson(course, lesson);
  return found ? { title: found.lesson.title[locale], description: found.chapter.goal[locale] } : {};
}

export default async function LessonPage(props: LessonPageProps) {
  const [locale, { course, lesson }] = await Promise.all([localeOf(props), props.params]);
  const [view, user] = await Promise.all([viewLesson(locale, course, lesson), visitor()]);
  if (!view) notFound();
  const t = translator(locale, "lesson");
  const stored = user !== null;
  const reached = user && (await lessonState(user.id, view.lesson.slug))?.section;
  const sections = view.rendered.headings.filter(({ depth }) => depth <= 3);
  const resume = sections.find(({ id }, index) => index > 0 && id === reached);
  return (
    <div className="page lesson">
      <Words locale={locale} names={["lesson", "figure"]}>
        <OnThisPage lesson={view.lesson.slug} sections={sections} stored={stored} reached={reached ?? null} />
        <article className="lesson-body prose">
          <header>
            <p className="lesson-chapter">
              <a href={paths.course(locale, view.course.slug)}>{view.chapter.title[locale]}</a>
            </p>
            <h1>{view.lesson.title[locale]}</h1>
            <p className="lesson-minutes">
              {t("minutes", { minutes: view.lesson.minutes })}
              {resume && (
                <>
                  {" · "}
                  <a href={`#${resume.id}`}>{t("continueAt", { section: resume.text })}</a>
                </>
              )}
            </p>
          </header>
          <Suspense>
            <LessonProblems view={view} locale={locale} user={user} />
          </Suspense>
          <section aria-labelledby="goals" className="lesson-goals">
            <p id="goals">{t("goals")}</p>
            <ul>
              {view.lesson.goals[locale].map((goal) => (
                <li key={goal}>{goal}</li>
              ))}
            </ul>
          </section>
          <Prose tree={view.rendered.tree} locale={locale} placements={placements(view, locale, stored)} />
          <LessonEnd view={view} locale={locale} />
        </article>
      </Words>
    </div>
  );
}

function placements({ course, chapter, lesson, parts }: LessonView, locale: Locale, stored: boolean): Placements {
  return {
    figure: (id, number) => {
      const figure = parts.figures[id];
      return figure ? <LessonFigure {...{ locale, id, number, figure, stored }} lesson={lesson.slug} /> : null;
    },
    question: (id) => {
      const question = parts.questions[id];
      return question ? <LessonQuestion {...{ locale, id, question, stored }} lesson={lesson.slug} /> : null;
    },
    exercise: (slug) => {
      const index = chapter.exercises.findIndex((exercise) => exercise.slug === slug);
      const exercise = chapter.exercises[index];
      return exercise ? <ExerciseCard {...{ locale, exercise }} course={course.slug} number={index + 1} /> : null;
    },
  };
}

function LessonEnd({ view: { course, chapter, lesson }, locale }: { view: LessonView; locale: Locale }) {
  const t = translator(locale, "lesson");
  const lessons = course.chapters.flatMap((each) => (each.lesson ? [each.lesson] : []));
  const at = lessons.findIndex(({ slug }) => slug === lesson.slug);
  const neighbours = [
    { name: t("previous"), lesson: lessons[at - 1] },
    { name: t("next"), lesson: lessons[at + 1] },
  ];
  return (
    <>
      {chapter.exercises.length > 0 && (
        <section aria-labelledby="exercises">
          <h2 id="exercises">{t("exercises")}</h2>
          <ol className="lesson-exercises">
            {chapter.exercises.map((exercise) => (
              <li key={exercise.uuid}>
                <a href={paths.exercise(locale, course.slug, exercise.slug)}>{exercise.title[locale]}</a>{" "}
                <span className="exercise-facts">{exerciseFacts(locale, exercise)}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
      <section aria-labelledby="sources">
        <h2 id="sources">{t("sources")}</h2>
        <ul>
          {lesson.sources.map((source) => (
            // Titles of English books and papers, in every language of the page.
            <li key={source} lang="en">
              {source}
            </li>
          ))}
        </ul>
      </section>
      <nav aria-label={t("neighbours")} className="lesson-neighbours no-print">
        <a href={paths.course(locale, course.slug)}>{t("courseMap")}</a>
        {neighbours.map(
          ({ name, lesson: other }) =>
            other && (
              <a key={name} href={paths.lesson(locale, course.slug, other.slug)}>
                {name}: {other.title[locale]}
              </a>
            ),
        )}
      </nav>
    </>
  );
}
