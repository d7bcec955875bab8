/** How long a password may be, in characters. Length is the only rule: anything memorable and long is better than puzzles. */
export const passwordLength = { min: 10, max: 128 } as const;
