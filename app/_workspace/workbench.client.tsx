"use client";
// An exercise in which the learner writes something: code that runs inside the simulator, or a trace that breaks a faulty one.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { counts, placeOf } from "@/app/_result/model";
import { fetchParts } from "@/app/_result/patient.client";
import type { ResultActions } from "@/app/_result/result-view.client";
import { nowhere, type OpenPlace, readPlace } from "@/app/_result/url-state";
import { useVerdictWords } from "@/app/_result/verdict-words.client";
import { announce } from "@/app/_shell/announce.client";
import { paths } from "@/lib/paths";
import type { Case } from "@/lib/slots/slot";
import { CodePane } from "./code-pane.client";
import { guest } from "./draft-store.client";
import type { Mark, TextHandle } from "./editor/handle";
import { Frame, type Tab } from "./frame.client";
import { Hints } from "./hints.client";
import { History } from "./history.client";
import type { OwnCase } from "./own-case";
import type { WorkspaceProps } from "./page-props";
import { ProgressNote } from "./progress-note.client";
import { ResultPanel, TestsPanel, TimelinePanel } from "./result-panels.client";
import { type Reason, RunBar } from "./run-bar.client";
import type { Snapshot } from "./snapshots";
import { Tasks } from "./tasks.client";
import { TracePane } from "./trace-pane.client";
import { useDraft } from "./use-draft.client";
import { useOwnCases } from "./use-own-cases.client";
import { useResult } from "./use-result.client";
import { type RunEnd, runLimitSeconds, useRun } from "./use-run.client";
import { useSubmission } from "./use-submission.client";

