"use client";
// The author's name for the mistake that this machine behaves like.
import { useLocale, useTranslations } from "use-intl/react";
import type { Verdict } from "@/lib/grader/verdict";

export function Misconception({ sentence }: { sentence: NonNullable<Verdict["misconception"]>["sentence"] }) {
  const t = useTranslations("result");
  const locale = useLocale();
  return (
    <section className="card misconception" aria-labelledby="misconception-title">
      <h3 id="misconception-title">{t("misconception.title")}</h3>
      <p>{t("misconception.text", { sentence: sentence[locale] })}</p>
    </section>
  );
}
