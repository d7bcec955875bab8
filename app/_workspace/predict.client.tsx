"use client";
// A predict exercise: zones, the next operation of each, and a field for every free list. The server knows the answers.
import Link from "next/link";
import { type ReactNode, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import type { Shown } from "@/app/_result/model";
import { ResultView } from "@/app/_result/result-view.client";
import { nowhere, type OpenPlace } from "@/app/_result/url-state";
import { paths } from "@/lib/paths";
import type { BuddyState } from "@/lib/sim/observe";
import { Frame, type Tab } from "./frame.client";
import { Hints } from "./hints.client";
import { History } from "./history.client";
import type { WorkspaceProps } from "./page-props";
import { parseAnswers } from "./prediction";
import { ProgressNote } from "./progress-note.client";
import { TimelinePanel } from "./result-panels.client";
import { RunBar } from "./run-bar.client";
import { Tasks } from "./tasks.client";
import { useResult } from "./use-result.client";
import { useSubmission } from "./use-submission.client";

/** One question as the page shows it; the answer is not in it. */
export interface ShownQuestion {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly state: BuddyState;
  /** Drawn by the server. */
  readonly figure: ReactNode;
}

interface PredictProps extends WorkspaceProps {
  readonly variant: number;
  readonly questions: readonly ShownQuestion[];
  readonly newQuestionHref: string;
}

export function Predict(props: PredictProps) {
  const { locale, exercise, userId, questions, variant } = props;
  const t = useTranslations("workspace");
  const [layout, setLayout] = useState(props.layout);
  const [tab, setTab] = useState<Tab | null>(null);
  const [place, setPlace] = useState<OpenPlace>(nowhere);
  const [texts, setTexts] = useState<readonly (readonly string[])[]>(() =>
    questions.map(({ state }) => state.freeLists.map(() => "")),
  );
  const first = useRef<HTMLInputElement>(null);
  const { shown, submissions, showSubmission } = useResult(props.last, props.submissions);
  const { following, submit, again } = useSubmission({
    exerciseUuid: exercise.uuid,
    open: props.open,
    onDone: showSubmission,
  });
  const parsed = parseAnswers(texts);
  const grading = following.phase === "waiting" || following.phase === "sending";
  const source = JSON.stringify({ variant, answers: parsed.answers });
  const isCurrent = shown?.source === source;

  async function onSubmit(send = submit) {
    if (userId === null || grading || parsed.wrong.length > 0) return;
    await send(source);
    setTab("result");
  }
  const write = (question: number, order: number, text: string) =>
    setTexts((now) => now.with(question, now[question]!.with(order, text)));
  const hrefOf = (id: string) => paths.submission(locale, props.courseSlug, exercise.slug, id);
  const onPlay = (trace: string, step: number | null) => {
    setPlace({ trace, step, takesFocus: true });
    setTab("timeline");
  };

  return (
    <Frame
      title={exercise.title[locale]}
      layout={layout}
      onLayout={setLayout}
      tab={tab}
      onTab={setTab}
      focusCode={() => first.current?.focus()}
      onRun={() => void onSubmit()}
      onSubmit={() => void onSubmit()}
      onSave={() => undefined}
      read={
        <>
          {props.heading}
          <Tasks
            exercise={exercise}
            verdict={shown?.verdict ?? null}
            functions={props.functions}
            onJump={() => undefined}
          />
          {props.instructions}
          {props.hints.length > 0 && <Hints hints={props.hints} />}
        </>
      }
      code={
        <div className="questions">
          <p className="quiet">{t("predict.question")}</p>
          {questions.map((question, at) => (
            <QuestionForm
              key={question.name}
              question={question}
              texts={texts[at]!}
              wrong={parsed.wrong.filter((place) => place.question === at).map((place) => place.order)}
              first={at === 0 ? first : null}
              onWrite={(order, text) => write(at, order, text)}
            />
          ))}
          <Link className="button" href={props.newQuestionHref} prefetch={false}>
            {t("predict.new")}
          </Link>
        </div>
      }
      runBar={
        <RunBar
          locale={locale}
          running={false}
          signedIn={userId !== null}
          ready={false}
          runnable={false}
          runReason={null}
          submitReason={grading ? "grading" : null}
          note={null}
          onRun={() => undefined}
          onCancel={() => undefined}
          onSubmit={() => void onSubmit()}
        />
      }
      panels={{
        result: (
          <>
            <ProgressNote typicalSeconds={props.typicalSeconds} following={following} hrefOf={hrefOf} />
            <PredictResult
              shown={shown}
              stale={shown !== null && !isCurrent}
              onPlay={onPlay}
              onRetry={() => void onSubmit(again)}
            />
          </>
        ),
        timeline: (
          <TimelinePanel
            shown={shown}
            exercise={exercise}
            place={place}
            onShow={(trace) => setPlace({ ...nowhere, trace })}
          />
        ),
        history: (
          <History
            submissions={submissions}
            hrefOf={hrefOf}
            snapshots={[]}
            source={source}
            readOnly
            onRestore={() => undefined}
          />
        ),
      }}
    />
  );
}

function PredictResult(props: {
  shown: Shown | null;
  stale: boolean;
  onPlay: (trace: string, step: number | null) => void;
  onRetry: () => void;
}) {
  const t = useTranslations("workspace");
  if (!props.shown) return <p className="quiet">{t("predict.empty")}</p>;
  return (
    <ResultView
      shown={props.shown}
      stale={props.stale}
      actions={{
        onPlay: props.onPlay,
        onReveal: null,
        onRunSmallest: null,
        onAddSmallest: null,
        onRetry: props.onRetry,
      }}
    />
  );
}

interface QuestionFormProps {
  readonly question: ShownQuestion;
  readonly texts: readonly string[];
  /** Orders whose field holds no list of page numbers. */
  readonly wrong: readonly number[];
  readonly first: React.Ref<HTMLInputElement> | null;
  readonly onWrite: (order: number, text: string) => void;
}

/** Orders above the largest block that the zone can hold have no list worth asking for. */
const ordersOf = (state: BuddyState): number[] =>
  state.freeLists.map((_, order) => order).filter((order) => 2 ** order <= state.pages);

function QuestionForm({ question, texts, wrong, first, onWrite }: QuestionFormProps) {
  const t = useTranslations("workspace");
  const id = useId();
  return (
    <fieldset className="question">
      <legend>{question.title}</legend>
      {question.figure}
      <p className="next-operation">
        {t("predict.operation")}: <code>{question.label}</code>
      </p>
      <div className="question-fields">
        {ordersOf(question.state).map((order) => (
          <div key={order}>
            <label htmlFor={`${id}-${order}`}>{t("predict.order", { order })}</label>
            <input
              ref={order === 0 ? first : null}
              id={`${id}-${order}`}
              className="field"
              inputMode="numeric"
              autoComplete="off"
              value={texts[order] ?? ""}
              aria-invalid={wrong.includes(order) || undefined}
              aria-describedby={wrong.includes(order) ? `${id}-${order}-wrong` : undefined}
              onChange={(event) => onWrite(order, event.target.value)}
            />
            {wrong.includes(order) && (
              <p id={`${id}-${order}-wrong`} className="problems">
                {t("predict.invalid", { order, text: (texts[order] ?? "").slice(0, 20) })}
              </p>
            )}
          </div>
        ))}
      </div>
    </fieldset>
  );
}
