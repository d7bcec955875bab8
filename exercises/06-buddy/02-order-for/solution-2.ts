import { MAX_ORDER, PAGE_SHIFT } from "kernel";

// The bit length of n - 1 is the exponent of the smallest power of two that is at least n; Math.clz32 counts bits exactly.
const bitLength = (n: number) => 32 - Math.clz32(n);

export function orderFor(bytes: number): number | null {
  if (bytes <= 1) return 0;
  const lastByte = Math.floor((bytes - 1) / 2 ** PAGE_SHIFT);
  const order = bitLength(lastByte);
  return order > MAX_ORDER - 1 ? null : order;
}

export function internalWaste(units: number): { block: number; waste: number; percent: number } {
  const block = units > 0 ? 2 ** bitLength(units - 1) : 0;
  const waste = block - units;
  return { block, waste, percent: block > 0 ? 100 * (1 - units / block) : 0 };
}
