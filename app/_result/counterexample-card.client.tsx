"use client";
// The few operations that are enough to show the mistake.
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import type { Verdict } from "@/lib/grader/verdict";

interface CounterexampleCardProps {
  readonly counterexample: NonNullable<Verdict["counterexample"]>;
  readonly group: string;
  readonly onShow: (step: number) => void;
  readonly onRun: (() => void) | null;
  readonly onAdd: (() => void) | null;
}

export function CounterexampleCard({ counterexample, group, onShow, onRun, onAdd }: CounterexampleCardProps) {
  const t = useTranslations("result");
  const [done, setDone] = useState<"added" | "copied" | null>(null);
  const { trace, divergence, from } = counterexample;
  const count = trace.ops.length;
  const pages = (trace.config as { pages?: number } | null)?.pages;
  const tell = (what: "added" | "copied") => {
    setDone(what);
    announce(t(`counterexample.${what}`));
  };
  return (
    <section className="card" id="smallest-case" tabIndex={-1} aria-labelledby="smallest-title">
      <h3 id="smallest-title">{t("counterexample.title")}</h3>
      <p>
        {from > count ? t("counterexample.reduced", { count, from }) : t("counterexample.same", { count })}
        {pages !== undefined && ` · ${t("counterexample.machine", { pages })}`}
      </p>
      <ol className="operations">
        {trace.labels.map((label, at) => (
          <li key={at} data-here={at === divergence?.step || undefined}>
            <button
              type="button"
              className="operation"
              aria-label={`${label}. ${t("counterexample.show", { step: at + 1 })}`}
              onClick={() => onShow(at + 1)}
            >
              <code>{label}</code>
            </button>
            {at === divergence?.step && (
              <span className="here">
                <span aria-hidden="true">← ≠ </span>
                {t("counterexample.here")}
              </span>
            )}
          </li>
        ))}
      </ol>
      <p className="card-actions">
        <button type="button" className="button button-primary" onClick={() => onShow(divergence?.step ?? 0)}>
          {t("counterexample.play")}
        </button>
        {onRun && (
          <button type="button" className="button" onClick={onRun}>
            {t("counterexample.run")}
          </button>
        )}
        {onAdd && (
          <button
            type="button"
            className="button"
            onClick={() => {
              onAdd();
              tell("added");
            }}
          >
            {t(done === "added" ? "counterexample.added" : "counterexample.add")}
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={async () => {
            await navigator.clipboard.writeText(asTest(trace, group));
            tell("copied");
          }}
        >
          {t(done === "copied" ? "counterexample.copied" : "counterexample.copy")}
        </button>
      </p>
    </section>
  );
}

/** A case as traces.json holds it. */
function asTest({ config, ops }: { config: unknown; ops: unknown }, group: string): string {
  return JSON.stringify({ name: "counterexample", group, config, ops }, null, 2);
}
