// Two versions of a file, line by line, for History and conflicts.
// Theory: equal lines at both ends are cut off, the rest is aligned by a longest common subsequence of lines.

export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
  /** 1-based line numbers; null on the side where the line does not stand. */
  readonly before: number | null;
  readonly after: number | null;
}

export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;

  const lines: DiffLine[] = [];
  const same = (i: number, j: number) => lines.push({ kind: "same", text: a[i]!, before: i + 1, after: j + 1 });
  for (let i = 0; i < head; i++) same(i, i);
  for (const [i, j] of align(a, b, head, a.length - tail, b.length - tail)) {
    if (i !== null && j !== null) same(i, j);
    else if (i !== null) lines.push({ kind: "removed", text: a[i]!, before: i + 1, after: null });
    else if (j !== null) lines.push({ kind: "added", text: b[j]!, before: null, after: j + 1 });
  }
  for (let k = tail; k > 0; k--) same(a.length - k, b.length - k);
  return lines;
}

type Pair = readonly [number | null, number | null];

/** Index pairs for a[from..aEnd) and b[from..bEnd); removals come before additions. */
function align(a: readonly string[], b: readonly string[], from: number, aEnd: number, bEnd: number): Pair[] {
  const rows = aEnd - from;
  const columns = bEnd - from;
  // length[i][j]: longest common subsequence of what is left after i lines of a and j lines of b.
  const width = columns + 1;
  const length = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      length[i * width + j] =
        a[from + i] === b[from + j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[from + i] === b[from + j]) pairs.push([from + i++, from + j++]);
    else if (j >= columns || (i < rows && length[(i + 1) * width + j]! >= length[i * width + j + 1]!))
      pairs.push([from + i++, null]);
    else pairs.push([null, from + j++]);
  }
  return pairs;
}

export interface Hunk {
  readonly lines: readonly DiffLine[];
}

/** The changed places with `context` equal lines around each; empty if nothing changed. */
export function hunksOf(lines: readonly DiffLine[], context = 3): Hunk[] {
  const hunks: DiffLine[][] = [];
  let shown = 0;
  lines.forEach((line, at) => {
    if (line.kind === "same") return;
    const start = Math.max(shown, at - context);
    const end = Math.max(shown, Math.min(lines.length, at + context + 1));
    if (hunks.length === 0 || start > shown) hunks.push([]);
    hunks.at(-1)!.push(...lines.slice(start, end));
    shown = end;
  });
  return hunks.map((hunk) => ({ lines: hunk }));
}
