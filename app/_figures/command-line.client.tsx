"use client";
// A line to type commands in, with completion and history, and buttons for what it could become.
// Forms of figures have method="dialog": outside a dialog such a form sends nothing, so an Enter that comes before the script does
// not load the page anew.
import "./console.css";
import { type KeyboardEvent, type SubmitEvent, useEffect, useId, useRef, useState } from "react";

interface CommandLineProps {
  readonly labels: {
    readonly command: string;
    readonly hint: string;
    readonly run: string;
    readonly suggestions: string;
  };
  readonly complete: (text: string) => readonly string[];
  readonly onRun: (line: string) => void;
}

const shownSuggestions = 6;
const keptLines = 100;

export function CommandLine({ labels, complete, onRun }: CommandLineProps) {
  const id = useId();
  const [text, setText] = useState("");
  const [history, setHistory] = useState<readonly string[]>([]);
  /** How far back in the history; 0 is the line being typed. */
  const [back, setBack] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  // What was typed before the script came is in the box, but nobody has heard of it.
  useEffect(() => setText(input.current?.value ?? ""), []);
  const suggestions = complete(text).slice(0, shownSuggestions);
  const ghost = text !== "" && suggestions[0]?.startsWith(text) ? suggestions[0] : "";

  const run = (line: string) => {
    if (line.trim() === "") return;
    setHistory([...history, line.trim()].slice(-keptLines));
    setBack(0);
    setText("");
    onRun(line);
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    run(text);
  };
  const recall = (steps: number) => {
    const target = Math.max(0, Math.min(history.length, steps));
    setBack(target);
    setText(target === 0 ? "" : history[history.length - target]!);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const atEnd = event.currentTarget.selectionStart === text.length;
    if (event.key === "ArrowUp") recall(back + 1);
    else if (event.key === "ArrowDown") recall(back - 1);
    else if (event.key === "ArrowRight" && atEnd && ghost !== "") setText(ghost);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <form method="dialog" className="console-command" onSubmit={submit}>
        <label htmlFor={`${id}-line`}>{labels.command}</label>
        <div className="console-line">
          <span className="console-prompt" aria-hidden="true">
            ›
          </span>
          <span className="console-ghost" aria-hidden="true">
            {ghost}
          </span>
          <input
            id={`${id}-line`}
            ref={input}
            value={text}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            enterKeyHint="go"
            aria-describedby={`${id}-hint`}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={keys}
          />
          <button type="submit" className="button">
            {labels.run}
          </button>
        </div>
        <p id={`${id}-hint`} className="console-hint">
          {labels.hint}
        </p>
      </form>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a form section */}
      <div className="console-suggestions" role="group" aria-label={labels.suggestions}>
        {suggestions.map((each) => (
          <button key={each} type="button" onClick={() => run(each)}>
            {each}
          </button>
        ))}
      </div>
    </>
  );
}
