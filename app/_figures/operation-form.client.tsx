"use client";
// One operation by choosing instead of typing: which one, its parameters, a button.
import { type SubmitEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { Parameter } from "@/lib/scenarios/scenario";
import type { AnyPart } from "./part";
import type { AnyWords } from "./words";

interface FormProps {
  readonly part: AnyPart;
  readonly state: unknown;
  readonly words: AnyWords;
  readonly onRun: (line: string) => void;
}

/** More values than these are typed. */
const mostOptions = 40;

export function OperationForm({ part: { scenario }, state, words, onRun }: FormProps) {
  const say = useTranslations("scene");
  const id = useId();
  const names = Object.keys(scenario.commands);
  const [name, setName] = useState(names[0]!);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const parameters = Object.entries(scenario.commands[name] ?? {}) as [string, Parameter][];
  const likely = (parameter: string) => scenario.suggest(state, name, parameter).slice(0, mostOptions);
  const spell = (parameter: Parameter, value: string | number) =>
    parameter.kind === "number" && parameter.hex ? `0x${Number(value).toString(16)}` : String(value);
  const chosenValue = ([parameter, kind]: [string, Parameter]): string => {
    const own = typed[`${name} ${parameter}`];
    if (own !== undefined) return own;
    const [first] = likely(parameter);
    if (kind.kind === "choice") return String(first ?? kind.default ?? kind.options[0]);
    return spell(kind, first ?? kind.default ?? kind.least);
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onRun([name, ...parameters.map(chosenValue)].join(" "));
    // The next suggestion takes the place of a value that was typed or chosen for a thing that may be gone.
    setTyped(Object.fromEntries(Object.entries(typed).filter(([key]) => likely(key.split(" ")[1]!).length === 0)));
  };
  return (
    <form method="dialog" className="console-fields" aria-label={say("form")} onSubmit={submit}>
      <div className="console-field">
        <label htmlFor={`${id}-op`}>{say("operation")}</label>
        <select id={`${id}-op`} value={name} onChange={(event) => setName(event.target.value)}>
          {names.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </div>
      {parameters.map(([parameter, kind]) => {
        const set = (value: string) => setTyped({ ...typed, [`${name} ${parameter}`]: value });
        const value = chosenValue([parameter, kind]);
        const field = `${id}-${parameter}`;
        return (
          <div key={parameter} className="console-field">
            <label htmlFor={field}>{words(`param-${parameter}`)}</label>
            {kind.kind === "choice" ? (
              <select id={field} value={value} onChange={(event) => set(event.target.value)}>
                {kind.options.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </select>
            ) : (
              <>
                <input
                  id={field}
                  value={value}
                  size={kind.hex ? 11 : 8}
                  inputMode={kind.hex ? "text" : "numeric"}
                  autoComplete="off"
                  list={`${field}-likely`}
                  onChange={(event) => set(event.target.value)}
                />
                <datalist id={`${field}-likely`}>
                  {likely(parameter).map((each) => (
                    <option key={each} value={spell(kind, each)} />
                  ))}
                </datalist>
              </>
            )}
          </div>
        );
      })}
      <button type="submit" className="button">
        {say("do")}
      </button>
    </form>
  );
}
