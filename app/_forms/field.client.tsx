"use client";
// One labelled input with its hint and, when the server found something wrong, the sentence beside it.
import { type HTMLInputTypeAttribute, useId, useState } from "react";
import type { FormState } from "./form-state-type";

interface FieldProps {
  readonly state: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: HTMLInputTypeAttribute;
  readonly autoComplete: string;
  readonly initial?: string;
  /** For passwords: the words of the button that reveals what was typed. */
  readonly reveal?: { readonly show: string; readonly hide: string };
}

export function Field({ state, name, label, hint, type = "text", autoComplete, initial, reveal }: FieldProps) {
  const id = useId();
  const [revealed, setRevealed] = useState(false);
  const error = state.fields[name];
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {hint}
        </p>
      )}
      <div className="flex gap-2">
        <input
          id={id}
          name={name}
          type={revealed ? "text" : type}
          autoComplete={autoComplete}
          autoCapitalize={type === "text" ? undefined : "none"}
          spellCheck={false}
          required
          defaultValue={state.values[name] ?? initial}
          aria-invalid={error !== undefined}
          aria-describedby={described === "" ? undefined : described}
          className="field"
        />
        {reveal !== undefined && (
          <button
            type="button"
            className="button shrink-0"
            aria-label={`${revealed ? reveal.hide : reveal.show}: ${label}`}
            onClick={() => setRevealed(!revealed)}
          >
            {revealed ? reveal.hide : reveal.show}
          </button>
        )}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} className="text-sm text-bad">
          <span aria-hidden="true">✗ </span>
          {error}
        </p>
      )}
    </div>
  );
}