export function Workbench(props: WorkspaceProps) {
  const { locale, exercise, userId } = props;
  const t = useTranslations("workspace");
  const words = useVerdictWords();
  const editor = useRef<TextHandle>(null);
  const runnable = exercise.kind === "implement";
  const [layout, setLayout] = useState(props.layout);
  const [tab, setTab] = useState<Tab | null>(null);
  const [place, setPlace] = useState<OpenPlace>(nowhere);
  const [note, setNote] = useState<string | null>(null);
  const [ownCases, setOwnCases] = useOwnCases(userId ?? guest, exercise.uuid);
  const used = useDraft({
    userId,
    exercise,
    server: props.draft,
    onReplace: (source) => editor.current?.replace(source),
  });
  const { source, online, owner, conflict } = used.draft;
  const { shown, submissions, showRun, showSubmission } = useResult(props.last, props.submissions);
  const { running, run, cancel, warm } = useRun(exercise, props.engineUrl);
  const { following, submit, again } = useSubmission({
    exerciseUuid: exercise.uuid,
    open: props.open,
    onDone: showSubmission,
  });
  const checked = useRef<{ source: string; cases: readonly OwnCase[] } | null>(null);

  const warmed = useRef(false);

  const grading = following.phase === "waiting" || following.phase === "sending";
  const runReason: Reason | null =
    source.trim() === ""
      ? "empty"
      : shown?.submissionId === null && checked.current?.source === source && checked.current.cases === ownCases
        ? "sameAsLast"
        : null;
  const submitReason: Reason | null = conflict
    ? "conflict"
    : owner === "elsewhere"
      ? "readOnly"
      : !online
        ? "offline"
        : following.phase === "sending"
          ? "sending"
          : grading
            ? "grading"
            : source.trim() === ""
              ? "empty"
              : null;
  const ready =
    shown !== null && shown.source === source && shown.submissionId === null && shown.verdict.status === "passed";

  const open = useCallback((next: Tab) => {
    setTab(next);
    if (!matchMedia("(min-width: 800px)").matches) location.hash = "result";
  }, []);

  const tellEnd = (end: RunEnd): string | null => {
    if (end.outcome === "verdict") return null;
    if (end.outcome === "failed") return t("run.failed", { reason: end.reason });
    return end.outcome === "tooLong" ? t("run.tooLong", { seconds: runLimitSeconds }) : t("run.cancelled");
  };

  async function runNow(cases: readonly Case[]) {
    const text = source;
    setNote(null);
    void used.session?.keepSnapshot("run");
    const end = await run(text, cases);
    const told = tellEnd(end);
    setNote(told);
    if (told) announce(told);
    if (end.outcome !== "verdict") return;
    showRun(text, end.verdict);
    open("result");
  }

  function onRun() {
    if (!runnable || runReason !== null || running) return;
    checked.current = { source, cases: ownCases };
    void runNow(ownCases.map((own) => own.case));
  }

  async function onSubmit(send: (text: string) => Promise<void> = submit) {
    if (userId === null || submitReason !== null) return;
    setNote(null);
    void used.session?.keepSnapshot("submit");
    void used.session?.saveNow();
    await send(source);
  }

  const onPlay = useCallback(
    (trace: string, step: number | null = null) => {
      setPlace({ trace, step, takesFocus: true });
      open("timeline");
    },
    [open],
  );

  useEffect(() => {
    const linked = readPlace(location.search);
    if (!linked) return;
    setPlace({ ...linked, takesFocus: false });
    setTab("timeline");
  }, []);

  const counterexample = shown?.verdict.counterexample ?? null;
  const addSmallest = () => {
    if (!counterexample) return;
    const { config, ops, labels } = counterexample.trace;
    setOwnCases([
      ...ownCases,
      { id: crypto.randomUUID(), machine: null, text: labels.join("\n"), case: { config, ops } as Case },
    ]);
  };
  const actions: ResultActions = {
    onPlay,
    onReveal: (line, column) => {
      if (!matchMedia("(min-width: 800px)").matches) location.hash = "code";
      editor.current?.reveal(line, column);
    },
    onRunSmallest:
      runnable && counterexample
        ? () => void runNow([{ config: counterexample.trace.config, ops: counterexample.trace.ops } as Case])
        : null,
    onAddSmallest: runnable && counterexample ? addSmallest : null,
    onRetry: () => void onSubmit(again),
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `words` is made anew on every render and says the same
  const marks = useMemo<readonly Mark[]>(() => {
    const at = shown && shown.source === source ? placeOf(shown.verdict) : null;
    const failure = shown && (shown.verdict.failure ?? shown.verdict.cases[shown.verdict.firstFailure ?? -1]?.failure);
    return at && failure ? [{ ...at, message: words.say(failure.message) }] : [];
  }, [shown, source]);

  async function replaceWith(text: string, cause: Snapshot["cause"]) {
    await used.session?.keepSnapshot(cause);
    editor.current?.replace(text);
  }

  function jumpTo(name: string) {
    const at = source.search(new RegExp(`\\bfunction\\s+${name}\\b|\\b(?:const|let)\\s+${name}\\b`));
    if (at >= 0) actions.onReveal?.(source.slice(0, at).split("\n").length, null);
  }

  const stale = shown !== null && shown.source !== source;
  const hrefOf = (id: string) => paths.submission(locale, props.courseSlug, exercise.slug, id);
  const onChange = (text: string) => {
    if (runnable && !warmed.current) {
      warmed.current = true;
      warm();
      fetchParts();
    }
    used.session?.type(text);
  };
  const total = shown ? counts(shown.verdict) : null;
  return (
    <Frame
      title={exercise.title[locale]}
      layout={layout}
      onLayout={setLayout}
      tab={tab}
      onTab={setTab}
      focusCode={() => editor.current?.focus()}
      onRun={onRun}
      onSubmit={() => void onSubmit()}
      onSave={async () => {
        await used.session?.saveNow();
        announce(t("save.said"));
      }}
      read={
        <>
          {props.heading}
          <Tasks exercise={exercise} verdict={shown?.verdict ?? null} functions={props.functions} onJump={jumpTo} />
          {props.instructions}
          {props.hints.length > 0 && <Hints hints={props.hints} />}
        </>
      }
      code={
        runnable ? (
          <CodePane
            field={editor}
            locale={locale}
            initial={props.draft?.source ?? exercise.starter}
            starter={exercise.starter}
            serverSource={props.draft?.source ?? null}
            highlighted={props.highlighted}
            used={used}
            marks={marks}
            simple={props.simpleEditor}
            simpleEditorCookie={props.simpleEditorCookie}
            signedIn={userId !== null}
            onChange={onChange}
            onLayout={setLayout}
            onReset={async () => {
              await replaceWith(exercise.starter, "reset");
              announce(t("draft.resetDone"));
            }}
          />
        ) : (
          <TracePane
            field={editor}
            exercise={exercise}
            initial={props.draft?.source ?? exercise.starter}
            used={used}
            signedIn={userId !== null}
            onChange={onChange}
          />
        )
      }
      runBar={
        <RunBar
          locale={locale}
          running={running}
          signedIn={userId !== null}
          ready={ready}
          runnable={runnable}
          runReason={runReason}
          submitReason={submitReason}
          note={note}
          onRun={onRun}
          onCancel={cancel}
          onSubmit={() => void onSubmit()}
        />
      }
      panels={{
        result: (
          <>
            <ProgressNote typicalSeconds={props.typicalSeconds} following={following} hrefOf={hrefOf} />
            <ResultPanel shown={shown} stale={stale} actions={actions} exercise={exercise} next={props.next} />
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
        tests: (
          <TestsPanel
            shown={total && total.total > 0 ? shown : null}
            exercise={exercise}
            ownCases={ownCases}
            onOwnCases={setOwnCases}
            onPlay={onPlay}
            canWriteCases={runnable}
          />
        ),
        history: (
          <History
            submissions={submissions}
            hrefOf={hrefOf}
            snapshots={used.snapshots}
            source={source}
            readOnly={owner === "elsewhere"}
            onRestore={async (snapshot) => {
              await replaceWith(snapshot.source, "restore");
              announce(t("history.restored", { time: new Date(snapshot.at).toLocaleString(locale) }));
            }}
          />
        ),
      }}
    />
  );
}
