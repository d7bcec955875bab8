// The left column as the server writes it: title, prompt, what to write, limits.
import Link from "next/link";
import { Markdown } from "@/app/_lesson/markdown";
import { linksOf } from "@/app/_lesson/resolve";
import { paths } from "@/lib/paths";
import { slotFor } from "@/lib/slots/registry";
import type { FunctionContract } from "@/lib/slots/slot";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import type { FoundExercise } from "./exercise-data";

interface InstructionsProps {
  readonly found: FoundExercise;
  readonly locale: Locale;
  readonly fuelLimit: number;
}

export function Instructions({ found, locale, fuelLimit }: InstructionsProps) {
  const { course, chapter, exercise } = found;
  const t = translator(locale, "workspace");
  const resolve = linksOf(course, locale);
  return (
    <>
      <header className="exercise-header">
        <p className="exercise-chapter">
          <Link className="link" href={paths.course(locale, course.slug)}>
            {chapter.title[locale]}
          </Link>
        </p>
        <h1>{exercise.title[locale]}</h1>
        <p className="quiet">
          {t("facts.level", { level: exercise.level })} · {t("facts.minutes", { minutes: exercise.minutes })} ·{" "}
          {t("facts.points", { points: exercise.points })}
          {chapter.lesson && (
            <>
              {" · "}
              <Link className="link" href={paths.lesson(locale, course.slug, chapter.lesson.slug)}>
                {t("facts.lesson")}
              </Link>
            </>
          )}
        </p>
      </header>
      <div className="prose">
        <Markdown source={exercise.prompt[locale]} locale={locale} resolve={resolve} />
      </div>
      {exercise.kind === "implement" && <Contract found={found} locale={locale} fuelLimit={fuelLimit} />}
    </>
  );
}

function Contract({ found: { exercise }, locale, fuelLimit }: InstructionsProps) {
  const t = translator(locale, "workspace");
  const { functions } = slotFor(exercise);
  return (
    <>
      <section aria-labelledby="signature-title">
        <h2 id="signature-title">{t("signature.title")}</h2>
        <ul className="signatures">
          {functions.map((contract) => (
            <li key={contract.name}>
              <code>{signatureOf(contract)}</code>
            </li>
          ))}
        </ul>
        {exercise.starter.includes('from "kernel"') && <p className="quiet">{t("signature.import", { module: "kernel" })}</p>}
      </section>
      <section aria-labelledby="limits-title">
        <h2 id="limits-title">{t("limits.title")}</h2>
        <ul className="limits">
          <li>{t("limits.fuel", { limit: fuelLimit })}</li>
          <li>{t("limits.source")}</li>
        </ul>
      </section>
    </>
  );
}

const typeNames: Readonly<Record<string, string>> = { page: "Page", zone: "Zone", "page?": "Page | null", "number?": "number | null" };

/** As TypeScript writes it; a `value` is whatever the starter declares. */
function signatureOf({ name, params, returns }: FunctionContract): string {
  const typed = (type: string) => (type === "value" ? "" : `: ${typeNames[type] ?? type}`);
  return `${name}(${params.map((param) => param.name + typed(param.type)).join(", ")})${typed(returns)}`;
}
