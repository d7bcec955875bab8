"use client";
// Above the code: the file's name, reset with its question asked in place, settings. Below it: the status line.
import { RotateCcw, Settings2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import type { SaveStatus } from "./draft";
import type { FullEditorState } from "./editor/code-editor.client";
import type { EditorStatus } from "./editor/handle";

export const fontSizes = [12, 13, 14, 16, 18, 20, 24] as const;

interface EditorBarProps {
  readonly fileName: string;
  readonly readOnly: boolean;
  readonly onReset: () => void;
  readonly simple: boolean;
  readonly onSimple: (simple: boolean) => void;
  readonly fontSize: number;
  readonly onFontSize: (pixels: number) => void;
  readonly onResetLayout: () => void;
}

export function EditorBar(props: EditorBarProps) {
  const t = useTranslations("workspace");
  return (
    <div className="editor-bar">
      <span className="file-name">{props.fileName}</span>
      <Reset readOnly={props.readOnly} onReset={props.onReset} />
      <details className="settings">
        <summary
          className="button button-quiet button-icon"
          aria-label={t("editor.settings")}
          title={t("editor.settings")}
        >
          <Settings2 size={16} aria-hidden="true" />
        </summary>
        <div className="settings-panel panel">
          <label className="setting">
            <span>{t("editor.fontSize")}</span>
            <select
              className="field"
              value={props.fontSize}
              onChange={(event) => props.onFontSize(Number(event.target.value))}
            >
              {fontSizes.map((size) => (
                <option key={size} value={size}>
                  {t("editor.fontSizeValue", { size })}
                </option>
              ))}
            </select>
          </label>
          <label className="setting">
            <input type="checkbox" checked={props.simple} onChange={(event) => props.onSimple(event.target.checked)} />
            <span>{t("editor.simple")}</span>
          </label>
          <button type="button" className="button" onClick={props.onResetLayout}>
            {t("layout.reset")}
          </button>
        </div>
      </details>
    </div>
  );
}

/** The question takes the button's place and the focus; "no" gives both back. */
function Reset({ readOnly, onReset }: { readOnly: boolean; onReset: () => void }) {
  const t = useTranslations("workspace");
  const [asking, setAsking] = useState(false);
  const yes = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (asking) yes.current?.focus();
    else if (wasAsking.current) opener.current?.focus();
    wasAsking.current = asking;
  }, [asking]);
  function confirm() {
    setAsking(false);
    onReset();
  }
  if (!asking) {
    return (
      <button
        ref={opener}
        type="button"
        className="button button-quiet"
        aria-disabled={readOnly || undefined}
        onClick={() => !readOnly && setAsking(true)}
      >
        <RotateCcw size={14} aria-hidden="true" />
        {t("draft.reset")}
      </button>
    );
  }
  return (
    <fieldset className="reset-question" onKeyDown={(event) => event.key === "Escape" && setAsking(false)}>
      <legend>{t("draft.resetAsk")}</legend>
      <button ref={yes} type="button" className="button button-danger" onClick={confirm}>
        {t("draft.resetYes")}
      </button>
      <button type="button" className="button" onClick={() => setAsking(false)}>
        {t("draft.resetNo")}
      </button>
    </fieldset>
  );
}

interface StatusLineProps {
  readonly id: string;
  readonly status: EditorStatus;
  readonly save: SaveStatus;
  readonly signedIn: boolean;
  readonly full: FullEditorState;
  readonly onToggleTab: () => void;
}

export function StatusLine({ id, status, save, signedIn, full, onToggleTab }: StatusLineProps) {
  const t = useTranslations("workspace");
  return (
    <div className="status-line">
      <span>{t("editor.place", { line: status.line, column: status.column })}</span>
      <button type="button" className="status-button" onClick={onToggleTab}>
        {t(status.tabMoves ? "editor.tabMoves" : "editor.tabIndents")}
      </button>
      <span className="status-types">
        {full === "loading" && t("editor.loading")}
        {full === "ready" && status.typescript === "starting" && t("editor.typesStarting")}
        {full === "ready" && status.typescript === "ready" && t("editor.typesReady")}
      </span>
      <span className="save-status" role="status" data-save={save}>
        {t(save === "device" && !signedIn ? "save.deviceOnly" : `save.${save}`)}
      </span>
      <span id={id} className="visually-hidden">
        {t("editor.leave")}
      </span>
    </div>
  );
}

const phoneKeys = ["{", "}", "(", ")", "[", "]", ";", "=", "=>"] as const;

/** Signs that a phone's keyboard hides. Pointer events are held back so that the text keeps the focus. */
export function KeyRow({
  onInsert,
  onIndent,
}: {
  onInsert: (text: string) => void;
  onIndent: (direction: 1 | -1) => void;
}) {
  const t = useTranslations("workspace");
  return (
    <div
      className="key-row"
      role="toolbar"
      aria-label={t("editor.keys")}
      onPointerDown={(event) => event.preventDefault()}
    >
      {phoneKeys.map((key) => (
        <button key={key} type="button" className="key-row-key" onClick={() => onInsert(key)}>
          {key}
        </button>
      ))}
      <button type="button" className="key-row-key" aria-label={t("editor.keyTab")} onClick={() => onIndent(1)}>
        Tab
      </button>
      <button type="button" className="key-row-key" aria-label={t("editor.keyBack")} onClick={() => onIndent(-1)}>
        ⇤
      </button>
    </div>
  );
}
