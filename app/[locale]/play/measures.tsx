// Numbers about a session: what it cost the allocator so far, and how broken up the free memory is now.
import { type Session, stateOf } from "@/app/_figures/buddy/session";
import { UnusableIndex } from "@/app/_figures/buddy/unusable";
import type { FigureWords } from "@/app/_figures/words";
import type { Messages } from "@/lib/words/messages";
import type { Locale } from "@/lib/words/text";

interface MeasuresProps {
  readonly session: Session;
  readonly words: (key: keyof Messages["play"]) => string;
  readonly figureWords: FigureWords;
  readonly locale: Locale;
}

export function Measures({ session, words, figureWords, locale }: MeasuresProps) {
  const state = stateOf(session);
  const events = session.run.events.slice(0, session.at).flat();
  const count = (kind: (typeof events)[number]["kind"]) => events.filter((event) => event.kind === kind).length;
  const failed = events.filter((event) => event.kind === "alloc" && event.pfn === null).length;
  const parked = (state.pcp?.hot.list.length ?? 0) + (state.pcp?.cold.list.length ?? 0);
  const used = state.allocated.reduce((sum, block) => sum + 2 ** block.order, 0);
  const numbers = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const facts = [
    ["metricFree", state.freePages],
    ["metricUsed", used],
    ...(state.pcp ? [["metricParked", parked] as const] : []),
    ["metricSplits", count("split")],
    ["metricMerges", count("merge")],
    ["metricFailed", failed],
  ] as const;
  return (
    <section className="play-measures" aria-labelledby="play-measures-title">
      <h2 id="play-measures-title">{words("metrics")}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd>{numbers.format(value)}</dd>
          </div>
        ))}
      </dl>
      <UnusableIndex state={state} words={figureWords} percent={percent} />
      <p className="play-hint">{figureWords("unusableExplain")}</p>
    </section>
  );
}
