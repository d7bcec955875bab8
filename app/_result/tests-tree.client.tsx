"use client";
// Every case of a verdict, under the task it belongs to; what fails stands first and open.
import { useState } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import type { CaseResult, Verdict } from "@/lib/grader/verdict";
import { statusMark, tree } from "./model";
import { useVerdictWords } from "./verdict-words.client";

interface TestsTreeProps {
  readonly verdict: Verdict;
  readonly onPlay: (caseName: string) => void;
}

export function TestsTree({ verdict, onPlay }: TestsTreeProps) {
  const t = useTranslations("result");
  const locale = useLocale();
  const [onlyFailing, setOnlyFailing] = useState(false);
  const groups = tree(verdict);
  const failing = (result: CaseResult) => result.status !== "passed";
  const shown = groups
    .map((group) => ({ ...group, shown: onlyFailing ? group.cases.filter(failing) : group.cases }))
    .filter((group) => group.shown.length > 0);
  const firstOpen = groups.find((group) => group.cases.some(failing))?.id;
  return (
    <div className="tests">
      <nav className="test-marks" aria-label={t("tests.jump")}>
        {verdict.cases.map((result) => (
          <a
            key={`${result.visibility} ${result.name}`}
            href={`#${anchor(result)}`}
            data-status={result.status}
            aria-label={`${result.name}: ${t(`status.${result.status}`)}`}
          >
            {statusMark(result.status)}
          </a>
        ))}
      </nav>
      <label className="only-failing">
        <input type="checkbox" checked={onlyFailing} onChange={(event) => setOnlyFailing(event.target.checked)} />
        {t("tests.onlyFailing")}
      </label>
      {shown.length === 0 && <p className="quiet">{t("tests.nothingFails")}</p>}
      {shown.map((group) => (
        <details
          key={group.id}
          className="test-group"
          open={onlyFailing || group.id === firstOpen || groups.length === 1}
        >
          <summary>
            <span aria-hidden="true">{group.passed ? "✓" : "✗"}</span> {group.title[locale]}{" "}
            <span className="quiet">
              {t("tests.groupCount", {
                passed: group.cases.filter((result) => !failing(result)).length,
                total: group.cases.length,
              })}
            </span>
          </summary>
          <ul>
            {group.shown.map((result) => (
              <Test key={`${result.visibility} ${result.name}`} result={result} onPlay={onPlay} />
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

const anchor = (result: CaseResult) => `test-${result.visibility}-${result.name}`.replace(/[^\w-]/g, "-");

function Test({ result, onPlay }: { result: CaseResult; onPlay: (name: string) => void }) {
  const t = useTranslations("result");
  const words = useVerdictWords();
  const { name, status, visibility, operations, divergence, failure, trace } = result;
  return (
    <li className="test" id={anchor(result)} data-status={status} tabIndex={-1}>
      <p className="test-line">
        <span aria-hidden="true">{statusMark(status)}</span>
        {trace && status !== "not_run" ? (
          <button
            type="button"
            className="test-name"
            aria-label={t("tests.play", { name })}
            onClick={() => onPlay(name)}
          >
            {name}
          </button>
        ) : (
          <span className="test-name">{name}</span>
        )}
        <span className="quiet">
          {t(`status.${status}`)} · {t(`tests.${visibility}`)} · {t("tests.operations", { count: operations })}
        </span>
      </p>
      {divergence && (
        <p className="test-why">
          {t("tests.step", { step: divergence.step + 1 })} · <code>{divergence.label}</code>
          {divergence.explanation && <> · {words.say(divergence.explanation)}</>}
        </p>
      )}
      {failure && <p className="test-why">{words.say(failure.message)}</p>}
    </li>
  );
}
