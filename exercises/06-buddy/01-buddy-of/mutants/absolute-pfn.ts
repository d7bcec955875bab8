// en: The index is treated as an absolute frame number of a zone that does not start at an aligned one.
// zh-CN: 把下标当作绝对页框号，而内存区的起点并未对齐。
import { KernelBug, MAX_ORDER } from "kernel";

const START_PFN = 3;

// Page indices can pass 2 ** 31, and `^` works on 32-bit signed numbers: `>>> 0` takes the result back to unsigned.
export function buddyOf(index: number, order: number): number {
  checkBlock(index, order);
  return (((index + START_PFN) ^ (1 << order)) >>> 0) - START_PFN;
}

export function parentOf(index: number, order: number): number {
  checkBlock(index, order);
  return (((index + START_PFN) & ~(1 << order)) >>> 0) - START_PFN;
}

function checkBlock(index: number, order: number): void {
  if (order < 0 || order >= MAX_ORDER) throw new KernelBug(`there is no order ${order}`);
  if ((index & ((1 << order) - 1)) !== 0) throw new KernelBug(`no block of order ${order} starts at ${index}`);
}
