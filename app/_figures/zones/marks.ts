// How a zone stands to its marks.
import type { ZoneView } from "@/lib/scenarios/zones";

/** `asleep`: above high, where kswapd would stop. `min`: at or below min, where requests must free pages themselves. */
export type MarkState = "asleep" | "between" | "low" | "min";

export function markState({ free, min, low, high }: Pick<ZoneView, "free" | "min" | "low" | "high">): MarkState {
  if (free <= min) return "min";
  if (free <= low) return "low";
  return free <= high ? "between" : "asleep";
}
