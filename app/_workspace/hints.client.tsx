"use client";
// Hints, each behind its own button.
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl/react";

export function Hints({ hints }: { hints: readonly ReactNode[] }) {
  const t = useTranslations("workspace");
  const [shown, setShown] = useState<readonly number[]>([]);
  const toggle = (at: number) =>
    setShown((now) => (now.includes(at) ? now.filter((other) => other !== at) : [...now, at]));
  return (
    <section aria-labelledby="hints-title">
      <h2 id="hints-title">{t("hints.title")}</h2>
      <p className="quiet">{t("hints.left")}</p>
      {hints.map((hint, at) => (
        <div key={at} className="hint">
          <button
            type="button"
            className="button"
            aria-expanded={shown.includes(at)}
            aria-controls={`hint-${at}`}
            onClick={() => toggle(at)}
          >
            {t(shown.includes(at) ? "hints.hide" : "hints.show", { number: at + 1 })}
          </button>
          <div id={`hint-${at}`} className="prose" hidden={!shown.includes(at)}>
            {hint}
          </div>
        </div>
      ))}
    </section>
  );
}
