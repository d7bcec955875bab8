import type { Metadata } from "next";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { translator } from "@/lib/words/translator";

const done = ["keyboard", "figures", "colour", "contrast", "motion", "zoom", "editor"] as const;
const known = ["editor", "picture"] as const;

export async function generateMetadata(props: LocaleProps): Promise<Metadata> {
  return { title: translator(await localeOf(props), "info")("accessibility.title") };
}

export default async function AccessibilityPage(props: LocaleProps) {
  const t = translator(await localeOf(props), "info");
  return (
    <div className="page prose max-w-4xl">
      <h1>{t("accessibility.title")}</h1>
      <p className="text-lg text-ink-soft">{t("accessibility.lead")}</p>
      <h2>{t("accessibility.done.title")}</h2>
      <ul>
        {done.map((point) => (
          <li key={point}>{t(`accessibility.done.${point}`)}</li>
        ))}
      </ul>
      <h2>{t("accessibility.known.title")}</h2>
      <ul>
        {known.map((point) => (
          <li key={point}>{t(`accessibility.known.${point}`)}</li>
        ))}
      </ul>
      <h2>{t("accessibility.check.title")}</h2>
      <p>{t("accessibility.check.body")}</p>
    </div>
  );
}
