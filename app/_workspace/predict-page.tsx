// The server's part of a predict exercise: the questions of one variant, drawn, without their answers.
import { BuddyFigure } from "@/app/_figures/buddy/buddy-figure";
import { maxVariant, type NamedQuestion, questionsOf } from "@/lib/grader/prediction";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";
import type { FoundExercise } from "./exercise-data";
import type { WorkspaceProps } from "./page-props";
import { Predict, type ShownQuestion } from "./predict.client";

interface PredictPageProps {
  readonly found: FoundExercise;
  readonly workspace: WorkspaceProps;
  /** From the URL; anything that is no variant begins with the first. */
  readonly variant: string | undefined;
}

export function PredictPage({ found, workspace, variant }: PredictPageProps) {
  const { locale, courseSlug } = workspace;
  const { exercise } = found;
  const number = /^\d{1,7}$/.test(variant ?? "") ? Math.min(Math.max(Number(variant), 1), maxVariant) : 1;
  const words = translator(locale, "figure");
  const groupTitle = (id: string) => exercise.groups.find((group) => group.id === id)?.title[locale] ?? id;
  const shown = ({ name, group, question }: NamedQuestion): ShownQuestion => ({
    name,
    title: groupTitle(group),
    label: question.label,
    state: question.state,
    figure: <BuddyFigure id={`question-${name}`} caption={groupTitle(group)} state={question.state} words={words} />,
  });
  return (
    <Predict
      key={number}
      {...workspace}
      variant={number}
      questions={questionsOf(exercise.traces as unknown as Parameters<typeof questionsOf>[0], number).map(shown)}
      newQuestionHref={`${paths.exercise(locale, courseSlug, exercise.slug)}?variant=${(number % maxVariant) + 1}#code`}
    />
  );
}
