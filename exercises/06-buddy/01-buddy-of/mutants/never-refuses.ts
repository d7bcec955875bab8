// en: An index at which no block of that order can start is accepted.
// zh-CN: 接受了不可能作为该阶块起点的下标。
import { KernelBug, MAX_ORDER } from "kernel";

// Page indices can pass 2 ** 31, and `^` works on 32-bit signed numbers: `>>> 0` takes the result back to unsigned.
export function buddyOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index ^ (1 << order)) >>> 0;
}

export function parentOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index & ~(1 << order)) >>> 0;
}

function checkBlock(index: number, order: number): void {
  if (order < 0 || order >= MAX_ORDER) throw new KernelBug(`there is no order ${order}`);
}
