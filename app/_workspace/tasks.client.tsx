"use client";
// The exercise's groups as a checklist that ticks itself from the last result.
import { useLocale, useTranslations } from "use-intl/react";
import type { PublicExercise } from "@/lib/course/exercise";
import type { Verdict } from "@/lib/grader/verdict";

const marks = { passed: "✓", failed: "✗", open: "○" } as const;

export function Tasks({ exercise, verdict }: { exercise: PublicExercise; verdict: Verdict | null }) {
  const t = useTranslations("workspace");
  const locale = useLocale();
  const weights = exercise.groups.reduce((sum, group) => sum + group.weight, 0);
  return (
    <section aria-labelledby="tasks-title">
      <h2 id="tasks-title">{t("tasks.title")}</h2>
      <ol className="tasks">
        {exercise.groups.map((group) => {
          const state = stateOf(group.id, verdict);
          return (
            <li key={group.id} className="task" data-state={state}>
              <span className="task-mark" aria-hidden="true">
                {marks[state]}
              </span>
              <span>
                {group.title[locale]} <span className="visually-hidden">({t(`tasks.${state}`)})</span>
              </span>
              <span className="task-points">{t("tasks.weight", { points: Math.round((exercise.points * group.weight) / weights) })}</span>
            </li>
          );
        })}
      </ol>
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
