// The scale on which zones are drawn. Marks are a few percent of a zone, so a bar is true to scale only up to twice the high mark; what
// lies behind is pressed into the rest.

/** Share of a bar that is drawn to scale. */
export const scaledShare = 0.62;

/** Pages to pixels on a bar of that width; pages beyond the zone end with it. */
export function zoneScale(
  { pages: all, high }: { readonly pages: number; readonly high: number },
  width: number,
): (pages: number) => number {
  const near = Math.min(all, 2 * high);
  if (near === 0 || near === all) return (pages) => (Math.min(pages, all) / Math.max(1, all)) * width;
  return (pages) => {
    if (pages <= near) return (pages / near) * scaledShare * width;
    return (scaledShare + ((Math.min(pages, all) - near) / (all - near)) * (1 - scaledShare)) * width;
  };
}
