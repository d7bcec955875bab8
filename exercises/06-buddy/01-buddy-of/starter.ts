import { KernelBug, MAX_ORDER } from "kernel";

/**
 * Index of the buddy of the block that starts at page `index` and has 2 ** order pages.
 * Indices count from the first page of the zone. A block starts at a multiple of its size: for any other
 * index, and for an order outside 0..MAX_ORDER - 1, do what the kernel does: `throw new KernelBug("...")`.
 */
export function buddyOf(index: number, order: number): number {
  // Two buddies differ in exactly one bit of their index. Which one?
  return index;
}

/** Index of the block of `order + 1` that the block and its buddy form together. Refuses what buddyOf refuses. */
export function parentOf(index: number, order: number): number {
  return index;
}
