"use client";
// What was done, newest first, each operation a way back to it.
import { useTranslations } from "use-intl";
import type { AnyPart } from "@/app/_figures/part";
import type { AnyWords } from "@/app/_figures/words";
import type { AnySession } from "@/lib/scenarios/open-part";

interface LogProps {
  readonly part: AnyPart;
  readonly session: AnySession;
  readonly words: AnyWords;
  readonly goTo: (at: number) => void;
}

/** Older rows are reached by undo. */
const shownRows = 120;
/** Of what has been undone only the next few are listed; the current operation must be in sight. */
const shownUndone = 3;

export function SceneLog({ part, session, words, goTo }: LogProps) {
  const play = useTranslations("play");
  const { ops, at, moments } = session;
  const newest = Math.min(ops.length, at + shownUndone);
  const rows = Array.from({ length: Math.min(newest, shownRows) }, (_, index) => newest - index);
  return (
    <div className="play-log">
      <h3 id="play-log-title">{play("log")}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section tabIndex={0} aria-labelledby="play-log-title">
        {ops.length > newest && <p className="play-more">{play("logMore", { count: ops.length - newest })}</p>}
        <ol>
          {rows.map((step) => {
            const { op, line, result } = moments[step]!.at(-1)!;
            return (
              <li key={step}>
                <button
                  type="button"
                  className={step > at ? "play-undone" : undefined}
                  aria-current={step === at ? "step" : undefined}
                  title={play("logGoTo", { step, label: line ?? "" })}
                  onClick={() => goTo(step)}
                >
                  <span className="play-row-number">{step}</span>
                  <code>{line}</code>
                  <span>{step > at ? play("logLater") : op && part.figure.result(op, result, words)}</span>
                </button>
              </li>
            );
          })}
          <li>
            <button type="button" aria-current={at === 0 ? "step" : undefined} onClick={() => goTo(0)}>
              <span className="play-row-number">0</span>
              <code>{play("logStart")}</code>
            </button>
          </li>
        </ol>
      </section>
    </div>
  );
}
