// Which operation was before, is now and comes next.
import type { FigureWords } from "./words";

interface AroundProps {
  readonly previous: string | null;
  readonly current: string | null;
  readonly next: string | null;
  readonly words: FigureWords;
}

export function Around({ previous, current, next, words }: AroundProps) {
  return (
    <ol className="fig-around">
      <Op name={words("captionPrevious")} label={previous ?? (current ? words("captionStart") : "–")} />
      <Op name={words("captionCurrent")} label={current ?? words("captionStart")} now />
      <Op name={words("captionNext")} label={next ?? words("captionEnd")} />
    </ol>
  );
}

function Op({ name, label, now }: { name: string; label: string; now?: true }) {
  return (
    <li className={now ? "fig-now" : undefined} aria-current={now ? "step" : undefined}>
      <span>{name}</span> <code>{label}</code>
    </li>
  );
}
