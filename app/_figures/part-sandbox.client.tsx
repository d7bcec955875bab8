"use client";
// A part to try things on inside a lesson: picture, what the last operation did, the console, the way to the playground.
import { useState } from "react";
import { paths } from "@/lib/paths";
import { hashOf, openPart } from "@/lib/scenarios/open-part";
import { Frame } from "./frame";
import type { AnyPart } from "./part";
import { PartCanvas } from "./part-canvas.client";
import { PartConsole, useRefusalWords, useUndoKeys } from "./part-console.client";
import { PartFaces } from "./part-faces";
import type { PartFigureProps } from "./part-props";
import { Story } from "./story.client";
import { usePartSession } from "./use-part-session.client";
import { usePartWords } from "./use-part-words.client";

export function PartSandbox({ part, locale, id, caption, config, ops }: PartFigureProps & { part: AnyPart }) {
  const both = usePartWords(part);
  const { words, shared } = both;
  const { scenario } = part;
  const start = () => openPart(scenario, config, ops);
  const control = usePartSession(part, start);
  const [seed, setSeed] = useState(1);
  const refusal = useRefusalWords(both);
  const keys = useUndoKeys(control);
  const { session, moments, step, refused } = control;
  const moment = moments[step]!;
  return (
    <Frame
      id={id}
      caption={caption}
      words={shared}
      onKeyDown={keys}
      below={
        <>
          {" "}
          <PartFaces part={part} id={id} state={moment.state} words={words} shared={shared} />
          <a className="link fig-play-link" href={`${paths.scene(locale, scenario.name)}${hashOf(scenario, session)}`}>
            {shared("openInPlayground")}
          </a>
        </>
      }
    >
      <PartCanvas part={part} id={id} moment={moment} before={beforeOf(control)} words={both}>
        <Story part={part} control={control} words={both} refusal={refused && refusal(refused)} />
      </PartCanvas>
      <PartConsole
        part={part}
        control={control}
        words={both}
        seed={seed}
        onSeed={setSeed}
        onReset={() => control.open(start())}
      />
    </Frame>
  );
}

/** The moment from which the picture may glide: the step before, also across operations. */
export function beforeOf({ session, moments, step, stepped }: ReturnType<typeof usePartSession>) {
  if (!stepped) return null;
  return moments[step - 1] ?? session.moments[session.at - 1]?.at(-1) ?? null;
}
