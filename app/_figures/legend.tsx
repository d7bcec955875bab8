// Which fill and letter means what.
import { type Look, textureOf } from "./scene";

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
            {textureOf[look] === "hatch" && <path className="fig-texture-line" d="M1 5L5 1M1 11L11 1M5 11L8 8" />}
            {textureOf[look] === "dots" && (
              <path className="fig-texture-line" d="M3 3h1M3 6h1M3 9h1M6 3h1M6 6h1M6 9h1" />
            )}
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
