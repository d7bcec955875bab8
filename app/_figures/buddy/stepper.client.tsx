"use client";
// A trace that the reader steps through: picture, sentence, previous | now | next, controls, table.
import "../figures.css";
import { useEffect, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import { paths } from "@/lib/paths";
import { replay } from "@/lib/slots/buddy-replay";
import { Around } from "../around";
import { Controls, stepKeys } from "../controls.client";
import { Frame } from "../frame";
import { usePlayer } from "../use-player.client";
import { kindsOf } from "./buddy-figure";
import { BuddyCanvas } from "./canvas.client";
import { BuddyFaces } from "./faces";
import { announceBuddy } from "./narrate";
import type { StepperProps } from "./props";
import { shareHash } from "./share";
import { momentAt, neighbours, optionsAt, sentenceAt, traceOf, traceState } from "./trace";

export function Stepper({ locale, id, caption, config, ops, start = 0, link = "playground" }: StepperProps) {
  const words = useTranslations("figure");
  const root = useRef<HTMLElement>(null);
  const trace = useMemo(() => traceOf(replay(config, ops)), [config, ops]);
  const last = trace.frames.length - 1;
  const player = usePlayer(id, last, trace.stops, trace.stops[start] ?? 0, root);
  const { position } = player;
  const state = useMemo(() => traceState(trace, position), [trace, position]);
  const from = useMemo(
    () => (player.stepped ? traceState(trace, position - 1) : null),
    [trace, position, player.stepped],
  );
  const options = useMemo(() => optionsAt(trace, position, words), [trace, position, words]);
  const sentence = useMemo(() => sentenceAt(trace, position, words), [trace, position, words]);
  const unlabelled = announceBuddy(momentAt(trace, position), momentAt(trace, position), words);
  const around = neighbours(trace, position);
  const opsDone = trace.frames[position]!.op + 1;
  const opening = useRef(position);
  useEffect(() => {
    // Silent until the reader has moved; the first picture is described by the summary.
    if (opening.current === position) return;
    opening.current = -1;
    announce(sentence);
  }, [position, sentence]);

  return (
    <Frame
      id={id}
      caption={caption}
      words={words}
      root={root}
      onKeyDown={stepKeys(player)}
      below={
        <BuddyFaces id={id} state={state} kinds={kindsOf({ ...state, held: state.held ?? [] })} words={words}>
          {link === "playground" && (
            <a
              className="link fig-play-link"
              href={`${paths.play(locale)}${shareHash({ config, ops: ops.slice(0, opsDone) })}`}
            >
              {words("openInPlayground")}
            </a>
          )}
        </BuddyFaces>
      }
    >
      <Around {...around} words={words} />
      <BuddyCanvas id={id} state={state} from={from} words={words} options={options}>
        <p className="fig-step">{sentence}</p>
        <Controls
          player={player}
          words={words}
          valueText={words("positionValue", {
            step: position,
            last,
            label: around.current ?? words("captionStart"),
            sentence: unlabelled,
          })}
          previousOp={around.previous}
          nextOp={around.next}
          stops={trace.stops}
        />
      </BuddyCanvas>
    </Frame>
  );
}
