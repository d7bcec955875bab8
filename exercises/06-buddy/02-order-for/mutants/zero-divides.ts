// en: An empty request divides by its empty block.
// zh-CN: 空请求除以了空的块。
import { MAX_ORDER, PAGE_SIZE } from "kernel";

export function orderFor(bytes: number): number | null {
  let order = 0;
  let size = PAGE_SIZE;
  while (size < bytes) {
    size *= 2;
    order++;
  }
  return order < MAX_ORDER ? order : null;
}

export function internalWaste(units: number): { block: number; waste: number; percent: number } {
  let block = units === 0 ? 0 : 1;
  while (block < units) block *= 2;
  const waste = block - units;
  return { block, waste, percent: (waste * 100) / block };
}
