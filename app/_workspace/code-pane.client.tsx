"use client";
// The middle column of an exercise in which the learner writes code: bar, editor, notices, status line.
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import { rememberInCookie } from "@/app/_shell/cookie.client";
import { saveStatus } from "./draft";
import { CodeEditor, type FullEditorState } from "./editor/code-editor.client";
import { fullWidthSlips, withoutSlips } from "./editor/full-width";
import type { EditorHandle, EditorStatus, Mark, TextHandle } from "./editor/handle";
import { EditorBar, KeyRow, StatusLine } from "./editor-bar.client";
import { type Layout, presets } from "./layout";
import { Notices } from "./notices.client";
import type { UsedDraft } from "./use-draft.client";

interface CodePaneProps {
  readonly field: Ref<TextHandle>;
  readonly locale: string;
  readonly initial: string;
  readonly starter: string;
  readonly serverSource: string | null;
  readonly highlighted: ReactNode;
  readonly used: UsedDraft;
  readonly marks: readonly Mark[];
  readonly simple: boolean;
  readonly simpleEditorCookie: string;
  readonly signedIn: boolean;
  readonly onChange: (source: string) => void;
  readonly onReset: () => void;
  readonly onLayout: (layout: Layout) => void;
}

const statusId = "editor-help";
const firstLine = (text: string, at: number) => text.slice(0, at).split("\n").length;

export function CodePane(props: CodePaneProps) {
  const { used, marks, signedIn } = props;
  const t = useTranslations("workspace");
  const editor = useRef<EditorHandle>(null);
  useImperativeHandle(props.field, () => ({
    replace: (text) => editor.current?.replace(text),
    reveal: (line, column) => editor.current?.reveal(line, column),
    focus: () => editor.current?.focus(),
  }));
  const [simple, setSimple] = useState(props.simple);
  const [fontSize, setFontSize] = useState(14);
  const [full, setFull] = useState<FullEditorState>("unwanted");
  const [attempt, setAttempt] = useState(0);
  const [status, setStatus] = useState<EditorStatus>({ line: 1, column: 1, tabMoves: true, typescript: "off" });
  const readOnly = used.draft.owner === "elsewhere" || used.draft.conflict !== null;
  const { source } = used.draft;
  const slips = useMemo(() => {
    const found = fullWidthSlips(source);
    return found[0] ? { count: found.length, line: firstLine(source, found[0].at) } : null;
  }, [source]);

  function onStatus(next: EditorStatus) {
    if (next.tabMoves !== status.tabMoves && next.typescript === status.typescript && full === "ready") {
      announce(t(next.tabMoves ? "editor.tabMovesSaid" : "editor.tabIndentsSaid"));
    }
    setStatus(next);
  }

  return (
    <>
      <EditorBar
        fileName={t("editor.file")}
        readOnly={readOnly}
        onReset={props.onReset}
        simple={simple}
        onSimple={(next) => {
          setSimple(next);
          rememberInCookie(props.simpleEditorCookie, next ? "on" : "off");
        }}
        fontSize={fontSize}
        onFontSize={setFontSize}
        onResetLayout={() => props.onLayout(presets.balanced)}
      />
      <CodeEditor
        ref={editor}
        initial={props.initial}
        locale={props.locale}
        kernelTypes={() => import("@/lib/slots/kernel-types").then((m) => m.kernelTypes())}
        simple={simple}
        readOnly={readOnly}
        fontSize={fontSize}
        marks={marks}
        describedBy={statusId}
        attempt={attempt}
        onFullEditor={setFull}
        onChange={props.onChange}
        onStatus={onStatus}
      >
        {props.highlighted}
      </CodeEditor>
      <KeyRow
        onInsert={(text) => editor.current?.insert(text)}
        onIndent={(direction) => editor.current?.indent(direction)}
      />
      <Notices
        used={used}
        starter={props.starter}
        serverSource={props.serverSource}
        onReplace={(text) => editor.current?.replace(text)}
        full={{ failed: full === "failed", retry: () => setAttempt((n) => n + 1) }}
        slips={slips}
        onFixSlips={() => editor.current?.replace(withoutSlips(source))}
      />
      <StatusLine
        id={statusId}
        status={status}
        save={saveStatus(used.draft)}
        signedIn={signedIn}
        full={full}
        onToggleTab={() => editor.current?.toggleTabMoves()}
      />
    </>
  );
}
