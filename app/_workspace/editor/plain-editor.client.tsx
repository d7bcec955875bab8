"use client";
// The plain editor: a textarea with line numbers. It is there before the full editor arrives, on phones, and for whoever prefers it.
import {
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import {
  type EditorEvents,
  type EditorHandle,
  type EditorView,
  gutterWidth,
  lineHeightOf,
  type Mark,
  paddingTop,
} from "./handle";
import { closeBracket, type Edit, indentLess, indentMore, newLine } from "./indent";

interface PlainEditorProps extends EditorEvents {
  readonly ref: React.Ref<EditorHandle>;
  readonly initial: EditorView;
  readonly label: string;
  readonly describedBy: string;
  readonly readOnly: boolean;
  readonly fontSize: number;
}

export function PlainEditor({
  ref,
  initial,
  label,
  describedBy,
  readOnly,
  fontSize,
  onChange,
  onStatus,
}: PlainEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState(() => countLines(initial.text));
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  const [tabMoves, setTabMoves] = useState(true);
  const lineHeight = lineHeightOf(fontSize);

  const changed = useEffectEvent(() => {
    const text = area.current!.value;
    setLines(countLines(text));
    onChange(text);
  });

  const report = useEffectEvent((moves: boolean) => {
    const { value, selectionStart } = area.current!;
    const before = value.slice(0, selectionStart);
    const line = countLines(before);
    onStatus({ line, column: selectionStart - before.lastIndexOf("\n"), tabMoves: moves, typescript: "off" });
  });

  // Before the first paint, so that text typed and places chosen in the form before this one are not lost.
  useLayoutEffect(() => {
    const element = area.current!;
    element.value = initial.text;
    element.setSelectionRange(...initial.selection);
    element.scrollTop = initial.scrollTop;
    if (initial.focused) element.focus({ preventScroll: true });
  }, [initial]);

  useEffect(() => report(tabMoves), [tabMoves]);

  useImperativeHandle(ref, () => {
    const element = area.current!;
    return {
      value: () => element.value,
      view: () => ({
        text: element.value,
        selection: [element.selectionStart, element.selectionEnd],
        scrollTop: element.scrollTop,
        focused: document.activeElement === element,
      }),
      replace: (text) => {
        const focused = document.activeElement;
        apply(element, { from: 0, to: element.value.length, insert: text, select: [0, 0] });
        if (focused instanceof HTMLElement && focused !== element) focused.focus({ preventScroll: true });
      },
      insert: (text) => {
        const { selectionStart: from, selectionEnd: to } = element;
        apply(element, { from, to, insert: text, select: [from + text.length, from + text.length] });
      },
      indent: (direction) => {
        const { value, selectionStart: from, selectionEnd: to } = element;
        apply(element, direction === 1 ? indentMore(value, from, to) : indentLess(value, from, to));
      },
      reveal: (line, column) => {
        const start = indexOfLine(element.value, line);
        element.focus({ preventScroll: true });
        element.setSelectionRange(start + Math.max(0, (column ?? 1) - 1), start + Math.max(0, (column ?? 1) - 1));
        element.scrollTop = Math.max(0, (line - 4) * lineHeight);
      },
      focus: () => element.focus({ preventScroll: true }),
      setMarks,
      toggleTabMoves: () => setTabMoves((moves) => !moves),
    };
  }, [lineHeight]);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing || event.altKey) return;
    if (event.key.toLowerCase() === "m" && event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      setTabMoves((moves) => !moves);
      return;
    }
    if (event.ctrlKey || event.metaKey || readOnly) return;
    const edit = editFor(event.key, event.shiftKey, tabMoves, event.currentTarget);
    if (edit === null) return;
    event.preventDefault();
    apply(event.currentTarget, edit);
  }

  return (
    <div className="plain-editor" style={{ fontSize, lineHeight: `${lineHeight}px` }}>
      <div ref={gutter} aria-hidden="true" className="plain-gutter" style={{ width: gutterWidth, paddingTop }}>
        {Array.from({ length: lines }, (_, i) => (
          <div key={i} data-marked={marks.some((mark) => mark.line === i + 1) || undefined}>
            {i + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={marks.length > 0 || undefined}
        className="plain-area"
        style={{ paddingTop }}
        defaultValue={initial.text}
        readOnly={readOnly}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        translate="no"
        data-gramm="false"
        onInput={changed}
        onCompositionStart={(event) => {
          event.currentTarget.dataset.composing = "yes";
        }}
        onCompositionEnd={(event) => {
          delete event.currentTarget.dataset.composing;
        }}
        onSelect={() => report(tabMoves)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          gutter.current!.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

const countLines = (text: string) => text.split("\n").length;

function indexOfLine(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", at);
    if (next === -1) break;
    at = next + 1;
  }
  return at;
}

function editFor(key: string, shift: boolean, tabMoves: boolean, area: HTMLTextAreaElement): Edit | null {
  const { value, selectionStart: from, selectionEnd: to } = area;
  if (key === "Enter" && !shift) return newLine(value, from, to);
  if (key === "Tab" && !tabMoves) return shift ? indentLess(value, from, to) : indentMore(value, from, to);
  if (key === "}" || key === ")" || key === "]") return closeBracket(value, from, to, key);
  return null;
}

/** Through the browser's own editing command, the only way that Ctrl+Z knows of. */
function apply(area: HTMLTextAreaElement, { from, to, insert, select }: Edit) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(from, to);
  const done = insert === "" ? document.execCommand("delete") : document.execCommand("insertText", false, insert);
  if (!done) {
    area.setRangeText(insert, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(...select);
}
