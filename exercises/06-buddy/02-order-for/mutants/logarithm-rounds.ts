// en: The power of two is found with floating-point logarithms, which are not exact at powers of two.
// zh-CN: 用浮点对数求二的幂，而它在二的幂处并不精确。
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
  if (units === 0) return { block: 0, waste: 0, percent: 0 };
  const block = 2 ** Math.ceil(Math.log(units) / Math.log(2));
  const waste = block - units;
  return { block, waste, percent: (waste * 100) / block };
}
