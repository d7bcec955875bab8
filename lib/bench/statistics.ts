// The few statistics a bench needs.

/** Nearest-rank percentile; `share` in (0, 1]. @throws Error on an empty sample. */
export function percentile(sample: readonly number[], share: number): number {
  if (sample.length === 0) throw new Error("percentile of nothing");
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
