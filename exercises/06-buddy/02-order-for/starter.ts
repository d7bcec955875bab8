import { MAX_ORDER, PAGE_SIZE } from "kernel";

/**
 * The smallest order whose block holds `bytes` bytes: 1..PAGE_SIZE bytes need order 0, one byte more needs order 1.
 * 0 bytes also take order 0. More than the largest block (order MAX_ORDER - 1) holds: null.
 */
export function orderFor(bytes: number): number | null {
  // Double the size, count the steps.
  return 0;
}

export interface Waste {
  /** Units handed out: the smallest power of two that is at least `units`; 0 for 0 units. */
  block: number;
  /** Units of the block that nobody asked for. */
  waste: number;
  /** Waste as a percentage of the block, not rounded; 0 for an empty block. */
  percent: number;
}

/** What a buddy system loses inside the block when `units` (pages, bytes, ...) are asked for. */
export function internalWaste(units: number): Waste {
  return { block: units, waste: 0, percent: 0 };
}
