"use client";
// The first step at which the two machines differ: where, what, why. The only thing open when a result appears.
import { lazy, Suspense } from "react";
import { useTranslations } from "use-intl/react";
import type { Divergence } from "@/lib/grader/verdict";
import { inline, isBuddy } from "./model";
import { expectedYoursPart } from "./patient.client";
import { useVerdictWords } from "./verdict-words.client";

const ExpectedYours = lazy(expectedYoursPart);

interface DivergenceCardProps {
  readonly caseName: string;
  readonly divergence: Divergence;
  readonly steps: number;
  /** The learner meant to cause it (break-it): then it is no mistake. */
  readonly wanted?: true;
  readonly onStepThrough: (() => void) | null;
  readonly onSmallest: (() => void) | null;
}

const shownFields = 6;

export function DivergenceCard({
  caseName,
  divergence,
  steps,
  wanted,
  onStepThrough,
  onSmallest,
}: DivergenceCardProps) {
  const t = useTranslations("result");
  const words = useVerdictWords();
  const { step, label, returned, fields, explanation, findings } = divergence;
  const more = fields.length - shownFields;
  // The figure names the fields beside the picture.
  const drawn = isBuddy(divergence.expected) && isBuddy(divergence.actual);
  return (
    <section className="card" aria-labelledby="divergence-title">
      <h3 id="divergence-title">{t(wanted ? "exposed.title" : "divergence.title")}</h3>
      <p>
        {wanted
          ? t("exposed.text", { step: step + 1, operation: label })
          : t("divergence.where", { step: step + 1, steps, operation: label, name: caseName })}
      </p>
      {explanation && !wanted && <p className="explanation">{words.say(explanation)}</p>}
      {returned && !drawn && (
        <table className="two-values">
          <caption className="visually-hidden">{t("divergence.returned")}</caption>
          <tbody>
            <tr>
              <th scope="row">
                {t("divergence.returned")} · {t("divergence.expected")}
              </th>
              <td>
                <code>{inline(returned.expected)}</code>
              </td>
            </tr>
            <tr data-yours>
              <th scope="row">
                {t("divergence.returned")} · {t("divergence.yours")}
              </th>
              <td>
                <code>{inline(returned.actual)}</code>
              </td>
            </tr>
          </tbody>
        </table>
      )}
      {isBuddy(divergence.expected) && isBuddy(divergence.actual) && (
        <Suspense fallback={<div className="skeleton figure-skeleton" />}>
          <ExpectedYours
            id="divergence-figure"
            expected={divergence.expected}
            actual={divergence.actual}
            {...(returned
              ? { returned: { expected: inline(returned.expected), actual: inline(returned.actual) } }
              : {})}
          />
        </Suspense>
      )}
      {fields.length > 0 && !drawn && (
        <>
          <h4>{t("divergence.fields")}</h4>
          <ul className="chips">
            {fields.slice(0, shownFields).map((field) => (
              <li key={field.path} className="chip">
                <code aria-hidden="true">
                  {field.path}: {inline(field.expected)} ≠ {inline(field.actual)}
                </code>
                <span className="visually-hidden">
                  {t("divergence.field", {
                    path: field.path,
                    expected: inline(field.expected),
                    actual: inline(field.actual),
                  })}
                </span>
              </li>
            ))}
            {more > 0 && <li className="quiet">{t("divergence.more", { count: more })}</li>}
          </ul>
        </>
      )}
      {findings.length > 0 && (
        <>
          <h4>{t("divergence.findings")}</h4>
          <ul className="findings">
            {findings.slice(0, shownFields).map((finding, at) => (
              <li key={at}>{words.finding(finding)}</li>
            ))}
          </ul>
        </>
      )}
      {(onStepThrough || onSmallest) && (
        <p className="card-actions">
          {onStepThrough && (
            <button type="button" className="button button-primary" onClick={onStepThrough}>
              {t("divergence.stepThrough")}
            </button>
          )}
          {onSmallest && (
            <button type="button" className="button" onClick={onSmallest}>
              {t("divergence.smallest")}
            </button>
          )}
        </p>
      )}
    </section>
  );
}
