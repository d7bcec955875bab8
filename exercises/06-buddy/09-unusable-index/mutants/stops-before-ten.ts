// en: The largest order is left out of the sum.
// zh-CN: 求和时漏掉了最大的阶。
export function unusableIndex(nrFree: number[], order: number): number {
  let free = 0;
  let usable = 0;
  for (let k = 0; k < nrFree.length - 1; k++) {
    const pages = nrFree[k] * 2 ** k;
    free += pages;
    if (k >= order) usable += pages;
  }
  return free === 0 ? 0 : (free - usable) / free;
}
