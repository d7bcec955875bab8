"use client";
// The outcome in one line: sign, word, count, score, and how much of it counts.
import { useLocale, useTranslations } from "use-intl/react";
import type { Verdict } from "@/lib/grader/verdict";
import { counts, statusMark } from "./model";

export function VerdictLine({ verdict, stale }: { verdict: Verdict; stale: boolean }) {
  const t = useTranslations("result");
  const locale = useLocale();
  const { passed, total } = counts(verdict);
  const graded = verdict.receipt !== null;
  return (
    <div className="verdict" data-status={verdict.status} data-stale={stale || undefined}>
      <p className="verdict-line">
        <span className="verdict-word">
          <span aria-hidden="true">{statusMark(verdict.status)}</span> {t(`status.${verdict.status}`)}
        </span>
        {total > 0 && <span>{t("line.tests", { passed, total })}</span>}
        {graded && <span>{t("line.score", { score: verdict.score, max: verdict.maxScore })}</span>}
      </p>
      <p className="quiet">{t(graded ? "graded" : "quick")}</p>
      {graded && verdict.groups.length > 1 && (
        <ul className="verdict-groups">
          {verdict.groups.map((group) => (
            <li key={group.id} data-passed={group.passed}>
              <span aria-hidden="true">{group.passed ? "✓" : "✗"}</span> {group.title[locale]}
              <span className="visually-hidden">: {t(group.passed ? "group.passed" : "group.failed")}</span>
            </li>
          ))}
        </ul>
      )}
      {stale && <p className="stale-note">{t("stale")}</p>}
    </div>
  );
}
