// en: The order is used as the bit mask: index XOR order instead of index XOR 2^order.
// zh-CN: 把阶本身当作位掩码：用 index XOR order，而不是 index XOR 2^order。
import { KernelBug, MAX_ORDER } from "kernel";

// Page indices can pass 2 ** 31, and `^` works on 32-bit signed numbers: `>>> 0` takes the result back to unsigned.
export function buddyOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index ^ order) >>> 0;
}

export function parentOf(index: number, order: number): number {
  checkBlock(index, order);
  return (index & ~(1 << order)) >>> 0;
}

function checkBlock(index: number, order: number): void {
  if (order < 0 || order >= MAX_ORDER) throw new KernelBug(`there is no order ${order}`);
  if ((index & ((1 << order) - 1)) !== 0) throw new KernelBug(`no block of order ${order} starts at ${index}`);
}
