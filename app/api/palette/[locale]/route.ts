// What the command palette can open, in one language: the pages, the lessons and the exercises of the course.

import { theCourse } from "@/app/_shell/course";
import { courseSlug } from "@/app/_shell/course-slug";
import type { Entry } from "@/app/_shell/palette-entries";
import type { Course } from "@/lib/course/exercise";
import { paths } from "@/lib/paths";
import { isLocale } from "@/lib/words/locale";
import { type Locale, locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

export async function GET(_request: Request, { params }: { params: Promise<{ locale: string }> }): Promise<Response> {
  const { locale } = await params;
  if (!isLocale(locale)) return Response.json({ error: "unknown language" }, { status: 404 });
  const entries = [...pageEntries(locale), ...courseEntries(locale, await theCourse())];
  return Response.json(entries, { headers: { "cache-control": "public, max-age=300" } });
}

function pageEntries(locale: Locale): Entry[] {
  const t = translator(locale, "shell");
  return [
    { kind: "page", id: "home", label: t("palette.pages.home"), href: paths.home(locale) },
    { kind: "page", id: "course", label: t("course"), href: paths.course(locale, courseSlug) },
    { kind: "page", id: "play", label: t("playground"), href: paths.play(locale) },
    { kind: "page", id: "account", label: t("user.account"), href: paths.account(locale) },
    { kind: "page", id: "help", label: t("footer.help"), href: paths.help(locale) },
    { kind: "page", id: "accessibility", label: t("footer.accessibility"), href: paths.accessibility(locale) },
    { kind: "page", id: "health", label: t("footer.status"), href: paths.health(locale) },
  ];
}

function courseEntries(locale: Locale, course: Course): Entry[] {
  return course.chapters.flatMap(({ lesson, exercises }) => [
    ...(lesson === null
      ? []
      : [
          {
            kind: "lesson" as const,
            id: lesson.slug,
            label: lesson.title[locale],
            href: paths.lesson(locale, course.slug, lesson.slug),
            keywords: locales.map((each) => lesson.title[each]).join(" "),
          },
        ]),
    ...exercises.map((exercise) => ({
      kind: "exercise" as const,
      id: exercise.slug,
      label: exercise.title[locale],
      href: paths.exercise(locale, course.slug, exercise.slug),
      keywords: [exercise.slug, exercise.slot, ...locales.map((each) => exercise.title[each])].join(" "),
    })),
  ]);
}
