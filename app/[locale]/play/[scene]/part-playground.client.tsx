"use client";
// A part's playground put together: console, picture, machine, measures. The session is the state; everything else shows it.
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { AnyPart } from "@/app/_figures/part";
import { PartCanvas } from "@/app/_figures/part-canvas.client";
import { PartConsole, useRefusalWords, useUndoKeys } from "@/app/_figures/part-console.client";
import { PartFaces } from "@/app/_figures/part-faces";
import { beforeOf } from "@/app/_figures/part-sandbox.client";
import { Story } from "@/app/_figures/story.client";
import { usePartSession } from "@/app/_figures/use-part-session.client";
import { usePartWords } from "@/app/_figures/use-part-words.client";
import { type AnySession, openPreset } from "@/lib/scenarios/open-part";
import { openSession } from "@/lib/scenarios/run";
import type { Locale } from "@/lib/words/text";
import { Share } from "../share.client";
import { SceneLog } from "./scene-log.client";
import { SceneMachine } from "./scene-machine.client";
import { SceneMeasures } from "./scene-measures";
import { useSceneLink } from "./use-scene-link.client";

export function PartPlayground({ part, locale }: { part: AnyPart; locale: Locale }) {
  const say = useTranslations("scene");
  const play = useTranslations("play");
  const both = usePartWords(part);
  const { words, shared } = both;
  const { scenario } = part;
  const firstPreset = scenario.presets[0]!.name;
  const control = usePartSession(part, () => openPreset(scenario, firstPreset));
  const { session, moments, step, refused } = control;
  const [chosen, setChosen] = useState<string | null>(firstPreset);
  const [seed, setSeed] = useState(1);
  const picture = useRef<HTMLDivElement>(null);
  const refusal = useRefusalWords(both);
  const undoKeys = useUndoKeys(control);
  const moment = moments[step]!;

  const { open } = control;
  const openOther = useCallback(
    (other: AnySession) => {
      open(other);
      setChosen(null);
    },
    [open],
  );
  const link = useSceneLink(scenario, session, openOther);
  useEffect(() => {
    const keys = (nativeEvent: KeyboardEvent) => undoKeys({ nativeEvent });
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, [undoKeys]);
  const done = () => ({ config: session.config, ops: session.ops.slice(0, session.at) });

  return (
    <div className="play-grid">
      <section className="play-console" aria-labelledby="play-console-title">
        <h2 id="play-console-title">{say("console")}</h2>
        <PartConsole part={part} control={control} words={both} seed={seed} onSeed={setSeed} onReset={control.reset} />
        <SceneLog part={part} session={session} words={words} goTo={control.goTo} />
      </section>

      <figure className="fig play-figure" id="scene" aria-labelledby="scene-caption">
        {link.problem && (
          <p className="play-notice" role="alert">
            {link.problem.kind === "version"
              ? play("linkVersion", { version: link.problem.version })
              : play("linkBroken")}
          </p>
        )}
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form around the picture */}
        <div
          ref={picture}
          role="group"
          aria-roledescription={shared("interactive")}
          aria-labelledby="scene-caption"
          aria-describedby="scene-summary"
        >
          <PartCanvas part={part} id="scene-picture" moment={moment} before={beforeOf(control)} words={both}>
            <Story part={part} control={control} words={both} refusal={refused && refusal(refused)} />
          </PartCanvas>
        </div>
        <PartFaces part={part} id="scene" state={moment.state} words={words} shared={shared} />
        <figcaption id="scene-caption">{say("caption")}</figcaption>
      </figure>

      <div className="play-side">
        <SceneMachine
          part={part}
          config={session.config}
          chosen={chosen}
          words={words}
          onPreset={(name) => {
            open(openPreset(scenario, name));
            setChosen(name);
          }}
          onConfig={(config) => openOther(openSession(scenario, config, []))}
        />
        <SceneMeasures measures={part.figure.measure(moment.state, words)} locale={locale} />
        <Share
          name={scenario.name}
          link={link.link}
          exerciseCase={null}
          data={() => ({ ...done(), states: session.moments.slice(0, session.at + 1).map((all) => all.at(-1)!.state) })}
          picture={picture}
        />
      </div>
    </div>
  );
}
