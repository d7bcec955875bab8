"use client";
// Two machines side by side under one slider: the same number of operations, two policies or two orders of freeing.
import "../figures.css";
import { useEffect, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import { replay } from "@/lib/slots/buddy-replay";
import type { Locale } from "@/lib/words/text";
import { Controls, stepKeys } from "../controls.client";
import { Picture } from "../picture";
import { FigureTable } from "../table";
import { TwoPictures } from "../two-pictures";
import { usePlayer } from "../use-player.client";
import { useWidth } from "../use-width.client";
import type { FigureWords } from "../words";
import { buddyFigure } from "./buddy";
import { kindsOf } from "./buddy-figure";
import { currentBlocks } from "./frames";
import { BuddyLegend } from "./legend";
import { noteFor } from "./narrate";
import type { CompareProps, CompareSide } from "./props";
import type { BuddyOptions } from "./scene";
import { UnusableIndex } from "./unusable";

export function CompareFigure({ locale, id, caption, left, right }: CompareProps) {
  const words = useTranslations("figure");
  const root = useRef<HTMLElement>(null);
  const last = Math.max(left.ops.length, right.ops.length);
  const stops = useMemo(() => Array.from({ length: last + 1 }, (_, at) => at), [last]);
  // The end is where the two differ most; that is what a reader who never touches the slider should see.
  const player = usePlayer(id, last, stops, last, root);
  const { position } = player;
  const label = (side: CompareSide, at: number) => labels(side)[at - 1] ?? words("captionStart");
  const labels = useMemo(() => {
    const of = new Map([left, right].map((side) => [side, replay(side.config, side.ops).labels]));
    return (side: CompareSide) => of.get(side)!;
  }, [left, right]);
  const both = [left, right]
    .map((side) => `${side.title}: ${label(side, Math.min(position, side.ops.length))}`)
    .join(" · ");
  const opening = useRef(position);
  useEffect(() => {
    if (opening.current === position) return;
    opening.current = -1;
    announce(both);
  }, [position, both]);

  return (
    <figure ref={root} className="fig" id={id} aria-labelledby={`${id}-caption`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form around the pictures */}
      <div
        role="group"
        aria-roledescription={words("interactive")}
        aria-labelledby={`${id}-caption`}
        onKeyDown={stepKeys(player)}
      >
        <div className="fig-sides">
          <Side id={`${id}-left`} side={left} position={position} words={words} locale={locale} />
          <Side id={`${id}-right`} side={right} position={position} words={words} locale={locale} />
        </div>
        <p className="fig-quiet-line">{words("unusableExplain")}</p>
        <Controls
          player={player}
          words={words}
          valueText={words("positionValue", { step: position, last, label: words("linkedSteps"), sentence: both })}
          previousOp={position > 1 ? (labels(left)[position - 2] ?? null) : null}
          nextOp={labels(left)[position] ?? null}
          stops={stops}
        />
      </div>
      <figcaption id={`${id}-caption`}>{caption}</figcaption>
    </figure>
  );
}

interface SideProps {
  readonly id: string;
  readonly side: CompareSide;
  readonly position: number;
  readonly words: FigureWords;
  readonly locale: Locale;
}

function Side({ id, side, position, words, locale }: SideProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const run = useMemo(() => replay(side.config, side.ops), [side]);
  const at = Math.min(position, side.ops.length);
  const state = run.states[at]!;
  const failed = run.events[at - 1]?.some((event) => event.kind === "alloc" && event.pfn === null);
  const percent = useMemo(
    () => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }),
    [locale],
  );
  const options: BuddyOptions = useMemo(() => {
    const events = run.events[at - 1] ?? [];
    return { current: currentBlocks(events), note: noteFor(events, words) };
  }, [run, at, words]);
  return (
    <section className="fig-side" aria-label={side.title}>
      <p className="fig-name">{side.title}</p>
      <p className="fig-side-op">
        <code>{at === 0 ? words("captionStart") : run.labels[at - 1]}</code>
        {failed && <strong> {words("opFailed")}</strong>}
      </p>
      <div ref={ref} className="fig-canvas">
        {width === null ? (
          <TwoPictures id={id} draw={(at) => buddyFigure.layout(state, at, words, options)} />
        ) : (
          <Picture id={id} scene={buddyFigure.layout(state, width, words, options)} />
        )}
      </div>
      <BuddyLegend kinds={kindsOf(state)} words={words} />
      <UnusableIndex state={state} words={words} percent={percent} />
      <p className="fig-summary">{buddyFigure.summarize(state, words)}</p>
      <FigureTable table={buddyFigure.tabulate(state, words)} words={words} />
    </section>
  );
}
