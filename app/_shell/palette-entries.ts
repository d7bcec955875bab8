// The entries of the command palette and how a query picks among them. Pure; the palette and its tests share it.

export const entryKinds = ["page", "lesson", "exercise", "command"] as const;

export interface Entry {
  readonly kind: (typeof entryKinds)[number];
  readonly id: string;
  readonly label: string;
  /** Where it leads; absent for commands. */
  readonly href?: string;
  /** Further words that find it: the title in the other language, the slug. */
  readonly keywords?: string;
}

/**
 * The entries that contain every word of the query, best first: a label that begins with the query, then a label that
 * contains it, then the rest; otherwise in the given order. An empty query returns everything.
 */
export function search(entries: readonly Entry[], query: string): readonly Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const whole = words.join(" ");
  const rank = (entry: Entry) => {
    const label = entry.label.toLowerCase();
    if (!words.every((word) => `${label} ${entry.keywords ?? ""}`.toLowerCase().includes(word))) return null;
    return label.startsWith(whole) ? 0 : label.includes(whole) ? 1 : 2;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((hit) => hit.rank !== null)
    .sort((a, b) => a.rank! - b.rank!)
    .map((hit) => hit.entry);
}
