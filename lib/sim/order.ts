// Bytes to orders, and what rounding up to a power of two wastes.
// Source: Linux 2.6.11 asm-i386/page.h (get_order); Gorman 6.5
import { PAGE_SIZE } from "./constants";
import { MAX_ORDER } from "./structs";

/** Smallest order whose block holds that many bytes (at least one); no upper limit, as the kernel's. */
export function getOrder(bytes: number): number {
  let order = 0;
  for (let size = PAGE_SIZE; size < bytes; size *= 2) order++;
  return order;
}

/** As `getOrder`, but null where the buddy system cannot help: more than its largest block (4 MiB). 0 bytes: order 0. */
export function orderFor(bytes: number): number | null {
  const order = getOrder(bytes);
  return order < MAX_ORDER ? order : null;
}

export interface Waste {
  /** Units handed out: the next power of two. */
  readonly block: number;
  /** Units of the block that nobody asked for. */
  readonly waste: number;
  /** Waste as a percentage of the block. */
  readonly percent: number;
}

/** What a buddy system of `units` (pages, bytes, ...) loses inside the block. 0 units: an empty block. */
export function internalWaste(units: number): Waste {
  if (units <= 0) return { block: 0, waste: 0, percent: 0 };
  let block = 1;
  while (block < units) block *= 2;
  return { block, waste: block - units, percent: ((block - units) / block) * 100 };
}
