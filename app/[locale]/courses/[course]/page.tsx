// The course map: where to go on, and every chapter with its lesson, its exercises and what was reached.
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChapterSection } from "@/app/_map/chapter-section";
import { ContinueStrip } from "@/app/_map/continue-strip";
import { ContentProblems } from "@/app/_map/problems";
import { nextPlace, nothingDone, totals } from "@/app/_map/progress-view";
import { theCourse } from "@/app/_shell/course";
import { localeOf } from "@/app/_shell/locale-params";
import { visitor } from "@/app/_shell/visitor";
import { withReturn } from "@/app/_shell/with-return";
import { may } from "@/lib/auth/rights";
import type { Course } from "@/lib/course/exercise";
import { allExercises } from "@/lib/course/load";
import { courseProgress } from "@/lib/db/progress";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";

interface Props {
  readonly params: Promise<{ locale: string; course: string }>;
}

async function courseOf({ params }: Props): Promise<Course> {
  const course = await theCourse();
  return (await params).course === course.slug ? course : notFound();
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [locale, course] = await Promise.all([localeOf(props), courseOf(props)]);
  return { title: course.title[locale], description: course.description[locale] };
}

export default async function CourseMapPage(props: Props) {
  const [locale, course, user] = await Promise.all([localeOf(props), courseOf(props), visitor()]);
  const progress = user === null ? nothingDone : await courseProgress(user.id);
  const t = translator(locale, "course");
  const place = nextPlace(course, progress);
  const reached = totals(allExercises(course), progress);
  const here = course.chapters.find(({ lesson, exercises }) =>
    place?.kind === "lesson" ? lesson === place.lesson : exercises.some((exercise) => exercise === place?.exercise),
  );
  return (
    <div className="page grid gap-10">
      <div className="grid gap-3">
        <h1>{course.title[locale]}</h1>
        <p className="max-w-[68ch] text-lg text-ink-soft">{course.description[locale]}</p>
      </div>
      {user !== null && may(user.role, "see content problems") && (
        <ContentProblems locale={locale} problems={course.problems} />
      )}
      {course.chapters.length === 0 ? (
        <p>{t("empty")}</p>
      ) : (
        <>
          <div className="grid gap-4">
            <ContinueStrip locale={locale} course={course.slug} place={place} />
            {user === null ? (
              <p className="text-ink-soft">
                {t("signedOut")}{" "}
                <a className="link" href={withReturn(paths.signIn(locale), paths.course(locale, course.slug))}>
                  {translator(locale, "shell")("user.signIn")}
                </a>
              </p>
            ) : (
              <Reached
                summary={`${t("progress", { passed: reached.passed, total: reached.exercises })} · ${t("points", { earned: reached.earned, total: reached.points })}`}
                share={reached.points === 0 ? 0 : reached.earned / reached.points}
              />
            )}
          </div>
          <section aria-labelledby="chapters-title">
            <h2 id="chapters-title" className="mb-2">
              {t("chapters")}
            </h2>
            <ol>
              {course.chapters.map((chapter, i) => (
                <ChapterSection
                  key={chapter.slug}
                  place={i + 1}
                  locale={locale}
                  course={course.slug}
                  chapter={chapter}
                  progress={progress}
                  open={chapter === (here ?? course.chapters[0])}
                />
              ))}
            </ol>
          </section>
        </>
      )}
    </div>
  );
}

function Reached({ summary, share }: { summary: string; share: number }) {
  return (
    <div className="grid gap-2">
      <p className="text-[0.9375rem]">{summary}</p>
      <div aria-hidden="true" className="h-2 max-w-md overflow-hidden rounded-full border border-edge bg-ground">
        <div className="h-full bg-accent" style={{ width: `${Math.round(share * 100)}%` }} />
      </div>
    </div>
  );
}
