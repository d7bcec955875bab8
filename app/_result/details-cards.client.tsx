"use client";
// What stands below the explanation: output, steps against the limit, receipt.
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import type { Receipt, Verdict } from "@/lib/grader/verdict";

export function OutputCard({ output }: { output: Verdict["output"] }) {
  const t = useTranslations("result");
  if (output.totalChars === 0) return null;
  const truncated = output.totalChars > output.text.length;
  return (
    <details className="card" open>
      <summary>
        <h3>{t("output.title")}</h3>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable (WCAG 2.1.1) */}
      <pre className="output" tabIndex={0}>
        {output.text}
      </pre>
      {truncated && (
        <p className="quiet">{t("output.truncated", { total: output.totalChars, shown: output.text.length })}</p>
      )}
    </details>
  );
}

export function FuelCard({ fuel }: { fuel: Verdict["fuel"] }) {
  const t = useTranslations("result");
  const percent = fuel.limit > 0 ? Math.min(100, Math.ceil((100 * fuel.used) / fuel.limit)) : 0;
  return (
    <section className="card fuel" aria-labelledby="fuel-title">
      <h3 id="fuel-title">{t("fuel.title")}</h3>
      <p>
        {t("fuel.text", fuel)} · {t("fuel.share", { percent })}
      </p>
      <div className="fuel-bar" aria-hidden="true">
        <div style={{ width: `${percent}%` }} />
      </div>
    </section>
  );
}

const receiptRows = [
  "id",
  "exercise",
  "exerciseVersion",
  "sourceHash",
  "engineHash",
  "graderVersion",
  "seed",
  "fuel",
  "verdictHash",
] as const;

export function ReceiptCard({ receipt }: { receipt: Receipt }) {
  const t = useTranslations("result");
  const [copied, setCopied] = useState(false);
  return (
    <details className="card">
      <summary>
        <h3>{t("receipt.title")}</h3>
      </summary>
      <p className="quiet">{t("receipt.text")}</p>
      <dl className="receipt">
        {receiptRows.map((row) => (
          <div key={row}>
            <dt>{t(`receipt.${row}`)}</dt>
            <dd>
              <code>{receipt[row]}</code>
            </dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        className="button"
        onClick={async () => {
          await navigator.clipboard.writeText(JSON.stringify(receipt, null, 2));
          setCopied(true);
          announce(t("receipt.copied"));
        }}
      >
        {t(copied ? "receipt.copied" : "receipt.copy")}
      </button>
    </details>
  );
}
