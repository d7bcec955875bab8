"use client";
// A case step by step on both machines. Opens just before they part; the place is in the URL.
// Theory: up to the divergence the learner's machine was equal to the reference's after every operation, so replaying the
//         reference shows both; at the divergence the verdict holds the learner's state; after it nothing was compared.
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { BuddyCanvas } from "@/app/_figures/buddy/canvas.client";
import { ExpectedYours } from "@/app/_figures/buddy/expected-yours.client";
import { Controls, stepKeys } from "@/app/_figures/controls.client";
import { usePlayer } from "@/app/_figures/use-player.client";
import { announce } from "@/app/_shell/announce.client";
import type { BuddyConfig } from "@/lib/sim/machine";
import { type Replay, replay } from "@/lib/slots/buddy-replay";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import { inline, isBuddy, openingStep, type Playable, smallest } from "./model";
import { readPlace, writePlace } from "./url-state";

type Emphasis = "both" | "expected" | "yours";

interface TimelineProps {
  readonly playables: readonly Playable[];
  readonly shown: string;
  readonly onShow: (key: string) => void;
  /** Where to stand when the trace is opened; absent: just before the divergence. */
  readonly step: number | null;
  /** Somebody asked for this trace elsewhere on the page: the focus follows. */
  readonly takesFocus: boolean;
}

export function Timeline({ playables, shown, onShow, step, takesFocus }: TimelineProps) {
  const t = useTranslations("result");
  const playable = playables.find(({ key }) => key === shown) ?? playables[0];
  if (!playable) return <p className="quiet">{t("timeline.none")}</p>;
  const nameOf = (key: string) => (key === smallest ? t("timeline.smallest") : key);
  return (
    <div className="timeline">
      <label className="timeline-case">
        <span>{t("timeline.case")}</span>
        <select className="field" value={playable.key} onChange={(event) => onShow(event.target.value)}>
          {playables.map(({ key, divergence }) => (
            <option key={key} value={key}>
              {divergence ? "✗ " : ""}
              {nameOf(key)}
            </option>
          ))}
        </select>
      </label>
      <Steps
        key={`${playable.key} ${step}`}
        playable={playable}
        start={step ?? openingStep(playable)}
        name={nameOf(playable.key)}
        takesFocus={takesFocus}
      />
    </div>
  );
}

interface StepsProps {
  readonly playable: Playable;
  readonly start: number;
  readonly name: string;
  readonly takesFocus: boolean;
}

function Steps({ playable, start, name, takesFocus }: StepsProps) {
  const t = useTranslations("result");
  const words = useTranslations("figure");
  const root = useRef<HTMLElement>(null);
  const id = `timeline-${playable.key}`;
  const last = playable.labels.length;
  const stops = useMemo(() => Array.from({ length: last + 1 }, (_, i) => i), [last]);
  const player = usePlayer(id, last, stops, Math.min(start, last), root);
  const [emphasis, setEmphasis] = useState<Emphasis>("both");
  const machine = useMemo(() => replayed(playable), [playable]);
  const { position } = player;
  const partedAt = playable.divergence ? playable.divergence.step + 1 : null;
  const sentence = useSentence(playable, machine, position, partedAt);

  const remember = useEffectEvent(() => {
    history.replaceState(
      history.state,
      "",
      writePlace(location.search, { trace: playable.key, step: position }) + location.hash,
    );
  });
  const moved = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: two steps may have the same sentence
  useEffect(() => {
    if (moved.current || readPlace(location.search)) remember();
    if (moved.current) announce(sentence);
    moved.current = true;
  }, [position, sentence]);

  useEffect(() => {
    if (takesFocus) root.current?.querySelector<HTMLElement>("input[type=range]")?.focus();
  }, [takesFocus]);

  const keys = stepKeys(player, {
    D: () => partedAt !== null && player.jump(partedAt),
    E: () => setEmphasis((now) => (now === "both" ? "expected" : now === "expected" ? "yours" : "both")),
  });
  return (
    <figure ref={root} className="fig" aria-labelledby={`${id}-caption`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form */}
      <div role="group" aria-roledescription={words("interactive")} aria-labelledby={`${id}-caption`} onKeyDown={keys}>
        <ol className="fig-around">
          <Around name={words("captionPrevious")} label={playable.labels[position - 2] ?? "–"} />
          <Around name={words("captionCurrent")} label={playable.labels[position - 1] ?? words("captionStart")} now />
          <Around name={words("captionNext")} label={playable.labels[position] ?? words("captionEnd")} />
        </ol>
        {machine && (
          <Machines
            id={id}
            machine={machine}
            playable={playable}
            position={position}
            partedAt={partedAt}
            emphasis={emphasis}
          />
        )}
        {!machine && <Calls playable={playable} position={position} />}
        <p className="fig-step">{sentence}</p>
        <Controls
          player={player}
          words={words}
          valueText={words("positionValue", {
            step: position,
            last,
            label: playable.labels[position - 1] ?? words("captionStart"),
            sentence,
          })}
          previousOp={playable.labels[position - 2] ?? null}
          nextOp={playable.labels[position] ?? null}
          stops={stops}
          {...(partedAt === null ? {} : { mark: partedAt })}
        />
      </div>
      <figcaption id={`${id}-caption`}>
        {t(playable.divergence ? "timeline.caption" : "timeline.reference", { name })}
      </figcaption>
      <CopyLink />
    </figure>
  );
}

