// en: The parent is computed as in a binary tree, index / 2, instead of clearing the bit.
// zh-CN: 像二叉树那样用 index / 2 求父块，而不是清除那一位。
import { KernelBug, MAX_ORDER } from "kernel";

// Page indices can pass 2 ** 31, and `^` works on 32-bit signed numbers: `>>> 0` takes the result back to unsigned.
export function buddyOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index ^ (1 << order)) >>> 0;
}

export function parentOf(index: number, order: number): number {
  checkBlock(index, order);
  return Math.floor(index / 2);
}

function checkBlock(index: number, order: number): void {
  if (order < 0 || order >= MAX_ORDER) throw new KernelBug(`there is no order ${order}`);
  if ((index & ((1 << order) - 1)) !== 0) throw new KernelBug(`no block of order ${order} starts at ${index}`);
}
