// en: A zone without free pages divides by zero.
// zh-CN: 没有空闲页的内存区导致除以零。
export function unusableIndex(nrFree: number[], order: number): number {
  let free = 0;
  let usable = 0;
  for (let k = 0; k < nrFree.length; k++) {
    const pages = nrFree[k] * 2 ** k;
    free += pages;
    if (k >= order) usable += pages;
  }
  return (free - usable) / free;
}
