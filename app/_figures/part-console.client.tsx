"use client";
// Everything that can be done to a part: by typing, by choosing, back and forth. Used by sandboxes and by the playground.
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import { completions, parseLine, usageOf } from "@/lib/scenarios/command";
import { type Refused, stateOf } from "@/lib/scenarios/run";
import type { Messages } from "@/lib/words/messages";
import { CommandLine } from "./command-line.client";
import { announceOperation } from "./narrate";
import { OperationForm } from "./operation-form.client";
import type { AnyPart } from "./part";
import type { PartControl } from "./use-part-session.client";
import type { PartWords } from "./use-part-words.client";

/** Why nothing was done, in words. */
export function useRefusalWords({ words, shared }: PartWords): (refused: Refused) => string {
  const bugs = useTranslations("bug");
  const say = useTranslations("scene");
  return ({ by, refusal }) => {
    if (by === "part") return words(refusal.key, refusal.args);
    if (by === "session") return shared(refusal.key, refusal.args);
    return say("bugSaid", { bug: bugs(refusal.key as keyof Messages["bug"], refusal.args) });
  };
}

interface ConsoleProps {
  readonly part: AnyPart;
  readonly control: PartControl;
  readonly words: PartWords;
  readonly onReset: () => void;
  /** The seed of the next `random` without one. */
  readonly seed: number;
  readonly onSeed: (next: number) => void;
  /** Between the forms and the row of undo and redo. */
  readonly children?: ReactNode;
}

export function PartConsole({ part, control, words: both, onReset, seed, onSeed, children }: ConsoleProps) {
  const say = useTranslations("scene");
  const { words, shared } = both;
  const { scenario } = part;
  const { session } = control;
  const state = stateOf(session);
  const [reply, setReply] = useState<{ text: string; refused: boolean; at: number } | null>(null);
  const refusalWords = useRefusalWords(both);

  const answer = (text: string, refused: boolean) => {
    setReply({ text, refused, at: session.at });
    announce(text);
  };
  const run = (text: string) => {
    const line = parseLine(scenario.commands, text);
    setReply(null);
    if (line.kind === "mistake") answer(say(line.mistake.key, line.mistake.args), true);
    else if (line.kind === "op") {
      const refused = control.run(line.op, line.times);
      if (refused) answer(refusalWords(refused), true);
    } else if (line.kind === "random") {
      control.random(line.length, line.seed ?? seed);
      onSeed((line.seed ?? seed) + 1);
    } else if (line.kind === "plain") plain(line.name);
  };
  const plain = (name: "undo" | "redo" | "reset" | "help") => {
    if (name === "undo") control.undo();
    else if (name === "redo") control.redo();
    else if (name === "reset") onReset();
    else {
      const own = Object.keys(scenario.commands).map(
        (each) => `${usageOf(scenario.commands, each)}: ${words(`help-${each}`)}`,
      );
      answer([...own, say("helpPlain")].join("\n"), false);
    }
  };

  // What an operation did is announced once; a refusal has been announced already.
  const told = announceOperation(part, control.moments, words, shared);
  const before = useRef(session);
  useEffect(() => {
    if (before.current === session) return;
    before.current = session;
    announce(told);
  }, [session, told]);

  return (
    <>
      <CommandLine
        labels={{
          command: say("command"),
          hint: say("commandHint"),
          run: say("commandRun"),
          suggestions: say("suggestions"),
        }}
        complete={(text) =>
          completions(scenario.commands, text, (op, parameter) => scenario.suggest(state, op, parameter).slice(0, 6))
        }
        onRun={run}
      />
      <OperationForm part={part} state={state} words={words} onRun={run} />
      {children}
      <div className="console-buttons">
        <button
          type="button"
          className="button"
          title="Ctrl+Z"
          aria-keyshortcuts="Control+Z"
          aria-disabled={session.at === 0 || undefined}
          onClick={control.undo}
        >
          {shared("undo")}
        </button>
        <button
          type="button"
          className="button"
          title="Ctrl+Shift+Z"
          aria-keyshortcuts="Control+Shift+Z"
          aria-disabled={session.at === session.ops.length || undefined}
          onClick={control.redo}
        >
          {shared("redo")}
        </button>
        <button type="button" className="button" onClick={onReset}>
          {shared("reset")}
        </button>
        <button type="button" className="button" onClick={() => run("random 12")}>
          {say("random")}
        </button>
      </div>
      {reply && reply.at === session.at && (
        <p className="console-reply" data-refused={reply.refused || undefined}>
          {`${reply.refused ? "✗ " : ""}${reply.text}`}
        </p>
      )}
    </>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z, except in text fields. */
export function useUndoKeys(control: PartControl): (event: { readonly nativeEvent: KeyboardEvent }) => void {
  return useCallback(
    ({ nativeEvent: event }) => {
      const inText = (event.target as HTMLElement).closest("input:not([type=range]), textarea, select");
      if (inText || !(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      if (event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      if (event.shiftKey) control.redo();
      else control.undo();
    },
    [control],
  );
}
