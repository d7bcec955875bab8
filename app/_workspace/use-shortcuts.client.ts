"use client";
// Keys of the workspace. They are taken before the editor sees them, because the full editor has other plans for some.
import { useEffect, useEffectEvent } from "react";

export interface Shortcuts {
  run(): void;
  submit(): void;
  save(): void;
  toResult(): void;
  palette(): void;
  /** Moves the focus to the next (or previous) part; false if there is none, so that the browser's own F6 goes on. */
  cycle(direction: 1 | -1): boolean;
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const taken = handle(shortcuts, event);
    if (!taken) return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listener, { capture: true });
    return () => document.removeEventListener("keydown", listener, { capture: true });
  }, []);
}

function handle(shortcuts: Shortcuts, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "f6" && !event.ctrlKey && !event.metaKey && !event.altKey)
    return shortcuts.cycle(event.shiftKey ? -1 : 1);
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  if (key === "enter") event.shiftKey ? shortcuts.submit() : shortcuts.run();
  else if (key === "s" && !event.shiftKey) shortcuts.save();
  else if (key === "j" && event.shiftKey) shortcuts.toResult();
  // Elsewhere the page itself listens; in the full editor this is the beginning of a two-key command.
  else if (key === "k" && !event.shiftKey && event.target instanceof Element && event.target.closest(".full-editor"))
    shortcuts.palette();
  else return false;
  return true;
}
