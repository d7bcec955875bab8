// Numbers that a reader writes as an answer.

/** Decimal or 0x…; full-width commas, spaces and arrows separate as well. The first thing that is no number is named. */
export function readNumbers(text: string): { numbers: number[] } | { wrong: string } {
  const pieces = text
    .normalize("NFKC")
    .split(/[\s,;、→>]+/u)
    .filter((piece) => piece !== "");
  const wrong = pieces.find((piece) => !/^(-?\d{1,10}|0x[0-9a-f_]{1,10})$/i.test(piece));
  return wrong === undefined ? { numbers: pieces.map((piece) => Number(piece.replaceAll("_", ""))) } : { wrong };
}

export function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}