interface MachinesProps {
  readonly id: string;
  readonly machine: Replay;
  readonly playable: Playable;
  readonly position: number;
  readonly partedAt: number | null;
  readonly emphasis: Emphasis;
}

function Machines({ id, machine, playable, position, partedAt, emphasis }: MachinesProps) {
  const words = useTranslations("figure");
  const expected = machine.states[position] ?? machine.states.at(-1)!;
  const actual = playable.divergence?.actual;
  if (partedAt !== null && position === partedAt && isBuddy(playable.divergence?.expected) && isBuddy(actual)) {
    return <ExpectedYours id={id} expected={playable.divergence.expected} actual={actual} emphasis={emphasis} />;
  }
  return <BuddyCanvas id={id} state={expected} words={words} options={{ layers: "strip and lists" }} />;
}

function Calls({ playable, position }: { playable: Playable; position: number }) {
  const t = useTranslations("result");
  const returned =
    playable.divergence && position === playable.divergence.step + 1 ? playable.divergence.returned : null;
  return (
    <dl className="call">
      <dt>{t("timeline.call")}</dt>
      <dd>
        <code>{playable.labels[position - 1] ?? "–"}</code>
      </dd>
      {returned && (
        <>
          <dt>{t("timeline.expected")}</dt>
          <dd>
            <code>{inline(returned.expected)}</code>
          </dd>
          <dt>{t("timeline.yours")}</dt>
          <dd>
            <code>{inline(returned.actual)}</code>
          </dd>
        </>
      )}
    </dl>
  );
}

function Around({ name, label, now }: { name: string; label: string; now?: boolean }) {
  return (
    <li className={now ? "fig-now" : undefined} aria-current={now ? "step" : undefined}>
      <span>{name}</span> <code>{label}</code>
    </li>
  );
}

function CopyLink() {
  const t = useTranslations("result");
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onClick={async () => {
        await navigator.clipboard.writeText(location.href);
        setCopied(true);
        announce(t("timeline.copied"));
      }}
    >
      {t(copied ? "timeline.copied" : "timeline.copyLink")}
    </button>
  );
}

/** The reference's states; null for a trace that is no buddy trace (calls of a pure function, damaged zones). */
function replayed({ config, ops }: Playable): Replay | null {
  const isTrace = ops.every(
    (op) => typeof op === "object" && op !== null && "op" in op && (op.op === "alloc" || op.op === "free"),
  );
  if (!isTrace || typeof config !== "object" || config === null || !("pages" in config)) return null;
  return replay(config as unknown as BuddyConfig, ops as unknown as BuddyOp[]);
}

function useSentence(playable: Playable, machine: Replay | null, position: number, partedAt: number | null): string {
  const t = useTranslations("result");
  const label = playable.labels[position - 1];
  if (label === undefined) return "";
  if (position === partedAt) return `${label}: ${t("counterexample.here")}`;
  const pfn = machine?.results[position - 1];
  return pfn === undefined || pfn === null ? label : `${label} → pfn ${pfn}`;
}
