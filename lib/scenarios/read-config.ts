// Reading a configuration that came with a link: a stranger may have written it.

/** The fields that it should have, whatever they hold; none for what is no object. */
export function fieldsOf<Config>(data: unknown): Partial<Record<keyof Config, unknown>> {
  // Reading a field of anything but null and undefined is harmless.
  return (data ?? {}) as Partial<Record<keyof Config, unknown>>;
}

/** An integer of [least, most]. */
export function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** Sizes of the three zones in pages; null if one is none or they are more than `most` together. */
export function zoneSizes(value: unknown, most: number): readonly [number, number, number] | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [dma, normal, highmem] = value as readonly unknown[];
  if (!isWithin(dma, 0, 4096) || !isWithin(normal, 0, most) || !isWithin(highmem, 0, most)) return null;
  return dma + normal + highmem <= most ? [dma, normal, highmem] : null;
}
