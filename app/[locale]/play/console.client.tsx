"use client";
// Operations by typing and by button. The command line comes first: whoever works by keyboard lands on it.
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FreeChoice } from "@/app/_figures/buddy/free-choice.client";
import { freeable } from "@/app/_figures/buddy/machine-view.client";
import type { Session } from "@/app/_figures/buddy/session";
import type { SessionControl } from "@/app/_figures/buddy/use-session.client";
import { CommandLine } from "@/app/_figures/command-line.client";
import { type Command, completions, parseCommand } from "./commands";

interface ConsoleProps {
  readonly session: Session;
  readonly control: SessionControl;
  /** A block in use that was clicked in the picture. */
  readonly picked: number | null;
  readonly execute: (command: Command) => void;
  readonly refuse: (text: string) => void;
}

export function Console({ session, control, picked, execute, refuse }: ConsoleProps) {
  const words = useTranslations("play");
  const figureWords = useTranslations("figure");
  const [temperature, setTemperature] = useState<"hot" | "cold">("hot");
  const blocks = freeable(session);

  const run = (line: string) => {
    const parsed = parseCommand(line);
    if (parsed.kind === "command") execute(parsed.command);
    else if (parsed.kind === "mistake") refuse(words(parsed.key, { word: parsed.word }));
  };

  return (
    <>
      <CommandLine
        labels={{
          command: words("command"),
          hint: words("commandHint"),
          run: words("commandRun"),
          suggestions: words("suggestions"),
        }}
        complete={(text) =>
          completions(
            text,
            blocks.map((block) => block.pfn),
          )
        }
        onRun={run}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a form section */}
      <div className="console-buttons" role="group" aria-label={figureWords("operations")}>
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
      <div className="console-buttons">
        <FreeChoice
          blocks={blocks}
          picked={picked}
          words={figureWords}
          onFree={(pfn) => execute({ name: "free", pfn, temperature })}
        />
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
      <div className="console-buttons">
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
