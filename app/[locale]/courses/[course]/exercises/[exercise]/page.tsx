// The workspace of one exercise.
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Markdown } from "@/app/_lesson/markdown";
import { linksOf } from "@/app/_lesson/resolve";
import { localeOf } from "@/app/_shell/locale-params";
import { preferences, simpleEditorCookie } from "@/app/_shell/preferences";
import { Words } from "@/app/_shell/words";
import { exerciseData, type FoundExercise, findExercise } from "@/app/_workspace/exercise-data";
import { fenced } from "@/app/_workspace/fenced";
import { ExerciseHeading, Instructions } from "@/app/_workspace/instructions";
import { NotMeasured } from "@/app/_workspace/not-measured";
import type { WorkspaceProps } from "@/app/_workspace/page-props";
import { PredictPage } from "@/app/_workspace/predict-page";
import { Workbench } from "@/app/_workspace/workbench.client";
import "@/app/_result/result.css";
import "@/app/_workspace/workspace.css";
import record from "@/lib/grader/engine/engine.json";
import { paths } from "@/lib/paths";
import { slotFor } from "@/lib/slots/registry";
import type { Locale } from "@/lib/words/text";

interface ExercisePageProps {
  readonly params: Promise<{ locale: string; course: string; exercise: string }>;
  readonly searchParams: Promise<{ variant?: string | string[] }>;
}

export async function generateMetadata(props: ExercisePageProps): Promise<Metadata> {
  const [locale, { course, exercise }] = await Promise.all([localeOf(props), props.params]);
  const found = await findExercise(course, exercise);
  return found ? { title: found.exercise.title[locale] } : {};
}

export default async function ExercisePage(props: ExercisePageProps) {
  const [locale, { course, exercise }] = await Promise.all([localeOf(props), props.params]);
  const found = await findExercise(course, exercise);
  if (!found) notFound();
  const workspace = await workspaceProps(found, locale);
  if (!workspace) return <NotMeasured locale={locale} title={found.exercise.title[locale]} />;
  return (
    <Words locale={locale} names={["workspace", "result", "figure", "verdict", "finding", "platform"]}>
      {found.exercise.kind === "predict" ? (
        <PredictPage found={found} workspace={workspace} variant={[(await props.searchParams).variant].flat()[0]} />
      ) : (
        <Workbench {...workspace} />
      )}
    </Words>
  );
}

async function workspaceProps(found: FoundExercise, locale: Locale): Promise<WorkspaceProps | null> {
  const { course, exercise, next } = found;
  const [data, { simpleEditor }] = await Promise.all([exerciseData(exercise), preferences()]);
  const { published, draft } = data;
  if (!published) return null;
  return {
    ...data,
    locale,
    courseSlug: course.slug,
    exercise: published,
    simpleEditor,
    simpleEditorCookie,
    engineUrl: paths.api.engine(record.sha256),
    heading: <ExerciseHeading found={found} locale={locale} />,
    instructions: <Instructions found={found} locale={locale} />,
    functions: exercise.kind === "implement" ? slotFor(exercise).functions.map((contract) => contract.name) : [],
    hints: exercise.hints[locale].map((hint, at) => (
      <Markdown key={at} source={hint} locale={locale} resolve={linksOf(course, locale)} />
    )),
    highlighted: <Markdown source={fenced(draft?.source ?? exercise.starter)} locale={locale} />,
    next: next && { href: paths.exercise(locale, course.slug, next.slug), title: next.title[locale] },
  };
}
