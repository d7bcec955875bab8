// The landing page: the finished machine first, then how the course works, then the doors.
import "@/app/_figures/figures.css";
import { Hero } from "@/app/_landing/hero.client";
import { heroConfig, heroOps, heroStart } from "@/app/_landing/hero-trace";
import { theCourse } from "@/app/_shell/course";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { visitor } from "@/app/_shell/visitor";
import { Words } from "@/app/_shell/words";
import type { Course } from "@/lib/course/exercise";
import { hasDemoAccounts } from "@/lib/db/account";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

export default async function LandingPage(props: LocaleProps) {
  const locale = await localeOf(props);
  const [course, user, demo] = await Promise.all([theCourse(), visitor(), showsDemo()]);
  const t = translator(locale, "landing");
  const first = course.chapters.find((chapter) => chapter.lesson !== null)?.lesson;
  return (
    <div className="page">
      <section className="grid gap-6 pb-10">
        <h1 className="max-w-[22ch] text-[clamp(2rem,5vw,3.25rem)] leading-[1.1] text-balance">{t("title")}</h1>
        <p className="max-w-[60ch] text-lg text-ink-soft">{t("lead")}</p>
        <p className="flex flex-wrap gap-3">
          {user !== null ? (
            <a className="button button-primary min-h-11 px-5" href={paths.course(locale, course.slug)}>
              {t("continue")}
            </a>
          ) : (
            first && (
              <a className="button button-primary min-h-11 px-5" href={paths.lesson(locale, course.slug, first.slug)}>
                {t("start")}
              </a>
            )
          )}
          <a className="button min-h-11 px-5" href={paths.play(locale)}>
            {t("play")}
          </a>
        </p>
      </section>
      <section aria-labelledby="hero-title" className="grid gap-3">
        <h2 id="hero-title" className="visually-hidden">
          {t("figureTitle")}
        </h2>
        <a href="#how" className="skip-inline">
          {t("skipFigure")}
        </a>
        <Words locale={locale} names={["figure"]}>
          <Hero
            locale={locale}
            id="hero"
            caption={t("figureCaption")}
            config={heroConfig}
            ops={heroOps}
            start={heroStart}
          />
        </Words>
      </section>
      <HowItWorks locale={locale} />
      <OpenToEveryone locale={locale} course={course} signedIn={user !== null} />
      {user === null && demo && <DemoNote locale={locale} />}
    </div>
  );
}

function HowItWorks({ locale }: { locale: Locale }) {
  const t = translator(locale, "landing");
  return (
    <section id="how" tabIndex={-1} aria-labelledby="how-title" className="mt-16 outline-none">
      <h2 id="how-title">{t("how.title")}</h2>
      <ol className="mt-6 grid gap-x-10 gap-y-8 md:grid-cols-3">
        {(["read", "write", "see"] as const).map((step, index) => (
          <li key={step} className="border-t-2 border-edge pt-4">
            <h3>
              <span aria-hidden="true" className="mr-2 font-mono text-ink-soft">
                {index + 1}
              </span>
              {t(`how.${step}.title`)}
            </h3>
            <p className="mt-2 text-ink-soft">{t(`how.${step}.body`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function OpenToEveryone({ locale, course, signedIn }: { locale: Locale; course: Course; signedIn: boolean }) {
  const t = translator(locale, "landing");
  return (
    <section aria-labelledby="open-title" className="mt-16">
      <h2 id="open-title">{t("open.title")}</h2>
      <p className="mt-2 max-w-[60ch] text-ink-soft">{t("open.body")}</p>
      <ul className="mt-6 grid gap-4">
        {course.chapters.map(
          ({ number, lesson, exercises, goal }) =>
            lesson !== null && (
              <li key={lesson.slug} className="panel relative grid gap-1 p-5 hover:border-edge">
                <p className="text-sm text-ink-soft">{t("open.lesson", { number })}</p>
                <h3>
                  <a className="card-link" href={paths.lesson(locale, course.slug, lesson.slug)}>
                    {lesson.title[locale]}
                  </a>
                </h3>
                <p className="max-w-[70ch]">{goal[locale]}</p>
                <p className="text-sm text-ink-soft">
                  {t("open.facts", { minutes: lesson.minutes, exercises: exercises.length })}
                </p>
              </li>
            ),
        )}
      </ul>
      {!signedIn && (
        <p className="mt-8 flex flex-wrap gap-3">
          <a className="button" href={paths.signUp(locale)}>
            {t("open.create")}
          </a>
          <a className="button" href={paths.signIn(locale)}>
            {t("open.signIn")}
          </a>
        </p>
      )}
    </section>
  );
}

/** Also false when the database is away: the page itself does not need it. */
function showsDemo(): Promise<boolean> {
  return hasDemoAccounts().catch(() => false);
}

function DemoNote({ locale }: { locale: Locale }) {
  const t = translator(locale, "landing");
  return (
    <section
      aria-labelledby="demo-title"
      className="mt-14 max-w-[60ch] border-t border-edge-soft pt-5 text-[0.9375rem] text-ink-soft"
    >
      <h2 id="demo-title" className="mb-1 text-base text-ink">
        {t("demo.title")}
      </h2>
      <p>{t("demo.body")}</p>
    </section>
  );
}
