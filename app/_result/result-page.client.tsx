"use client";
// A result on a page of its own: the same parts one below the other, and live while the submission is still open.
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { ProgressNote } from "@/app/_workspace/progress-note.client";
import { useSubmission } from "@/app/_workspace/use-submission.client";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { playables, type Shown } from "./model";
import { ResultView } from "./result-view.client";
import { TestsTree } from "./tests-tree.client";
import { Timeline } from "./timeline.client";
import { nowhere, type OpenPlace, readPlace } from "./url-state";

interface ResultPageProps {
  readonly locale: Locale;
  readonly courseSlug: string;
  readonly exerciseSlug: string;
  readonly exerciseUuid: string;
  readonly shown: Shown | null;
  /** The submission, if it is not graded yet. */
  readonly open: string | null;
  /** The query of the page, so that the server already opens the right step. */
  readonly search: string;
}

export function ResultPage({
  locale,
  courseSlug,
  exerciseSlug,
  exerciseUuid,
  open,
  search,
  ...props
}: ResultPageProps) {
  const t = useTranslations("result");
  const [shown, setShown] = useState(props.shown);
  const linked = readPlace(search);
  const [place, setPlace] = useState<OpenPlace>({ ...(linked ?? nowhere), takesFocus: false });
  const { following } = useSubmission({
    exerciseUuid,
    open,
    onDone: ({ id, source, verdict, errorId }) => verdict && setShown({ submissionId: id, source, verdict, errorId }),
  });
  const onPlay = (trace: string, step: number | null) => {
    setPlace({ trace, step, takesFocus: true });
  };
  const list = shown ? playables(shown.verdict) : [];
  return (
    <>
      <ProgressNote
        typicalSeconds={null}
        following={following}
        hrefOf={(id) => paths.submission(locale, courseSlug, exerciseSlug, id)}
      />
      {shown && (
        <section aria-labelledby="result-title">
          <h2 id="result-title">{t("title")}</h2>
          <ResultView
            shown={shown}
            stale={false}
            actions={{ onPlay, onReveal: null, onRunSmallest: null, onAddSmallest: null, onRetry: null }}
          />
        </section>
      )}
      {list.length > 0 && (
        <section aria-labelledby="timeline-title">
          <h2 id="timeline-title">{t("timeline.title")}</h2>
          <Timeline
            playables={list}
            shown={place.trace}
            step={place.step}
            takesFocus={place.takesFocus}
            onShow={(trace) => setPlace({ ...nowhere, trace })}
          />
        </section>
      )}
      {shown && shown.verdict.cases.length > 0 && (
        <section aria-labelledby="tests-title">
          <h2 id="tests-title">{t("tests.title")}</h2>
          <TestsTree verdict={shown.verdict} onPlay={(trace) => onPlay(trace, null)} />
        </section>
      )}
    </>
  );
}
