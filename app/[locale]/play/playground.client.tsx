"use client";
// The playground put together: console, picture, machine, measures. The session is the state; everything else shows it.
import "@/app/_figures/figures.css";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { buddyFigure } from "@/app/_figures/buddy/buddy";
import { kindsOf } from "@/app/_figures/buddy/buddy-figure";
import { BuddyLegend } from "@/app/_figures/buddy/legend";
import { MachineView, sentenceOf } from "@/app/_figures/buddy/machine-view.client";
import { stateOf, workload } from "@/app/_figures/buddy/session";
import { useSession } from "@/app/_figures/buddy/use-session.client";
import { FigureTable } from "@/app/_figures/table";
import { announce } from "@/app/_shell/announce.client";
import type { Locale } from "@/lib/words/text";
import type { Command } from "./commands";
import { Console } from "./console.client";
import { inspect } from "./inspect";
import { Log } from "./log.client";
import { Measures } from "./measures";
import { type PresetName, preset } from "./presets";
import { Scenario } from "./scenario.client";
import { Share } from "./share.client";
import { useShared } from "./use-shared.client";
import { Zoom, zoomFor } from "./zoom.client";

/** What the console answered; belongs to the operation count at which it was said. */
export interface Reply {
  readonly at: number;
  readonly text: string;
  readonly tone: "said" | "refused";
}

const startPreset: PresetName = "busy";
const keptReplies = 50;

export function Playground({ locale }: { locale: Locale }) {
  const words = useTranslations("play");
  const figureWords = useTranslations("figure");
  const findingWords = useTranslations("finding");
  const [start] = useState(() => preset(startPreset));
  const control = useSession(start.config, start.ops);
  const { session } = control;
  const [chosen, setChosen] = useState<PresetName | "custom">(startPreset);
  const [replies, setReplies] = useState<readonly Reply[]>([]);
  const [picked, setPicked] = useState<number | null>(null);
  const [seed, setSeed] = useState(1);
  const [zoom, setZoom] = useState<{ pages: number; pfn: number } | null>(null);
  const picture = useRef<HTMLDivElement>(null);
  const state = stateOf(session);
  const view = useMemo(() => zoomFor(state, zoom), [state, zoom]);

  const openShared = useCallback(
    (shared: { config: typeof start.config; ops: typeof start.ops }) => {
      control.open(shared.config, shared.ops);
      setChosen("custom");
      setReplies([]);
      setZoom(null);
    },
    [control.open],
  );
  const link = useShared(session, openShared);

  const quiet = useRef(true);
  useEffect(() => {
    if (quiet.current) quiet.current = false;
    else announce(sentenceOf(session, figureWords));
  }, [session, figureWords]);

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const inText = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable]");
      if (inText || !(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      if (event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      if (event.shiftKey) control.redo();
      else control.undo();
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  });

  const reply = (text: string, tone: Reply["tone"]) => {
    setReplies([...replies.slice(-keptReplies), { at: session.at, text, tone }]);
    announce(text);
  };
  const lastReply = replies.at(-1);
  const execute = (command: Command) => {
    const refusal = operate(command);
    if (refusal) reply(figureWords(refusal.key, refusal.args), "refused");
  };
  const operate = (command: Command) => {
    switch (command.name) {
      case "alloc":
        return control.alloc(command.order, command.temperature);
      case "free":
        return control.free(command.pfn, command.temperature);
      case "fill":
        return control.fill(command.order);
      case "free-all":
        return control.empty(command.which);
      case "random":
        startWorkload(command.length, command.seed ?? seed);
        return null;
      case "undo":
        control.undo();
        return null;
      case "redo":
        control.redo();
        return null;
      case "reset":
        control.open(session.config, []);
        setReplies([]);
        return null;
      case "check":
      case "buddyinfo":
        for (const line of inspect(command.name, session, words, findingWords)) reply(line.text, line.tone);
        return null;
      case "drain":
        reply(words("drainRefused"), "refused");
        return null;
      case "help":
        reply(words("help"), "said");
        return null;
    }
  };
  const done = () => ({ config: session.config, ops: session.ops.slice(0, session.at) });
  const startWorkload = (length: number, from: number) => {
    control.open(session.config, workload(session.config, from, Math.min(length, 500)));
    setChosen("custom");
    setReplies([]);
    setSeed(from + 1);
  };
  const choosePreset = (name: PresetName) => {
    const shared = preset(name);
    control.open(shared.config, shared.ops);
    setChosen(name);
    setReplies([]);
    setZoom(null);
  };

  return (
    <div className="play-grid">
      <section className="play-console" aria-labelledby="play-console-title">
        <h2 id="play-console-title">{words("console")}</h2>
        <Console
          session={session}
          control={control}
          picked={picked}
          execute={execute}
          refuse={(text) => reply(text, "refused")}
        />
        {lastReply && lastReply.at === session.at && (
          <p className={`play-reply ${lastReply.tone === "refused" ? "play-refused" : "play-said"}`}>
            {lastReply.text}
          </p>
        )}
        <Log session={session} replies={replies} goTo={control.goTo} />
      </section>

      <figure className="fig play-figure" id="zone" aria-labelledby="zone-caption">
        {link.problem && (
          <p className="play-notice" role="alert">
            {link.problem.kind === "version"
              ? words("linkVersion", { version: link.problem.version })
              : words("linkBroken")}
          </p>
        )}
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form around the picture */}
        <div
          ref={picture}
          role="group"
          aria-roledescription={figureWords("interactive")}
          aria-labelledby="zone-caption"
          aria-describedby="zone-summary"
        >
          <Zoom state={state} zoom={zoom} onZoom={setZoom} words={words} />
          <MachineView id="zone-picture" control={control} words={figureWords} view={view} onPick={setPicked} />
        </div>
        <BuddyLegend kinds={kindsOf(state)} words={figureWords} />
        <p className="fig-summary" id="zone-summary">
          {buddyFigure.summarize(state, figureWords)}
        </p>
        <FigureTable table={buddyFigure.tabulate(state, figureWords)} words={figureWords} />
        <figcaption id="zone-caption">{words("figureCaption")}</figcaption>
      </figure>

      <div className="play-side">
        <Scenario
          config={session.config}
          chosen={chosen}
          seed={seed}
          onPreset={choosePreset}
          onMachine={(config) => openShared({ config, ops: [] })}
          onWorkload={startWorkload}
        />
        <Measures session={session} words={words} figureWords={figureWords} locale={locale} />
        <Share
          name="buddy"
          link={link.link}
          exerciseCase={() => ({ name: "from-playground", group: "", ...done() })}
          data={() => ({ ...done(), states: session.run.states.slice(0, session.at + 1) })}
          picture={picture}
        />
      </div>
    </div>
  );
}
