"use client";
// Operations on a part that the reader steps through: picture, sentence, previous | now | next, controls, tables.
import { useEffect, useMemo, useRef } from "react";
import { announce } from "@/app/_shell/announce.client";
import { paths } from "@/lib/paths";
import { hashOf, openPart } from "@/lib/scenarios/open-part";
import { goTo } from "@/lib/scenarios/run";
import { Around } from "./around";
import { Controls, stepKeys } from "./controls.client";
import { Frame } from "./frame";
import { announceMoment, sentenceOf } from "./narrate";
import type { AnyPart } from "./part";
import { PartCanvas } from "./part-canvas.client";
import { PartFaces } from "./part-faces";
import type { PartStepperProps } from "./part-props";
import { usePartWords } from "./use-part-words.client";
import { usePlayer } from "./use-player.client";

export function PartStepper({
  part,
  locale,
  id,
  caption,
  config,
  ops,
  start = 0,
}: PartStepperProps & { part: AnyPart }) {
  const both = usePartWords(part);
  const { words, shared } = both;
  const { scenario } = part;
  const root = useRef<HTMLElement>(null);
  const session = useMemo(() => openPart(scenario, config, ops), [scenario, config, ops]);
  const moments = useMemo(() => session.moments.flat(), [session]);
  const stops = useMemo(() => moments.flatMap((moment, at) => (moment.last ? [at] : [])), [moments]);
  const last = moments.length - 1;
  const player = usePlayer(id, last, stops, stops[start] ?? 0, root);
  const { position } = player;
  const moment = moments[position]!;
  const before = moments[position - 1] ?? null;
  const sentence = announceMoment(part, before, moment, words, shared);
  const lineAt = (at: number) => session.moments[at + 1]?.[0]?.line ?? null;
  const around = { previous: lineAt(moment.at - 1), current: moment.line, next: lineAt(moment.at + 1) };
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
      words={shared}
      root={root}
      onKeyDown={stepKeys(player)}
      below={
        <>
          {" "}
          <PartFaces part={part} id={id} state={moment.state} words={words} shared={shared} />
          <a
            className="link fig-play-link"
            href={`${paths.scene(locale, scenario.name)}${hashOf(scenario, goTo(session, moment.at + 1))}`}
          >
            {shared("openInPlayground")}
          </a>
        </>
      }
    >
      <Around {...around} words={shared} />
      <PartCanvas part={part} id={id} moment={moment} before={player.stepped ? before : null} words={both}>
        <p className="fig-step">{sentence}</p>
        <Controls
          player={player}
          words={shared}
          valueText={shared("positionValue", {
            step: position,
            last,
            label: moment.line ?? shared("captionStart"),
            sentence: sentenceOf(part, moment, words, shared),
          })}
          previousOp={around.previous}
          nextOp={around.next}
          stops={stops}
        />
      </PartCanvas>
    </Frame>
  );
}
