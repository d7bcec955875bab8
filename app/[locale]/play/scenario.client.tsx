"use client";
// Which machine: a preset, or one's own; and a random workload for it. A wrong field keeps the machine that runs.
import { type SubmitEvent, useEffect, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { sharedInits } from "@/app/_figures/buddy/share";
import type { BuddyConfig, ZoneInit } from "@/lib/sim/machine";
import { type PresetName, presetNames } from "./presets";
import { type FieldErrors, fieldsOf, readScenario, type ScenarioFields } from "./scenario";

interface ScenarioProps {
  readonly config: BuddyConfig;
  readonly chosen: PresetName | "custom";
  readonly seed: number;
  readonly onPreset: (name: PresetName) => void;
  readonly onMachine: (config: BuddyConfig) => void;
  readonly onWorkload: (length: number, seed: number) => void;
}

export function Scenario({ config, chosen, seed, onPreset, onMachine, onWorkload }: ScenarioProps) {
  const words = useTranslations("play");
  const id = useId();
  const [fields, setFields] = useState<ScenarioFields>(() => fieldsOf(config));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [length, setLength] = useState("40");
  const [seedText, setSeedText] = useState(String(seed));
  useEffect(() => {
    setFields(fieldsOf(config));
    setErrors({});
  }, [config]);
  useEffect(() => setSeedText(String(seed)), [seed]);

  const change = (part: Partial<ScenarioFields>) => setFields({ ...fields, ...part });
  const start = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readScenario(fields);
    if ("config" in read) onMachine(read.config);
    else {
      setErrors(read.errors);
      document.getElementById(`${id}-${Object.keys(read.errors)[0]}`)?.focus();
    }
  };
  const runWorkload = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onWorkload(clamp(length, 1, 500), clamp(seedText, 0, 2 ** 31));
  };
  const number = (name: "pages" | "startPfn" | "batch", hint?: string) => {
    const error = errors[name];
    return (
      <div className="play-field">
        <label htmlFor={`${id}-${name}`}>{words(name)}</label>
        <input
          id={`${id}-${name}`}
          className="field"
          inputMode="numeric"
          autoComplete="off"
          value={fields[name]}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-${name}-note`}
          onChange={(event) => change({ [name]: event.target.value })}
        />
        <p id={`${id}-${name}-note`} className={error ? "play-error" : "play-hint"}>
          {error ? words("fieldRange", error) : null} {hint}
        </p>
      </div>
    );
  };

  return (
    <section className="play-scenario" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words("machine")}</h2>
      <div className="play-field">
        <label htmlFor={`${id}-preset`}>{words("preset")}</label>
        <select
          id={`${id}-preset`}
          className="field"
          value={chosen}
          onChange={(event) => onPreset(event.target.value as PresetName)}
        >
          {chosen === "custom" && <option value="custom">{words("presetCustom")}</option>}
          {presetNames.map((name) => (
            <option key={name} value={name}>
              {words(`preset-${name}`)}
            </option>
          ))}
        </select>
      </div>
      <details className="play-details">
        <summary>{words("scenario")}</summary>
        <form method="dialog" onSubmit={start} noValidate>
          {number("pages")}
          {number("startPfn", words("startPfnHint"))}
          <div className="play-field">
            <label htmlFor={`${id}-init`}>{words("init")}</label>
            <select
              id={`${id}-init`}
              className="field"
              value={fields.init}
              onChange={(event) => change({ init: event.target.value as ZoneInit })}
            >
              {sharedInits.map((init) => (
                <option key={init} value={init}>
                  {words(`init-${init as Exclude<ZoneInit, "none">}`)}
                </option>
              ))}
            </select>
          </div>
          <label className="fig-choice">
            <input
              type="checkbox"
              checked={fields.pcp === "on"}
              onChange={(event) => change({ pcp: event.target.checked ? "on" : "off" })}
            />
            {words("pcp")}
          </label>
          {fields.pcp === "on" && number("batch")}
          <button type="submit" className="button button-primary">
            {words("apply")}
          </button>
        </form>
      </details>
      <details className="play-details">
        <summary>{words("workload")}</summary>
        <form method="dialog" onSubmit={runWorkload} noValidate>
          <div className="play-pair">
            <div className="play-field">
              <label htmlFor={`${id}-length`}>{words("workloadLength")}</label>
              <input
                id={`${id}-length`}
                className="field"
                inputMode="numeric"
                autoComplete="off"
                value={length}
                onChange={(event) => setLength(event.target.value)}
              />
            </div>
            <div className="play-field">
              <label htmlFor={`${id}-seed`}>{words("workloadSeed")}</label>
              <input
                id={`${id}-seed`}
                className="field"
                inputMode="numeric"
                autoComplete="off"
                value={seedText}
                onChange={(event) => setSeedText(event.target.value)}
              />
            </div>
          </div>
          <button type="submit" className="button">
            {words("workloadRun")}
          </button>
        </form>
      </details>
    </section>
  );
}

function clamp(text: string, least: number, most: number): number {
  const value = Number.parseInt(text.normalize("NFKC"), 10);
  return Number.isNaN(value) ? least : Math.max(least, Math.min(most, value));
}
