// The kernel's integer square root.
// Theory:     the root is found bit by bit from the top: a bit stays if the square that it adds still fits into what is left.
// Source:     Linux 2.6.11 lib/int_sqrt.c (int_sqrt)
// Simplified: nothing; an unsigned long has 32 bits.

/** Floor of the square root of an unsigned 32-bit number. */
export function intSqrt(x: number): number {
  let rest = x >>> 0;
  let root = 0;
  for (let place = 2 ** 30; place >= 1; place /= 4) {
    const square = root + place;
    root /= 2;
    if (square <= rest) {
      rest -= square;
      root += place;
    }
  }
  return root;
}
