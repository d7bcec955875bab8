// One result under its permanent address; only for whoever handed it in.
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { Markdown } from "@/app/_lesson/markdown";
import "@/app/_result/result.css";
import { ResultPage } from "@/app/_result/result-page.client";
import { localeOf } from "@/app/_shell/locale-params";
import { visitor } from "@/app/_shell/visitor";
import { withReturn } from "@/app/_shell/with-return";
import { Words } from "@/app/_shell/words";
import { findExercise } from "@/app/_workspace/exercise-data";
import { fenced } from "@/app/_workspace/fenced";
import { LocalTime } from "@/app/_workspace/local-time.client";
import "@/app/_workspace/workspace.css";
import { isFinal, submissionFor } from "@/lib/db/submissions";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";

interface SubmissionPageProps {
  readonly params: Promise<{ locale: string; course: string; exercise: string; id: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata(props: SubmissionPageProps): Promise<Metadata> {
  const [locale, { course, exercise }] = await Promise.all([localeOf(props), props.params]);
  const found = await findExercise(course, exercise);
  return found ? { title: translator(locale, "result")("page.title", { title: found.exercise.title[locale] }) } : {};
}

export default async function SubmissionPage(props: SubmissionPageProps) {
  const [locale, { course, exercise, id }, query] = await Promise.all([
    localeOf(props),
    props.params,
    props.searchParams,
  ]);
  const [found, user] = await Promise.all([findExercise(course, exercise), visitor()]);
  if (!found) notFound();
  if (!user) redirect(withReturn(paths.signIn(locale), paths.submission(locale, course, exercise, id)));
  const submission = await submissionFor(user.id, id);
  if (!submission.ok || submission.value.exerciseUuid !== found.exercise.uuid) notFound();
  const { source, verdict, errorId, status, createdAt } = submission.value;
  const t = translator(locale, "result");
  const shown = verdict && { submissionId: id, source, verdict, errorId };
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
  return (
    <div className="result-page">
      <Words locale={locale} names={["workspace", "result", "figure", "verdict", "finding", "platform"]}>
        <header>
          <h1>{t("page.title", { title: found.exercise.title[locale] })}</h1>
          <p>
            <LocalTime at={createdAt.toISOString()} />
            {" · "}
            <Link className="link" href={paths.exercise(locale, course, exercise)}>
              {t("page.back")}
            </Link>
          </p>
        </header>
        <ResultPage
          locale={locale}
          courseSlug={course}
          exerciseSlug={exercise}
          exerciseUuid={found.exercise.uuid}
          shown={shown}
          open={isFinal(status) ? null : id}
          search={`?${search}`}
        />
        {status === "cancelled" && <p>{t("status.cancelled")}</p>}
        <section aria-labelledby="code-title">
          <h2 id="code-title">{t("page.code")}</h2>
          <div className="submitted-code">
            <Markdown source={fenced(source)} locale={locale} />
          </div>
        </section>
      </Words>
    </div>
  );
}
