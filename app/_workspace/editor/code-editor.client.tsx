"use client";
// The learner's file on the page: first as the server drew it, then in a textarea, then in the full editor.
// Theory: each form takes the other's place inside one box of fixed size, with text, selection, scroll and focus carried over,
//         so nothing moves and nothing typed is lost. If the full editor cannot be loaded, the textarea stays.
import {
  type ReactNode,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import { isTouch } from "../use-width.client";
import type { FullEditor } from "./full-editor.client";
import type { EditorEvents, EditorHandle, EditorView, FullEditorHandle, Mark } from "./handle";
import { loadFullEditor } from "./load.client";
import type { FullEditorOptions } from "./monaco.client";
import { PlainEditor } from "./plain-editor.client";

export type EditorForm = "static" | "plain" | "full";
export type FullEditorState = "unwanted" | "loading" | "ready" | "failed";

interface CodeEditorProps extends EditorEvents {
  readonly ref: React.Ref<EditorHandle>;
  readonly initial: string;
  /** The same text, highlighted by the server; shown until the page is alive. */
  readonly children: ReactNode;
  readonly locale: string;
  readonly kernelTypes: () => Promise<string>;
  /** The learner chose to do without the full editor. */
  readonly simple: boolean;
  readonly readOnly: boolean;
  readonly fontSize: number;
  readonly marks: readonly Mark[];
  readonly describedBy: string;
  readonly onFullEditor: (state: FullEditorState) => void;
  /** Rises when the learner asks to try the full editor again. */
  readonly attempt: number;
}

declare global {
  interface Window {
    /** For browser tests: the text cannot be read from the lines of a virtualised editor. */
    __editor?: { getValue(): string; form(): EditorForm };
  }
}

export function CodeEditor(props: CodeEditorProps) {
  const { ref, initial, children, simple, readOnly, fontSize, marks, describedBy, attempt } = props;
  const t = useTranslations("workspace");
  const [form, setForm] = useState<EditorForm>("static");
  const [view, setView] = useState<EditorView>({ text: initial, selection: [0, 0], scrollTop: 0, focused: false });
  const plain = useRef<EditorHandle>(null);
  const full = useRef<FullEditorHandle>(null);
  const [mounted, setMounted] = useState<{ FullEditor: typeof FullEditor; options: FullEditorOptions } | null>(null);
  const focusNext = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const current = useCallback(() => full.current ?? plain.current, []);
  const tellFull = useEffectEvent(props.onFullEditor);
  // The full editor is mounted once and calls for as long as it lives: always what the page says now.
  const tellChange = useEffectEvent(props.onChange);
  const tellStatus = useEffectEvent(props.onStatus);

  useEffect(() => setForm((now) => (now === "static" ? "plain" : now)), []);

  useImperativeHandle(ref, () => {
    const text = () => current()?.value() ?? view.text;
    return {
      value: text,
      view: () => current()?.view() ?? view,
      replace: (next) => (current() ? current()!.replace(next) : setView({ ...view, text: next })),
      insert: (text) => current()?.insert(text),
      indent: (direction) => current()?.indent(direction),
      reveal: (line, column) => current()?.reveal(line, column),
      focus: () => current()?.focus(),
      setMarks: (next) => current()?.setMarks(next),
      toggleTabMoves: () => current()?.toggleTabMoves(),
    };
  }, [view, current]);

  useEffect(() => {
    window.__editor = {
      getValue: () => current()?.value() ?? initial,
      form: () => (full.current ? "full" : plain.current ? "plain" : "static"),
    };
    return () => {
      delete window.__editor;
    };
  }, [initial, current]);

  const mount = useEffectEvent(async (isWanted: () => boolean) => {
    props.onFullEditor("loading");
    try {
      const [{ FullEditor }, kernelTypes] = await Promise.all([loadFullEditor(props.locale), props.kernelTypes()]);
      await plainIsQuiet(box.current!);
      if (!isWanted() || !plain.current) return;
      const options: FullEditorOptions = {
        text: plain.current.value(),
        label: t("editor.label"),
        readOnly,
        readOnlyReason: t("editor.readOnly"),
        fontSize,
        kernelTypes,
        slipWords: {
          message: (sign, replacement) => t("editor.fullWidth", { sign, replacement }),
          fixAll: t("editor.fullWidthFixAll"),
        },
        onChange: (text) => tellChange(text),
        onStatus: (status) => tellStatus(status),
      };
      setMounted({ FullEditor, options });
    } catch {
      // The network or the chunk is at fault; the plain editor keeps working and the page offers to try again.
      if (isWanted()) props.onFullEditor("failed");
    }
  });

  const plainView = () => {
    const now = plain.current?.view() ?? view;
    focusNext.current = now.focused;
    return now;
  };
  const adoptFull = (handle: FullEditorHandle) => {
    full.current = handle;
    handle.setMarks(marks);
    handle.setReadOnly(readOnly);
    handle.setFontSize(fontSize);
    setForm("full");
    props.onFullEditor("ready");
    announce(t("editor.fullReady"));
  };

  // Only what is shown can take the focus.
  useLayoutEffect(() => {
    if (form !== "full" || !focusNext.current) return;
    focusNext.current = false;
    full.current?.focus();
  }, [form]);

  const unmount = useEffectEvent(() => {
    setMounted(null);
    if (!full.current) return;
    setView(full.current.view());
    full.current.dispose();
    full.current = null;
    setForm("plain");
  });

  useEffect(() => {
    if (simple || isTouch()) {
      unmount();
      tellFull("unwanted");
      return;
    }
    let wanted = true;
    const start = () => void mount(() => wanted);
    const cancel = attempt > 0 ? undefined : atIdleOrFocus(box.current!, start);
    if (attempt > 0) start();
    return () => {
      wanted = false;
      cancel?.();
    };
  }, [simple, attempt]);

  useEffect(() => () => full.current?.dispose(), []);
  useEffect(() => full.current?.setReadOnly(readOnly), [readOnly]);
  useEffect(() => full.current?.setFontSize(fontSize), [fontSize]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another form of the editor must be told again
  useEffect(() => current()?.setMarks(marks), [marks, form, current]);

  return (
    <div ref={box} className="editor-box" data-form={form}>
      {form === "static" && (
        <div className="static-editor" style={{ fontSize }}>
          {children}
        </div>
      )}
      {form === "plain" && (
        <PlainEditor
          ref={plain}
          initial={view}
          label={t("editor.label")}
          describedBy={describedBy}
          readOnly={readOnly}
          fontSize={fontSize}
          onChange={props.onChange}
          onStatus={props.onStatus}
        />
      )}
      <div className="full-editor" hidden={form !== "full"}>
        {mounted && <mounted.FullEditor options={mounted.options} view={plainView} onReady={adoptFull} />}
      </div>
    </div>
  );
}

/** Calls `start` once: when the learner puts the focus into the box, or when the page has nothing else to do. */
function atIdleOrFocus(box: HTMLElement, start: () => void): () => void {
  let started = false;
  const once = () => {
    if (started) return;
    started = true;
    start();
  };
  box.addEventListener("focusin", once);
  const idle = "requestIdleCallback" in window ? requestIdleCallback(once, { timeout: 4000 }) : 0;
  const timer = idle ? undefined : setTimeout(once, 1500);
  return () => {
    box.removeEventListener("focusin", once);
    if (idle) cancelIdleCallback(idle);
    clearTimeout(timer);
  };
}

/** Waits until no input method is composing: a swap in the middle would lose the half-typed word. */
function plainIsQuiet(box: HTMLElement): Promise<void> {
  const area = box.querySelector("textarea");
  if (!area?.dataset.composing) return Promise.resolve();
  return new Promise((resolve) => area.addEventListener("compositionend", () => setTimeout(resolve), { once: true }));
}
