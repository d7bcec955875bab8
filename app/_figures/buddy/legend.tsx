// Which fill and letter means what; only the kinds that the figure can show.
import { Legend } from "../legend";
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
  return <Legend name={words("legend")} entries={kinds.map((look) => ({ look, text: words(keys[look]) }))} />;
}
