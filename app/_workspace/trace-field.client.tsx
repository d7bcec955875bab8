"use client";
// A text of operations, one a line, with what is wrong with it below.
import { useId } from "react";
import { useTranslations } from "use-intl/react";
import type { Message } from "@/lib/slots/slot";
import type { TextProblem } from "./own-case";

interface TraceFieldProps {
  readonly label: string;
  readonly text: string;
  readonly placeholder: string;
  readonly problem: TextProblem | null;
  readonly rows?: number;
  readonly readOnly?: boolean;
  readonly onChange: (text: string) => void;
}

export function TraceField({
  label,
  text,
  placeholder,
  problem,
  rows = 6,
  readOnly = false,
  onChange,
}: TraceFieldProps) {
  const t = useTranslations("workspace");
  const sentence = useTranslations() as unknown as (key: string, args: Message["args"]) => string;
  const id = useId();
  return (
    <div className="trace-field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="field"
        rows={rows}
        value={text}
        placeholder={placeholder}
        readOnly={readOnly}
        spellCheck={false}
        autoCapitalize="off"
        translate="no"
        aria-invalid={problem !== null || undefined}
        aria-describedby={`${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-problem`} className="problems">
        {problem && t("trace.problem", { line: problem.line, problem: sentence(problem.key, problem.args) })}
      </p>
    </div>
  );
}
