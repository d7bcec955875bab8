// The only source of randomness: a seeded 32-bit xorshift. Same seed, same sequence, everywhere.

export interface Rng {
  /** An unsigned 32-bit integer. */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** True with probability `percent` / 100. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function createRng(seed: number): Rng {
  let state = seed >>> 0 || 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const below = (bound: number) => next() % bound;
  return {
    next,
    below,
    chance: (percent) => below(100) < percent,
    pick: (items) => {
      if (items.length === 0) throw new Error("pick from an empty list");
      return items[below(items.length)]!;
    },
  };
}
