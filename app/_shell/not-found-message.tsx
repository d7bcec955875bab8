// What an unknown address shows. It gets no parameters, so it learns the language from the path that proxy.ts passes on.
import { headers } from "next/headers";
import { paths } from "@/lib/paths";
import { isLocale } from "@/lib/words/locale";
import { defaultLocale, type Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { courseSlug } from "./course-slug";

export async function localeOfRequest(): Promise<Locale> {
  const first = (await headers()).get("x-path")?.split("/")[1];
  return isLocale(first) ? first : defaultLocale;
}

export async function NotFoundMessage() {
  const locale = await localeOfRequest();
  const t = translator(locale, "errors");
  return (
    <div className="page grid max-w-2xl gap-5">
      <title>{`${t("notFound.title")} · Pagewalk`}</title>
      <h1>{t("notFound.title")}</h1>
      <p>{t("notFound.body")}</p>
      <p className="flex flex-wrap gap-3">
        <a className="button button-primary" href={paths.course(locale, courseSlug)}>
          {t("notFound.course")}
        </a>
        <a className="button" href={paths.home(locale)}>
          {t("notFound.home")}
        </a>
      </p>
    </div>
  );
}
