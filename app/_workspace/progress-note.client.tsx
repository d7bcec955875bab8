"use client";
// Where a submission is: sent, waiting, being graded, superseded, or refused and why.
import Link from "next/link";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl/react";
import type { Message } from "@/lib/slots/slot";
import type { Following } from "./use-submission.client";

interface ProgressNoteProps {
  /** How long it usually takes; null if unknown. */
  readonly typicalSeconds: number | null;
  readonly following: Following;
  readonly hrefOf: (id: string) => string;
}

/** After this long a learner should know that nothing is lost by leaving. */
const leaveAfterMs = 20_000;

export function ProgressNote({ typicalSeconds, following, hrefOf }: ProgressNoteProps) {
  const t = useTranslations("workspace");
  const sentence = useTranslations() as unknown as ((key: string, args: Message["args"]) => string) & {
    has(key: string): boolean;
  };
  const long = useLongerThan(leaveAfterMs, following.phase === "waiting");
  switch (following.phase) {
    case "none":
      return null;
    case "sending":
      return <Note>{t("run.sending")}</Note>;
    case "refused": {
      const { message } = following;
      const key = `platform.${message?.key}`;
      const reason = message ? (sentence.has(key) ? sentence(key, message.args) : message.key) : null;
      return <Note urgent>{reason === null ? t("run.noAnswer") : t("run.refused", { reason })}</Note>;
    }
    case "waiting": {
      const { submission, lost } = following;
      const state =
        submission?.status === "running" ? t("queue.running") : t("queue.waiting", { before: submission?.ahead ?? 0 });
      return (
        <Note>
          <span className="progress-bar" aria-hidden="true" />
          {state} {typicalSeconds !== null && t("queue.typical", { seconds: typicalSeconds })} {lost && t("queue.lost")}{" "}
          {long && t("queue.leave")}
        </Note>
      );
    }
    case "done": {
      const { status, supersededById } = following.submission;
      if (status !== "cancelled") return null;
      return (
        <Note>
          {t("queue.superseded")}{" "}
          {supersededById && (
            <Link className="link" href={hrefOf(supersededById)}>
              {t("queue.superseded2")}
            </Link>
          )}
        </Note>
      );
    }
  }
}

function Note({ children, urgent }: { children: React.ReactNode; urgent?: boolean }) {
  return (
    <p className="progress-note" role={urgent ? "alert" : "status"}>
      {children}
    </p>
  );
}

function useLongerThan(ms: number, running: boolean): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!running) return;
    const timer = setTimeout(() => setLong(true), ms);
    return () => clearTimeout(timer);
  }, [ms, running]);
  return long;
}
