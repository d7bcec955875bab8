// en: The result of the bit operation is left signed, so indices from 2^31 upward come out negative.
// zh-CN: 位运算的结果保留了符号，2^31 以上的下标变成了负数。
import { KernelBug, MAX_ORDER } from "kernel";

// Page indices can pass 2 ** 31, and `^` works on 32-bit signed numbers: `>>> 0` takes the result back to unsigned.
export function buddyOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index ^ (1 << order)) | 0;
}

export function parentOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index & ~(1 << order)) | 0;
}

function checkBlock(index: number, order: number): void {
  if (order < 0 || order >= MAX_ORDER) throw new KernelBug(`there is no order ${order}`);
  if ((index & ((1 << order) - 1)) !== 0) throw new KernelBug(`no block of order ${order} starts at ${index}`);
}
