"use client";
// Buttons and slider of everything that can be stepped. Handles the keys it owns and lets all others pass.
import {
  ChevronLeft,
  ChevronRight,
  ChevronsLeft,
  ChevronsRight,
  Pause,
  Play,
  SkipBack,
  SkipForward,
} from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { type Player, type Speed, speeds } from "./use-player.client";
import type { FigureWords } from "./words";

interface ControlsProps {
  readonly player: Player;
  readonly words: FigureWords;
  /** The current step as a sentence, for the slider. */
  readonly valueText: string;
  /** Labels of the operations that the two operation buttons lead to; null at the ends. */
  readonly previousOp: string | null;
  readonly nextOp: string | null;
  /** Positions where an operation is complete: taller ticks. */
  readonly stops: readonly number[];
  /** Where a result first differs: a diamond on the slider. */
  readonly mark?: number;
}

export function Controls({ player, words, valueText, previousOp, nextOp, stops, mark }: ControlsProps) {
  const { position, last } = player;
  const atStart = position === 0;
  const atEnd = position === last;
  return (
    <fieldset className="fig-controls" aria-label={words("controls")}>
      <div className="fig-buttons">
        <IconButton name={words("first")} keys="Home" off={atStart} act={() => player.jump(0)}>
          <SkipBack />
        </IconButton>
        <IconButton
          name={previousOp ? words("previousOpTo", { label: previousOp }) : words("previousOp")}
          keys="PageUp"
          off={atStart}
          act={() => player.stepOp(-1)}
        >
          <ChevronsLeft />
        </IconButton>
        <IconButton name={words("previous")} keys="ArrowLeft" off={atStart} act={() => player.step(-1)}>
          <ChevronLeft />
        </IconButton>
        <IconButton
          name={words(player.playing ? "pause" : "play")}
          keys="Space"
          off={false}
          act={player.toggle}
          primary
        >
          {player.playing ? <Pause /> : <Play />}
        </IconButton>
        <IconButton name={words("next")} keys="ArrowRight" off={atEnd} act={() => player.step(1)}>
          <ChevronRight />
        </IconButton>
        <IconButton
          name={nextOp ? words("nextOpTo", { label: nextOp }) : words("nextOp")}
          keys="PageDown"
          off={atEnd}
          act={() => player.stepOp(1)}
        >
          <ChevronsRight />
        </IconButton>
        <IconButton name={words("last")} keys="End" off={atEnd} act={() => player.jump(last)}>
          <SkipForward />
        </IconButton>
      </div>
      <div className="fig-slider">
        <input
          type="range"
          min={0}
          max={last}
          step={1}
          value={position}
          aria-label={words("slider")}
          aria-valuetext={valueText}
          onChange={(event) => player.jump(Number(event.target.value))}
        />
        <Ticks last={last} stops={stops} mark={mark} />
      </div>
      <span className="fig-position">{words("position", { step: position, last })}</span>
      <label className="fig-speed">
        <span className="visually-hidden">{words("speed")}</span>
        <select value={player.speed} onChange={(event) => player.setSpeed(Number(event.target.value) as Speed)}>
          {speeds.map((factor) => (
            <option key={factor} value={factor}>
              {words("speedOf", { factor })}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}

/** `aria-disabled` instead of `disabled`: focus stays on the button when it reaches the end. */
function IconButton(props: {
  name: string;
  keys: string;
  off: boolean;
  act: () => void;
  primary?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={`fig-button ${props.primary ? "fig-button-play" : ""}`}
      aria-label={props.name}
      title={props.name}
      aria-keyshortcuts={props.keys}
      aria-disabled={props.off || undefined}
      onClick={() => {
        if (!props.off) props.act();
      }}
    >
      {props.children}
    </button>
  );
}

function Ticks({ last, stops, mark }: { last: number; stops: readonly number[]; mark?: number }) {
  if (last === 0 || last > 400) return null;
  const tall = new Set(stops);
  let d = "";
  for (let at = 0; at <= last; at++) d += `M${at} ${tall.has(at) ? 0 : 4}V8`;
  return (
    <svg className="fig-ticks" viewBox={`0 0 ${last} 8`} preserveAspectRatio="none" aria-hidden="true">
      <path d={d} vectorEffect="non-scaling-stroke" />
      {mark !== undefined && <path className="fig-ticks-mark" d={`M${mark} 0V8`} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

/** Keys of ux.md 3.2 for a figure; `more` adds single letters such as D and E of the results page. */
export function stepKeys(player: Player, more: Readonly<Record<string, () => void>> = {}) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing || event.defaultPrevented)
      return;
    const isRange = target instanceof HTMLInputElement && target.type === "range";
    if (!isRange && target.closest("input, select, textarea, summary, [contenteditable], .fig-table-scroll")) return;
    const by = event.shiftKey ? 10 : 1;
    const act: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => player.step(-by),
      ArrowRight: () => player.step(by),
      PageUp: () => player.stepOp(-1),
      PageDown: () => player.stepOp(1),
      Home: () => player.jump(0),
      End: () => player.jump(player.last),
      ...more,
    };
    // A button takes Space itself.
    const space = event.key === " " && !target.closest("button") ? player.toggle : undefined;
    const own = space ?? act[event.key] ?? act[event.key.toUpperCase()];
    if (!own) return;
    event.preventDefault();
    own();
  };
}
