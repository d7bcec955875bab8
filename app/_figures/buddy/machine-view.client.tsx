"use client";
// The picture of a session: its state, what the last operation did, a click on a block in use frees it.
import { useMemo } from "react";
import type { FigureWords } from "../words";
import { BuddyCanvas } from "./canvas.client";
import { currentBlocks } from "./frames";
import { announceBuddy, noteFor } from "./narrate";
import type { BuddyOptions } from "./scene";
import { namesInUse, type Session, stateOf } from "./session";
import type { SessionControl } from "./use-session.client";

interface MachineViewProps {
  readonly id: string;
  readonly control: SessionControl;
  readonly words: FigureWords;
  readonly view?: BuddyOptions["view"];
  readonly onPick?: (pfn: number) => void;
}

export function MachineView({ id, control, words, view, onPick }: MachineViewProps) {
  const { session, stepped, refusal } = control;
  const state = stateOf(session);
  const from = stepped && session.at > 0 ? session.run.states[session.at - 1]! : null;
  const options: BuddyOptions = useMemo(() => {
    const events = session.run.events[session.at - 1] ?? [];
    return { current: currentBlocks(events), note: noteFor(events, words), view };
  }, [session, words, view]);
  return (
    <BuddyCanvas id={id} state={state} from={from} words={words} options={options} onPick={onPick}>
      <p className={`fig-step ${refusal ? "fig-refused" : ""}`}>
        {refusal ? `✗ ${words(refusal.key, refusal.args)}` : sentenceOf(session, words)}
      </p>
    </BuddyCanvas>
  );
}

/** What the operation at the cursor did, all of it. */
export function sentenceOf(session: Session, words: FigureWords): string {
  const { run, at } = session;
  const label = at === 0 ? null : run.labels[at - 1]!;
  return announceBuddy(null, { label, events: run.events[at - 1] ?? [], state: run.states[at]! }, words);
}

/** Blocks that the reader can free, in address order. */
export function freeable(session: Session): { pfn: number; name: string }[] {
  return [...namesInUse(session)].map(([pfn, name]) => ({ pfn, name })).sort((one, other) => one.pfn - other.pfn);
}
