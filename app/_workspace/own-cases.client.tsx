"use client";
// The learner's own cases: written as text, checked while typing, run together with the visible ones.
import { useId, useMemo, useState } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import type { PublicExercise } from "@/lib/course/exercise";
import { exampleOf, languageOf, type OwnCase, parseCase } from "./own-case";
import { TraceField } from "./trace-field.client";

interface OwnCasesProps {
  readonly exercise: PublicExercise;
  readonly cases: readonly OwnCase[];
  readonly onChange: (cases: readonly OwnCase[]) => void;
}

export function OwnCases({ exercise, cases, onChange }: OwnCasesProps) {
  const t = useTranslations("workspace");
  const locale = useLocale();
  const id = useId();
  const language = languageOf(exercise);
  const [text, setText] = useState("");
  const [machine, setMachine] = useState(exercise.visible[0]?.name ?? "");
  const base = exercise.visible.find((one) => one.name === machine);
  const parsed = useMemo(() => parseCase(exercise, base?.config ?? null, text), [exercise, base, text]);
  const usable = text.trim() !== "" && parsed.ops !== null;

  function add() {
    if (parsed.ops === null || !usable || !base) return;
    const added: OwnCase = {
      id: crypto.randomUUID(),
      machine: language === "trace" ? machine : null,
      text,
      case: { config: base.config, ops: parsed.ops },
    };
    onChange([...cases, added]);
    setText("");
    announce(t("own.added"));
  }

  return (
    <section className="own-cases" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{t("own.title")}</h3>
      {language === null ? (
        <p className="quiet">{t("own.unavailable")}</p>
      ) : (
        <>
          <p className="quiet">{t(language === "calls" ? "own.introCalls" : "own.intro")}</p>
          <ul>
            {cases.map((own, at) => (
              <li key={own.id} className="own-case">
                <span>
                  {t("own.name", { number: at + 1 })} · {t("own.operations", { count: own.case.ops.length })}
                </span>
                <button
                  type="button"
                  className="button"
                  onClick={() => onChange(cases.filter((other) => other !== own))}
                >
                  {t("own.remove")}
                </button>
                <pre>{own.text}</pre>
              </li>
            ))}
          </ul>
          {language === "trace" && exercise.visible.length > 1 && (
            <label className="setting">
              <span>{t("own.machine")}</span>
              <select className="field" value={machine} onChange={(event) => setMachine(event.target.value)}>
                {exercise.visible.map((one) => (
                  <option key={one.name} value={one.name}>
                    {t("own.machineOf", { name: one.title?.[locale] ?? one.name })}
                  </option>
                ))}
              </select>
            </label>
          )}
          <TraceField
            label={t("own.text")}
            text={text}
            placeholder={language === "calls" ? exampleOf(exercise) : t("own.example")}
            problem={text.trim() === "" ? null : parsed.problem}
            onChange={setText}
          />
          <button type="button" className="button" aria-disabled={!usable || undefined} onClick={add}>
            {t("own.add")}
          </button>
        </>
      )}
    </section>
  );
}
