"use client";
// The middle column of a break-it exercise: a trace as text, checked while it is typed.
import { type Ref, useImperativeHandle, useMemo, useState } from "react";
import { useTranslations } from "use-intl/react";
import type { PublicExercise } from "@/lib/course/exercise";
import { saveStatus } from "./draft";
import type { TextHandle } from "./editor/handle";
import { parseMachineTrace } from "./own-case";
import { TraceField } from "./trace-field.client";
import type { UsedDraft } from "./use-draft.client";

interface TracePaneProps {
  readonly field: Ref<TextHandle>;
  readonly exercise: PublicExercise;
  readonly initial: string;
  readonly used: UsedDraft;
  readonly signedIn: boolean;
  readonly onChange: (source: string) => void;
}

const fieldId = "trace-text";

export function TracePane({ field, exercise, initial, used, signedIn, onChange }: TracePaneProps) {
  const t = useTranslations("workspace");
  const [text, setText] = useState(initial);
  const config = exercise.visible[0]?.config ?? null;
  const parsed = useMemo(() => parseMachineTrace(config, text), [config, text]);
  const save = saveStatus(used.draft);

  function change(next: string) {
    setText(next);
    onChange(next);
  }

  useImperativeHandle(field, () => {
    const area = () => document.querySelector<HTMLTextAreaElement>(`#${fieldId} textarea`)!;
    return {
      replace: change,
      reveal: (line) => {
        const before = area()
          .value.split("\n")
          .slice(0, line - 1);
        const at = before.reduce((sum, text) => sum + text.length + 1, 0);
        area().focus();
        area().setSelectionRange(at, at);
      },
      focus: () => area().focus(),
    };
  });

  return (
    <div className="trace-pane" id={fieldId}>
      <p className="quiet">{t("breakIt.legend")}</p>
      <TraceField
        label={t("breakIt.title")}
        text={text}
        placeholder={t("own.example")}
        problem={text.trim() === "" ? null : parsed.problem}
        rows={16}
        readOnly={used.draft.owner === "elsewhere"}
        onChange={change}
      />
      <p className="status-line">
        <span>{parsed.ops ? t("trace.legal", { count: parsed.ops.length }) : ""}</span>
        <span className="save-status" role="status">
          {t(save === "device" && !signedIn ? "save.deviceOnly" : `save.${save}`)}
        </span>
      </p>
    </div>
  );
}
