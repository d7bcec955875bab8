// What makes Monaco this course's editor: languages, themes, and a handle on it. Loaded on demand only; importing it needs a window.
// Theory: the TypeScript feature must be registered before the first model exists, but its worker is 1.5 MB, so the worker is
//         handed over as a promise that is kept only after the learner has first put the focus into the editor and the page is idle.
import "./monaco-features";
import { editor, MarkerSeverity, Range, Uri } from "monaco-editor/editor";
import {
  getTypeScriptWorker,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from "monaco-editor/languages/features/typescript/register";
import {
  type EditorEvents,
  type EditorView,
  type FullEditorHandle,
  lineHeightOf,
  type Mark,
  paddingTop,
} from "./handle";
import { watchSlips } from "./monaco-slips";
import { currentTheme, themeData, watchTheme } from "./monaco-themes";
import { leaveOnEscTab, onTabToggle } from "./tab-keys";

export interface FullEditorOptions extends EditorEvents {
  readonly text: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly readOnlyReason: string;
  readonly fontSize: number;
  /** Declarations of the module `kernel`. */
  readonly kernelTypes: string;
  /** Words of the quick fix for full-width punctuation. */
  readonly slipWords: { message(sign: string, replacement: string): string; fixAll: string };
}

export const modelPath = "file:///solution.ts";
const modelUri = Uri.parse(modelPath);
const owner = "pagewalk";

/** Kept when the editor first has the focus. */
let wanted: () => void = () => undefined;
const typescriptWanted = new Promise<void>((resolve) => {
  wanted = resolve;
});

self.MonacoEnvironment = {
  getWorker: (_id: string, label: string) =>
    label === "typescript" || label === "javascript"
      ? typescriptWanted.then(
          () =>
            new Worker(new URL("monaco-editor/language/typescript/ts.worker.js", import.meta.url), { type: "module" }),
        )
      : new Worker(new URL("monaco-editor/editor/editor.worker.js", import.meta.url), { type: "module" }),
};

editor.defineTheme("pagewalk-light", themeData("light"));
editor.defineTheme("pagewalk-dark", themeData("dark"));
typescriptDefaults.setCompilerOptions({
  target: ScriptTarget.ES2020,
  module: ModuleKind.ESNext,
  moduleResolution: ModuleResolutionKind.NodeJs,
  lib: ["es2020"],
  strict: true,
  noEmit: true,
  allowNonTsExtensions: true,
});

/** As the editor is made; what may change later goes through its handle. */
export function constructionOptions(options: FullEditorOptions): editor.IStandaloneEditorConstructionOptions {
  return {
    ariaLabel: options.label,
    automaticLayout: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
    fontSize: options.fontSize,
    lineHeight: lineHeightOf(options.fontSize),
    lineNumbersMinChars: 4,
    lineDecorationsWidth: 12,
    glyphMargin: false,
    padding: { top: paddingTop, bottom: paddingTop },
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    tabSize: 2,
    insertSpaces: true,
    detectIndentation: false,
    fixedOverflowWidgets: true,
    readOnly: options.readOnly,
    readOnlyMessage: { value: options.readOnlyReason },
    unicodeHighlight: { ambiguousCharacters: false, allowedLocales: { "zh-hans": true } },
    // The stock dims the number of an empty last line below the contrast that text needs.
    renderFinalNewline: "on",
    stickyScroll: { enabled: false },
    scrollbar: { alwaysConsumeMouseWheel: false },
  };
}

/** Takes over an editor just made: `view` is what the plain one shows at this moment. */
export function adopt(
  code: editor.IStandaloneCodeEditor,
  host: HTMLElement,
  view: EditorView,
  options: FullEditorOptions,
): FullEditorHandle {
  const library = typescriptDefaults.addExtraLib(options.kernelTypes, "file:///node_modules/kernel/index.d.ts");
  const model = code.getModel()!;
  // Something may have been typed since the editor was asked for.
  if (model.getValue() !== view.text) model.setValue(view.text);
  placeView(code, view);

  let typescript: "off" | "starting" | "ready" = "off";
  const report = () => {
    const at = code.getPosition();
    options.onStatus({
      line: at?.lineNumber ?? 1,
      column: at?.column ?? 1,
      tabMoves: code.getOption(editor.EditorOption.tabFocusMode),
      typescript,
    });
  };
  const startTypescript = () => {
    if (typescript !== "off") return;
    typescript = "starting";
    report();
    whenIdle(async () => {
      wanted();
      const worker = await getTypeScriptWorker();
      await worker(modelUri);
      typescript = "ready";
      report();
    });
  };

  // Our own switch: Monaco's is one for all editors of the page and tells nobody when it changes.
  const toggleTabMoves = () => code.updateOptions({ tabFocusMode: !code.getOption(editor.EditorOption.tabFocusMode) });

  const shown = code.createDecorationsCollection();
  const ends = [
    code.onDidChangeModelContent(() => options.onChange(model.getValue())),
    code.onDidChangeCursorPosition(report),
    code.onDidChangeConfiguration((change) => change.hasChanged(editor.EditorOption.tabFocusMode) && report()),
    code.onDidFocusEditorText(startTypescript),
    { dispose: watchTheme(() => editor.setTheme(currentTheme())) },
    { dispose: undoForeignScroll(host, code) },
    { dispose: onTabToggle(host, toggleTabMoves) },
    { dispose: leaveOnEscTab(host, () => code.getSelection()?.isEmpty() ?? true) },
    watchSlips(model, options.slipWords),
    library,
  ];
  report();

  const handle: FullEditorHandle = {
    value: () => model.getValue(),
    view: () => {
      const selection = code.getSelection() ?? new Range(1, 1, 1, 1);
      return {
        text: model.getValue(),
        selection: [model.getOffsetAt(selection.getStartPosition()), model.getOffsetAt(selection.getEndPosition())],
        scrollTop: code.getScrollTop(),
        focused: code.hasTextFocus(),
      };
    },
    replace: (text) => {
      code.pushUndoStop();
      // A read-only editor refuses edits of its own, but the draft that another tab owns must still be shown.
      if (code.getOption(editor.EditorOption.readOnly)) model.setValue(text);
      else code.executeEdits(owner, [{ range: model.getFullModelRange(), text }]);
      code.pushUndoStop();
    },
    insert: (text) => code.trigger(owner, "type", { text }),
    indent: (direction) =>
      code.trigger(owner, direction === 1 ? "editor.action.indentLines" : "editor.action.outdentLines", null),
    reveal: (line, column) => {
      code.revealLineInCenter(line);
      code.setPosition({ lineNumber: line, column: column ?? 1 });
      shown.set([{ range: new Range(line, 1, line, 1), options: { isWholeLine: true, className: "revealed-line" } }]);
      setTimeout(() => shown.clear(), 2500);
      code.focus();
    },
    focus: () => code.focus(),
    setMarks: (marks) =>
      editor.setModelMarkers(
        model,
        owner,
        marks.map((mark) => toMarker(model, mark)),
      ),
    setReadOnly: (readOnly) => code.updateOptions({ readOnly }),
    setFontSize: (fontSize) => code.updateOptions({ fontSize, lineHeight: lineHeightOf(fontSize) }),
    toggleTabMoves,
    dispose: () => {
      for (const end of ends) end.dispose();
    },
  };
  return handle;
}

function placeView(code: editor.IStandaloneCodeEditor, view: EditorView) {
  const model = code.getModel()!;
  const [from, to] = view.selection.map((at) => model.getPositionAt(at));
  code.setSelection(Range.fromPositions(from!, to!));
  code.setScrollTop(view.scrollTop);
}

function toMarker(model: editor.ITextModel, { line, column, message }: Mark): editor.IMarkerData {
  const lineNumber = Math.min(Math.max(line, 1), model.getLineCount());
  const startColumn = column ?? Math.max(1, model.getLineFirstNonWhitespaceColumn(lineNumber));
  const word = model.getWordAtPosition({ lineNumber, column: startColumn });
  return {
    severity: MarkerSeverity.Error,
    message,
    startLineNumber: lineNumber,
    endLineNumber: lineNumber,
    startColumn,
    endColumn: column === null ? model.getLineMaxColumn(lineNumber) : (word?.endColumn ?? startColumn + 1),
  };
}

/** Browsers and tools may scroll the editor's inner boxes to show what is in them; Monaco scrolls by other means and would be blank. */
function undoForeignScroll(host: HTMLElement, code: editor.IStandaloneCodeEditor): () => void {
  function onScroll({ target }: Event) {
    if (!(target instanceof HTMLElement) || (target.scrollLeft === 0 && target.scrollTop === 0)) return;
    if (!target.matches(".editor-scrollable, .overflow-guard, .lines-content")) return;
    code.setScrollPosition({
      scrollLeft: code.getScrollLeft() + target.scrollLeft,
      scrollTop: code.getScrollTop() + target.scrollTop,
    });
    target.scrollLeft = 0;
    target.scrollTop = 0;
  }
  host.addEventListener("scroll", onScroll, { capture: true });
  return () => host.removeEventListener("scroll", onScroll, { capture: true });
}

function whenIdle(work: () => void) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 300);
}
