// Which fill and letter means what.
import type { Look } from "./scene";

interface LegendProps {
  readonly name: string;
  readonly entries: readonly { readonly look: Look; readonly text: string }[];
}

export function Legend({ name, entries }: LegendProps) {
  if (entries.length === 0) return null;
  return (
    <ul className="fig-legend" aria-label={name}>
      {entries.map(({ look, text }) => (
        <li key={look}>
          <svg viewBox="0 0 16 12" aria-hidden="true" className={`fig-box fig-${look}`}>
            <rect x="0.5" y="0.5" width="15" height="11" />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
