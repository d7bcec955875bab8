"use client";
// Everything earlier: what was submitted, and the versions that this device keeps.
import Link from "next/link";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl/react";
import { statusMark } from "@/app/_result/model";
import { DiffView } from "./diff-view.client";
import { useZone } from "./local-time.client";
import type { Snapshot } from "./snapshots";
import type { SubmissionLine } from "./submission";

interface HistoryProps {
  readonly submissions: readonly SubmissionLine[];
  readonly hrefOf: (id: string) => string;
  readonly snapshots: readonly Snapshot[];
  readonly source: string;
  readonly readOnly: boolean;
  readonly onRestore: (snapshot: Snapshot) => void;
}

export function History({ submissions, hrefOf, snapshots, source, readOnly, onRestore }: HistoryProps) {
  const t = useTranslations("workspace");
  const status = useTranslations("result");
  const format = useFormatter();
  const timeZone = useZone();
  const [open, setOpen] = useState<string | null>(null);
  const time = (at: number | string) =>
    format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short", timeZone });
  return (
    <div className="history">
      <h2>{t("history.submissions")}</h2>
      {submissions.length === 0 && <p className="quiet">{t("history.noSubmissions")}</p>}
      <ul>
        {submissions.map((line) => (
          <li key={line.id} className="history-row">
            <Link className="link" href={hrefOf(line.id)} prefetch={false}>
              {t("history.openResult", { time: time(line.createdAt) })}
            </Link>
            <span>
              <span aria-hidden="true">{statusMark(line.status)}</span> {status(`status.${line.status}`)}
              {line.score !== null && ` · ${t("history.score", { score: line.score, max: line.maxScore ?? 0 })}`}
            </span>
          </li>
        ))}
      </ul>
      <h2>{t("history.versions")}</h2>
      {snapshots.length === 0 && <p className="quiet">{t("history.noVersions")}</p>}
      <ul>
        {snapshots.map((snapshot) => (
          <li key={snapshot.id}>
            <div className="history-row">
              <span>
                {time(snapshot.at)} · {t(`history.cause.${snapshot.cause}`)}
              </span>
              <span className="history-actions">
                <button
                  type="button"
                  className="button"
                  aria-expanded={open === snapshot.id}
                  onClick={() => setOpen(open === snapshot.id ? null : snapshot.id)}
                >
                  {t(open === snapshot.id ? "history.hide" : "history.show")}
                </button>
                <button
                  type="button"
                  className="button"
                  aria-disabled={readOnly || undefined}
                  onClick={() => !readOnly && onRestore(snapshot)}
                >
                  {t("history.restore")}
                </button>
              </span>
            </div>
            {open === snapshot.id && <DiffView before={snapshot.source} after={source} label={t("diff.label")} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
