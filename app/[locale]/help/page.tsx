import type { Metadata } from "next";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { translator } from "@/lib/words/translator";

const topics = ["learn", "run", "result", "steps", "drafts", "keyboard", "contact"] as const;

export async function generateMetadata(props: LocaleProps): Promise<Metadata> {
  return { title: translator(await localeOf(props), "info")("help.title") };
}

export default async function HelpPage(props: LocaleProps) {
  const t = translator(await localeOf(props), "info");
  return (
    <div className="page prose max-w-4xl">
      <h1>{t("help.title")}</h1>
      <p className="text-lg text-ink-soft">{t("help.lead")}</p>
      {topics.map((topic) => (
        <section key={topic}>
          <h2 className="mt-8 mb-2">{t(`help.${topic}.title`)}</h2>
          <p>{topic === "keyboard" ? t("help.keyboard.body", { key: "?" }) : t(`help.${topic}.body`)}</p>
        </section>
      ))}
    </div>
  );
}
