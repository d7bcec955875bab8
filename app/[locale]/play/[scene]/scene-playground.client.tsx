"use client";
// The playground of a part by its name: the part's code and the page around it come together, drawn on the server all the same.
// Their styles are asked for here: what is loaded late brings its styles too late for the first sight.
import "@/app/_figures/console.css";
import "@/app/_figures/figures.css";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { lazyParts } from "@/app/_figures/lazy-parts.client";
import type { PartName } from "@/lib/scenarios/names";
import type { Locale } from "@/lib/words/text";

const playgrounds = lazyParts<{ readonly locale: Locale }>(
  async () => (await import("./part-playground.client")).PartPlayground,
);

export function ScenePlayground({ name, locale }: { name: PartName; locale: Locale }) {
  const words = useTranslations("scene");
  const Playground = playgrounds[name];
  return (
    <Suspense fallback={<p className="fig">{words("loading")}</p>}>
      <Playground locale={locale} />
    </Suspense>
  );
}
