// What a reader types as a list of numbers.

/** `2, 0` and `2 0` and `２、０` (as Chinese input methods write them) are the same; null if it is not a list of whole numbers. */
export function numbersIn(written: string): number[] | null {
  const parts = written
    .normalize("NFKC")
    .split(/[\s,;、]+/)
    .filter(Boolean);
  return parts.every((part) => /^-?\d{1,9}$/.test(part)) ? parts.map(Number) : null;
}
