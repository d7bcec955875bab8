"use client";
// Run and Submit, with what keeps either from acting said in words: the buttons are never `disabled`, so the keyboard finds them.
import { Play, Send } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { SignInLink } from "@/app/_shell/sign-in-link.client";
import type { Locale } from "@/lib/words/text";

/** Keys of namespace `workspace`, under `run`. */
export type Reason = "sameAsLast" | "readOnly" | "offline" | "grading" | "empty" | "conflict" | "sending";

interface RunBarProps {
  readonly locale: Locale;
  readonly running: boolean;
  readonly signedIn: boolean;
  /** Visible tests pass: now submitting is the next thing to do. */
  readonly ready: boolean;
  /** Not for exercises that are only submitted. */
  readonly runnable: boolean;
  readonly runReason: Reason | null;
  readonly submitReason: Reason | null;
  readonly note: string | null;
  readonly onRun: () => void;
  readonly onCancel: () => void;
  readonly onSubmit: () => void;
}

export function RunBar(props: RunBarProps) {
  const { locale, running, signedIn, ready, runnable, runReason, submitReason, note } = props;
  const t = useTranslations("workspace");
  const reason = runReason && runnable ? runReason : submitReason;
  return (
    <section className="run-bar" id="run-bar" aria-label={t("pane.run")}>
      <div className="run-buttons">
        {runnable && running && (
          <button type="button" className="button" onClick={props.onCancel}>
            {t("run.cancel")}
          </button>
        )}
        {runnable && !running && (
          <button
            type="button"
            className={`button ${ready || runReason ? "" : "button-primary"}`}
            aria-disabled={runReason !== null || undefined}
            aria-describedby={runReason ? "run-reason" : undefined}
            aria-keyshortcuts="Control+Enter"
            title={t("run.runKeys")}
            onClick={props.onRun}
          >
            <Play size={16} aria-hidden="true" />
            {t("run.run")}
          </button>
        )}
        {signedIn ? (
          <button
            type="button"
            className={`button ${(ready || !runnable) && !submitReason ? "button-primary" : ""}`}
            aria-disabled={submitReason !== null || undefined}
            aria-describedby={submitReason ? "run-reason" : undefined}
            aria-keyshortcuts="Control+Shift+Enter"
            title={t("run.submitKeys")}
            onClick={props.onSubmit}
          >
            <Send size={16} aria-hidden="true" />
            {t("run.submit")}
          </button>
        ) : (
          <SignInLink locale={locale} className={`button ${ready || !runnable ? "button-primary" : ""}`}>
            {t("run.signIn")}
          </SignInLink>
        )}
      </div>
      <p id="run-reason" className="run-note">
        {note ?? (running ? t("run.running") : reason ? t(`run.${reason}`) : signedIn ? "" : t("run.signInWhy"))}
      </p>
    </section>
  );
}
