// Numbers about the machine at the moment that is shown.
import { useTranslations } from "use-intl";
import type { Measure } from "@/app/_figures/part";
import type { Locale } from "@/lib/words/text";

export function SceneMeasures({ measures, locale }: { measures: readonly Measure[]; locale: Locale }) {
  const play = useTranslations("play");
  const numbers = new Intl.NumberFormat(locale);
  return (
    <section className="play-measures" aria-labelledby="play-measures-title">
      <h2 id="play-measures-title">{play("metrics")}</h2>
      <dl>
        {measures.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === "number" ? numbers.format(value) : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
