// How the installation is doing, for everybody: whether pages, database and graders work, and how graders are confined.
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { type Health, health } from "@/lib/queue/health";
import { htmlLang } from "@/lib/words/locale";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

export async function generateMetadata(props: LocaleProps): Promise<Metadata> {
  return { title: translator(await localeOf(props), "info")("health.title") };
}

export default async function HealthPage(props: LocaleProps) {
  const [locale, state] = await Promise.all([localeOf(props), health()]);
  const t = translator(locale, "info");
  const verdict = state.ok ? "ok" : state.database.ok ? "noGrader" : "noDatabase";
  return (
    <div className="page grid gap-8">
      <h1>{t("health.title")}</h1>
      <p className="panel flex items-start gap-3 p-5 text-lg">
        <span aria-hidden="true" className={state.ok ? "font-bold text-good" : "font-bold text-bad"}>
          {state.ok ? "✓" : "✗"}
        </span>
        {t(`health.${verdict}`)}
      </p>
      <Overview locale={locale} state={state} />
      <Graders locale={locale} graders={state.graders} />
    </div>
  );
}

function Overview({ locale, state }: { locale: Locale; state: Health }) {
  const t = translator(locale, "info");
  const { database, queue } = state;
  const number = new Intl.NumberFormat(htmlLang[locale]);
  return (
    <section aria-labelledby="overview" className="grid gap-3">
      <h2 id="overview">{t("health.overview")}</h2>
      <dl className="grid max-w-xl grid-cols-[auto_1fr] gap-x-8 gap-y-2">
        <Fact name={t("health.version")}>{state.version}</Fact>
        <Fact name={t("health.database")}>
          {database.ok ? t("health.databaseOk", { ms: database.ms ?? 0 }) : t("health.databaseDown")}
        </Fact>
        {queue !== null && (
          <>
            <Fact name={t("health.queue")}>{number.format(queue.waiting)}</Fact>
            <Fact name={t("health.oldest")}>
              {queue.oldestWaitingSeconds === null
                ? t("health.nothing")
                : t("health.seconds", { seconds: queue.oldestWaitingSeconds })}
            </Fact>
            <Fact name={t("health.running")}>{number.format(queue.running)}</Fact>
            <Fact name={t("health.graded")}>{number.format(queue.gradedLastHour)}</Fact>
            <Fact name={t("health.failures")}>{number.format(queue.internalErrorsLastHour)}</Fact>
          </>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </>
  );
}

function Graders({ locale, graders }: { locale: Locale; graders: Health["graders"] }) {
  const t = translator(locale, "info");
  const time = new Intl.DateTimeFormat(htmlLang[locale], { dateStyle: "medium", timeStyle: "long", timeZone: "UTC" });
  return (
    <section aria-labelledby="graders" className="grid gap-3">
      <h2 id="graders">{t("health.graders")}</h2>
      {graders.length === 0 ? (
        <p>{t("health.noneRunning")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll sideways must be reachable by keyboard
        <section aria-label={t("health.details")} tabIndex={0} className="overflow-x-auto">
          <table className="w-full text-[0.9375rem]">
            <thead>
              <tr className="text-left text-sm text-ink-soft">
                {(["name", "workers", "layers", "engine", "since"] as const).map((column) => (
                  <th key={column} scope="col" className="py-1 pr-6 font-medium">
                    {t(`health.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {graders.map((grader) => (
                <tr key={grader.name} className="border-t border-edge-soft align-baseline">
                  <th scope="row" className="py-2 pr-6 text-left font-medium">
                    {grader.name}
                  </th>
                  <td className="py-2 pr-6 tabular-nums">{grader.workers}</td>
                  <td className="py-2 pr-6">{grader.layers.join(", ") || t("health.noLayers")}</td>
                  <td className="py-2 pr-6">
                    <code title={grader.engine ?? undefined}>{grader.engine?.slice(0, 12) ?? t("health.unknown")}</code>
                  </td>
                  <td className="py-2">
                    <time dateTime={grader.startedAt.toISOString()}>{time.format(grader.startedAt)}</time>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
