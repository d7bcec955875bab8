// Names that somebody may have meant.

/** The names nearest to the typed one, best first: those that contain it, then by edit distance. */
export function closest(typed: string, names: readonly string[], most = 3): string[] {
  const rank = (name: string) =>
    typed !== "" && (name.includes(typed) || typed.includes(name)) ? 0 : distance(typed, name);
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, most);
}

/** Levenshtein: how many characters must be inserted, deleted or replaced. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
