"use client";
// A small machine to try things on: allocate, free, undo, another random start, and the way to the playground.
import "../figures.css";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import { paths } from "@/lib/paths";
import type { BuddyConfig } from "@/lib/sim/machine";
import { Frame } from "../frame";
import { topOrder } from "./blocks";
import { kindsOf } from "./buddy-figure";
import { BuddyFaces } from "./faces";
import { FreeChoice } from "./free-choice.client";
import { freeable, MachineView, sentenceOf } from "./machine-view.client";
import type { SandboxProps } from "./props";
import { stateOf, workload } from "./session";
import { shareHash } from "./share";
import { useSession } from "./use-session.client";

const workloadLength = 12;
const highestButton = 5;

export function BuddySandbox({ locale, id, caption, config, ops, seed = 1 }: SandboxProps) {
  const words = useTranslations("figure");
  const control = useSession(config, ops);
  const { session, refusal } = control;
  const [nextSeed, setNextSeed] = useState(seed);
  const state = stateOf(session);
  const blocks = useMemo(() => freeable(session), [session]);
  const perCpu = session.config.pcp ? "on" : "off";
  const quiet = useRef(true);
  useEffect(() => {
    if (quiet.current) quiet.current = false;
    else announce(refusal ? words(refusal.key, refusal.args) : sentenceOf(session, words));
  }, [session, refusal, words]);

  const newSeed = () => {
    control.open(session.config, workload(session.config, nextSeed, workloadLength));
    setNextSeed(nextSeed + 1);
  };
  const setPerCpu = (on: string) => {
    const other: BuddyConfig = { ...session.config, pcp: on === "on" ? { batch: 2 } : null };
    control.open(other, ops);
  };
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (event.shiftKey) control.redo();
    else control.undo();
  };

  return (
    <Frame
      id={id}
      caption={caption}
      words={words}
      onKeyDown={keys}
      below={<BuddyFaces id={id} state={state} kinds={kindsOf(state)} words={words} />}
    >
      <MachineView id={id} control={control} words={words} />
      <fieldset className="fig-tools" aria-label={words("operations")}>
        {Array.from({ length: Math.min(topOrder(state), highestButton) + 1 }, (_, order) => (
          <button key={order} type="button" className="button" onClick={() => control.alloc(order)}>
            {words("allocOrder", { order })}
          </button>
        ))}
        <FreeChoice blocks={blocks} words={words} onFree={(pfn) => control.free(pfn)} />
      </fieldset>
      <div className="fig-tools">
        <button type="button" className="button" aria-disabled={session.at === 0 || undefined} onClick={control.undo}>
          {words("undo")}
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={session.at === session.ops.length || undefined}
          onClick={control.redo}
        >
          {words("redo")}
        </button>
        <button type="button" className="button" onClick={() => control.open(config, ops)}>
          {words("reset")}
        </button>
        <button type="button" className="button" onClick={newSeed}>
          {words("newSeed")}
        </button>
        <label className="fig-choice">
          <input
            type="checkbox"
            checked={perCpu === "on"}
            onChange={(event) => setPerCpu(event.target.checked ? "on" : "off")}
          />
          {words("perCpuLists")}
        </label>
        <a
          className="link"
          href={`${paths.play(locale)}${shareHash({ config: session.config, ops: session.ops.slice(0, session.at) })}`}
        >
          {words("openInPlayground")}
        </a>
      </div>
    </Frame>
  );
}
