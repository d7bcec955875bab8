// en: 0 bytes are given no order at all.
// zh-CN: 0 字节没有得到任何阶。
import { MAX_ORDER, PAGE_SIZE } from "kernel";

export function orderFor(bytes: number): number | null {
  if (bytes === 0) return null;
  let order = 0;
  let size = PAGE_SIZE;
  while (size < bytes) {
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
