// Which fill and letter means what; only the kinds that the figure can show.
import type { FigureWords } from "../words";
import type { BlockKind } from "./blocks";

const keys: Readonly<Record<BlockKind, Parameters<FigureWords>[0]>> = {
  free: "legendFree",
  used: "legendUsed",
  hot: "legendHot",
  cold: "legendCold",
  reserved: "legendReserved",
  lost: "legendLost",
  clash: "legendClash",
  held: "legendHeld",
};

export function BuddyLegend({ kinds, words }: { kinds: readonly BlockKind[]; words: FigureWords }) {
  return (
    <ul className="fig-legend" aria-label={words("legend")}>
      {kinds.map((kind) => (
        <li key={kind}>
          <svg viewBox="0 0 16 12" aria-hidden="true" className={`fig-box fig-${kind}`}>
            <rect x="0.5" y="0.5" width="15" height="11" />
          </svg>
          {words(keys[kind])}
        </li>
      ))}
    </ul>
  );
}
