// Widths of the workspace's columns: kept in a cookie so that the server already renders them and nothing moves.

export interface Layout {
  /** Per cent of the width; the editor takes the rest. 0 means folded away. */
  readonly read: number;
  readonly result: number;
}

export const layoutCookie = "workspace";
export const presets = {
  balanced: { read: 28, result: 32 },
  read: { read: 44, result: 26 },
  code: { read: 20, result: 24 },
  debug: { read: 0, result: 60 },
} as const satisfies Record<string, Layout>;

const bounds = { read: [15, 50], result: [20, 65] } as const;
const step = 5;

export function parseLayout(cookie: string | undefined): Layout {
  const match = /^(\d{1,2})-(\d{1,2})$/.exec(cookie ?? "");
  if (!match) return presets.balanced;
  const layout = { read: Number(match[1]), result: Number(match[2]) };
  return inside("read", layout.read) && inside("result", layout.result) ? layout : presets.balanced;
}

export const formatLayout = (layout: Layout): string => `${layout.read}-${layout.result}`;

function inside(column: keyof Layout, value: number): boolean {
  const [low, high] = bounds[column];
  return value === 0 || (value >= low && value <= high);
}

/** The width after dragging or an arrow key; never folds the column. */
export function resize(layout: Layout, column: keyof Layout, per100: number): Layout {
  const [low, high] = bounds[column];
  const other = column === "read" ? layout.result : layout.read;
  return { ...layout, [column]: Math.round(Math.min(Math.max(per100, low), high, 80 - other)) };
}

/**
 * What a key does to a splitter, or null if the key is not its own. `grow` is the arrow that makes the column wider; `unfolded`
 * the width that a folded column comes back with.
 */
export function keyOnSplitter(
  layout: Layout,
  column: keyof Layout,
  key: string,
  unfolded: number = presets.balanced[column],
): Layout | null {
  const grow = column === "read" ? "ArrowRight" : "ArrowLeft";
  const shrink = column === "read" ? "ArrowLeft" : "ArrowRight";
  const [low, high] = bounds[column];
  switch (key) {
    case grow:
      return resize(layout, column, Math.max(layout[column], low - step) + step);
    case shrink:
      return layout[column] === 0 ? layout : resize(layout, column, layout[column] - step);
    case "Home":
      return resize(layout, column, low);
    case "End":
      return resize(layout, column, high);
    case "Enter":
      return layout[column] === 0 ? resize(layout, column, unfolded) : { ...layout, [column]: 0 };
    default:
      return null;
  }
}
