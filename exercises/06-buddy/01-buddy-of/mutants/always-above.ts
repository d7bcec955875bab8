// en: The buddy is taken to be always the block above: index + 2^order instead of flipping one bit.
// zh-CN: 以为伙伴总是后面那一块：用 index + 2^order，而不是翻转一位。
import { KernelBug, MAX_ORDER } from "kernel";

// Page indices can pass 2 ** 31, and `^` works on 32-bit signed numbers: `>>> 0` takes the result back to unsigned.
export function buddyOf(index: number, order: number): number {
  checkBlock(index, order);
  return index + 2 ** order;
}

export function parentOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index & ~(1 << order)) >>> 0;
}

function checkBlock(index: number, order: number): void {
  if (order < 0 || order >= MAX_ORDER) throw new KernelBug(`there is no order ${order}`);
  if ((index & ((1 << order) - 1)) !== 0) throw new KernelBug(`no block of order ${order} starts at ${index}`);
}
