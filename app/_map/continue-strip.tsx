// The strip on top of the course map: one link to the exact place where one goes on.
import type { ReactNode } from "react";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import type { Place } from "./progress-view";

export function ContinueStrip({ locale, course, place }: { locale: Locale; course: string; place: Place | null }) {
  const t = translator(locale, "course");
  if (place === null)
    return (
      <Strip title={t("continue.done")}>
        <p className="max-w-[60ch]">{t("continue.doneBody")}</p>
        <a className="button justify-self-start" href={paths.play(locale)}>
          {translator(locale, "shell")("playground")}
        </a>
      </Strip>
    );
  const fresh = place.kind === "lesson" && !place.started;
  return (
    <Strip title={fresh ? t("continue.begin") : t("continue.title")}>
      <p className="text-lg font-medium">
        {place.kind === "lesson"
          ? t("continue.lesson", { title: place.lesson.title[locale] })
          : t("continue.exercise", { title: place.exercise.title[locale] })}
      </p>
      {fresh && <p className="text-ink-soft">{t("continue.beginBody", { minutes: place.lesson.minutes })}</p>}
      <a className="button button-primary min-h-10 justify-self-start px-5" href={hrefOf(locale, course, place)}>
        {place.started ? t("continue.open") : t("continue.start")}
      </a>
    </Strip>
  );
}

function hrefOf(locale: Locale, course: string, place: Place): string {
  if (place.kind === "exercise") return paths.exercise(locale, course, place.exercise.slug);
  const section = place.section === null ? "" : `#${encodeURIComponent(place.section)}`;
  return paths.lesson(locale, course, place.lesson.slug) + section;
}

function Strip({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-labelledby="continue-title" className="grid gap-3 rounded-lg border border-edge bg-panel p-6">
      <h2 id="continue-title" className="text-sm font-semibold tracking-wide text-ink-soft">
        {title}
      </h2>
      {children}
    </section>
  );
}
