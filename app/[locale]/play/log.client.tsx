"use client";
// What was done, newest first, each operation a way back to it; between them what the console answered.
import { useTranslations } from "use-intl";
import type { Session } from "@/app/_figures/buddy/session";
import type { Reply } from "./playground.client";

interface LogProps {
  readonly session: Session;
  readonly replies: readonly Reply[];
  readonly goTo: (at: number) => void;
}

/** Older rows than these are reached with the slider. */
const shownRows = 120;
/** Of what has been undone only the next few are listed; the current operation must be in sight. */
const shownUndone = 3;

export function Log({ session, replies, goTo }: LogProps) {
  const words = useTranslations("play");
  const { ops, at, run } = session;
  const newest = Math.min(ops.length, at + shownUndone);
  const rows = Array.from({ length: Math.min(newest, shownRows) }, (_, index) => newest - index);
  const repliesAt = (step: number) => replies.filter((reply) => reply.at === step).toReversed();
  const result = (step: number) => {
    if (ops[step - 1]!.op === "free") return words("logFreed");
    const pfn = run.results[step - 1] ?? null;
    return pfn === null ? words("logFailed") : words("logResult", { pfn: String(pfn) });
  };
  return (
    <div className="play-log">
      <h3 id="play-log-title">{words("log")}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section tabIndex={0} aria-labelledby="play-log-title">
        {ops.length === 0 && replies.length === 0 && <p>{words("logEmpty")}</p>}
        {ops.length > newest && <p className="play-more">{words("logMore", { count: ops.length - newest })}</p>}
        <ol>
          {rows.map((step) => (
            <Row key={step} replies={repliesAt(step)}>
              <button
                type="button"
                className={step > at ? "play-undone" : undefined}
                aria-current={step === at ? "step" : undefined}
                title={words("logGoTo", { step, label: run.labels[step - 1]! })}
                onClick={() => goTo(step)}
              >
                <span className="play-row-number">{step}</span>
                <code>{run.labels[step - 1]}</code>
                <span
                  className={
                    run.results[step - 1] === null && ops[step - 1]!.op === "alloc" ? "play-failed" : undefined
                  }
                >
                  {step > at ? words("logLater") : result(step)}
                </span>
              </button>
            </Row>
          ))}
          <Row replies={repliesAt(0)}>
            <button type="button" aria-current={at === 0 ? "step" : undefined} onClick={() => goTo(0)}>
              <span className="play-row-number">0</span>
              <code>{words("logStart")}</code>
            </button>
          </Row>
        </ol>
      </section>
    </div>
  );
}

function Row({ replies, children }: { replies: readonly Reply[]; children: React.ReactNode }) {
  return (
    <li>
      {replies.map((reply, index) => (
        <p key={index} className={reply.tone === "refused" ? "play-refused" : "play-said"}>
          {reply.tone === "refused" ? "✗ " : ""}
          {reply.text}
        </p>
      ))}
      {children}
    </li>
  );
}
