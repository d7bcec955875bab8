// en: The size is rounded down to a power of two, so the block is too small.
// zh-CN: 把大小向下取整到二的幂，块不够大。
import { MAX_ORDER, PAGE_SIZE } from "kernel";

export function orderFor(bytes: number): number | null {
  let order = 0;
  let size = PAGE_SIZE;
  while (size * 2 <= bytes) {
    size *= 2;
    order++;
  }
  return order < MAX_ORDER ? order : null;
}

export function internalWaste(units: number): { block: number; waste: number; percent: number } {
  if (units === 0) return { block: 0, waste: 0, percent: 0 };
  let block = 1;
  while (block < units) block *= 2;
  const waste = block - units;
  return { block, waste, percent: (waste * 100) / block };
}
