"use client";
// The exercise's groups as a checklist that ticks itself from the last result.
import { useLocale, useTranslations } from "use-intl/react";
import type { PublicExercise } from "@/lib/course/exercise";
import type { Verdict } from "@/lib/grader/verdict";
import { shares } from "./shares";

const marks = { passed: "✓", failed: "✗", open: "○" } as const;

interface TasksProps {
  readonly exercise: PublicExercise;
  readonly verdict: Verdict | null;
  /** Names of the functions to write, and what shows one of them in the editor. */
  readonly functions: readonly string[];
  readonly onJump: (name: string) => void;
}

export function Tasks({ exercise, verdict, functions, onJump }: TasksProps) {
  const t = useTranslations("workspace");
  const locale = useLocale();
  const points = shares(
    exercise.points,
    exercise.groups.map((group) => group.weight),
  );
  return (
    <section aria-labelledby="tasks-title">
      <h2 id="tasks-title">{t("tasks.title")}</h2>
      <ol className="tasks">
        {exercise.groups.map((group, at) => {
          const state = stateOf(group.id, verdict);
          return (
            <li key={group.id} className="task" data-state={state}>
              <span className="task-mark" aria-hidden="true">
                {marks[state]}
              </span>
              <span>
                {group.title[locale]} <span className="visually-hidden">({t(`tasks.${state}`)})</span>
              </span>
              <span className="task-points">{t("tasks.weight", { points: points[at] ?? 0 })}</span>
            </li>
          );
        })}
      </ol>
      {functions.length > 0 && (
        <p className="jumps">
          {t("tasks.write")}
          {functions.map((name) => (
            <button
              key={name}
              type="button"
              className="jump"
              aria-label={t("tasks.jump", { name })}
              onClick={() => onJump(name)}
            >
              <code>{name}</code>
            </button>
          ))}
        </p>
      )}
      {verdict && verdict.receipt === null && <p className="quiet">{t("tasks.quick")}</p>}
    </section>
  );
}

/** Open while nothing of the group has run: a quick check covers visible cases only. */
function stateOf(id: string, verdict: Verdict | null): keyof typeof marks {
  const ran = verdict?.cases.some((result) => result.group === id && result.status !== "not_run");
  if (!ran) return "open";
  return verdict?.groups.find((group) => group.id === id)?.passed ? "passed" : "failed";
}
