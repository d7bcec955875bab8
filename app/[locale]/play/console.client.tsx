"use client";
// Operations by typing and by button. The command line comes first: whoever works by keyboard lands on it.
import { type KeyboardEvent, type SubmitEvent, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { freeable } from "@/app/_figures/buddy/machine-view.client";
import type { Session } from "@/app/_figures/buddy/session";
import type { SessionControl } from "@/app/_figures/buddy/use-session.client";
import { type Command, completions, parseCommand } from "./commands";

interface ConsoleProps {
  readonly session: Session;
  readonly control: SessionControl;
  /** A block in use that was clicked in the picture. */
  readonly picked: number | null;
  readonly execute: (command: Command) => void;
  readonly refuse: (text: string) => void;
}

const shownSuggestions = 6;

export function Console({ session, control, picked, execute, refuse }: ConsoleProps) {
  const words = useTranslations("play");
  const figureWords = useTranslations("figure");
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [history, setHistory] = useState<readonly string[]>([]);
  /** How far back in the history; 0 is the line being typed. */
  const [back, setBack] = useState(0);
  const [temperature, setTemperature] = useState<"hot" | "cold">("hot");
  const [wanted, setWanted] = useState("");
  const blocks = freeable(session);
  const suggestions = completions(
    text,
    blocks.map((block) => block.pfn),
  ).slice(0, shownSuggestions);
  const ghost = text !== "" && suggestions[0]?.startsWith(text) ? suggestions[0] : "";
  const pickedBlock = blocks.find((block) => block.pfn === picked);
  const chosen = blocks.find((block) => String(block.pfn) === wanted) ?? pickedBlock ?? blocks[0];

  const run = (line: string) => {
    const parsed = parseCommand(line);
    if (parsed.kind === "empty") return;
    setHistory([...history, line.trim()].slice(-100));
    setBack(0);
    setText("");
    if (parsed.kind === "command") execute(parsed.command);
    else refuse(words(parsed.key, { word: parsed.word }));
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
      <form className="play-command" onSubmit={submit}>
        <label htmlFor={`${id}-line`}>{words("command")}</label>
        <div className="play-line">
          <span className="play-prompt" aria-hidden="true">
            ›
          </span>
          <span className="play-ghost" aria-hidden="true">
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
            {words("commandRun")}
          </button>
        </div>
        <p id={`${id}-hint`} className="play-hint">
          {words("commandHint")}
        </p>
      </form>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a form section */}
      <div className="play-suggestions" role="group" aria-label={words("suggestions")}>
        {suggestions.map((each) => (
          <button key={each} type="button" onClick={() => run(each)}>
            {each}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div className="play-buttons" role="group" aria-label={figureWords("operations")}>
        {[0, 1, 2, 3, 4, 5].map((order) => (
          <button
            key={order}
            type="button"
            className="button"
            onClick={() => execute({ name: "alloc", order, temperature })}
          >
            {figureWords("allocOrder", { order })}
          </button>
        ))}
      </div>
      <div className="play-buttons">
        <label className="visually-hidden" htmlFor={`${id}-free`}>
          {figureWords("freeWhich")}
        </label>
        <select
          id={`${id}-free`}
          className="play-select"
          value={chosen?.pfn ?? ""}
          onChange={(event) => setWanted(event.target.value)}
        >
          {blocks.length === 0 && <option value="">{figureWords("nothingToFree")}</option>}
          {blocks.map((block) => (
            <option key={block.pfn} value={block.pfn}>
              {`${block.name}: ${block.pfn}`}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="button"
          aria-disabled={chosen === undefined || undefined}
          onClick={() => {
            if (chosen) execute({ name: "free", pfn: chosen.pfn, temperature });
          }}
        >
          {figureWords("freeChoose")}
        </button>
        {session.config.pcp && (
          <label className="fig-choice">
            <input
              type="checkbox"
              checked={temperature === "cold"}
              onChange={(event) => setTemperature(event.target.checked ? "cold" : "hot")}
            />
            {words("coldList")}
          </label>
        )}
      </div>
      <div className="play-buttons">
        <button
          type="button"
          className="button"
          aria-keyshortcuts="Control+Z"
          title="Ctrl+Z"
          aria-disabled={session.at === 0 || undefined}
          onClick={control.undo}
        >
          {figureWords("undo")}
        </button>
        <button
          type="button"
          className="button"
          aria-keyshortcuts="Control+Shift+Z"
          title="Ctrl+Shift+Z"
          aria-disabled={session.at === session.ops.length || undefined}
          onClick={control.redo}
        >
          {figureWords("redo")}
        </button>
        <label className="play-timeline">
          <span className="visually-hidden">{words("timeline")}</span>
          <input
            type="range"
            min={0}
            max={session.ops.length}
            value={session.at}
            aria-valuetext={words("timelineValue", { step: session.at, last: session.ops.length })}
            onChange={(event) => control.goTo(Number(event.target.value))}
          />
          <output>{words("timelineValue", { step: session.at, last: session.ops.length })}</output>
        </label>
      </div>
    </>
  );
}
