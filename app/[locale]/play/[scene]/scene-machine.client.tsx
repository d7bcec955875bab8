"use client";
// Which machine is operated: one of the presets, or a configuration as JSON.
import { type SubmitEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { AnyPart } from "@/app/_figures/part";
import type { AnyWords } from "@/app/_figures/words";

interface MachineProps {
  readonly part: AnyPart;
  readonly config: unknown;
  /** Null: the visitor's own. */
  readonly chosen: string | null;
  readonly words: AnyWords;
  readonly onPreset: (name: string) => void;
  readonly onConfig: (config: unknown) => void;
}

export function SceneMachine({ part: { scenario }, config, chosen, words, onPreset, onConfig }: MachineProps) {
  const play = useTranslations("play");
  const say = useTranslations("scene");
  const id = useId();
  /** Null while nobody has typed: then it shows the machine as it is. */
  const [text, setText] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const start = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = text === null ? config : scenario.readConfig(parsed(text));
    setWrong(read === null);
    if (read === null) return;
    setText(null);
    onConfig(read);
  };
  return (
    <section className="play-machine" aria-labelledby="play-machine-title">
      <h2 id="play-machine-title">{play("machine")}</h2>
      <div className="play-field">
        <label htmlFor={`${id}-preset`}>{play("preset")}</label>
        <select
          id={`${id}-preset`}
          className="field"
          value={chosen ?? ""}
          onChange={(event) => {
            setText(null);
            setWrong(false);
            onPreset(event.target.value);
          }}
        >
          {chosen === null && <option value="">{play("presetCustom")}</option>}
          {scenario.presets.map(({ name }) => (
            <option key={name} value={name}>
              {words(`preset-${name}`)}
            </option>
          ))}
        </select>
      </div>
      <details className="play-details">
        <summary>{say("config")}</summary>
        <form method="dialog" onSubmit={start} noValidate>
          <label className="visually-hidden" htmlFor={`${id}-config`}>
            {say("config")}
          </label>
          <textarea
            id={`${id}-config`}
            className="field play-config"
            rows={6}
            spellCheck={false}
            value={text ?? JSON.stringify(config, null, 2)}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            onChange={(event) => setText(event.target.value)}
          />
          {wrong && (
            <p className="play-error" id={`${id}-wrong`}>
              {say("configWrong")}
            </p>
          )}
          <button type="submit" className="button button-primary">
            {play("apply")}
          </button>
        </form>
      </details>
    </section>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half-typed JSON is no machine, like any other text.
    return null;
  }
}
