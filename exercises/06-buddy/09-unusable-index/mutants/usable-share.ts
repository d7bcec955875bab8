// en: The share that can be used is returned, not the share that cannot.
// zh-CN: 返回的是可用的比例，而不是不可用的比例。
export function unusableIndex(nrFree: number[], order: number): number {
  let free = 0;
  let usable = 0;
  for (let k = 0; k < nrFree.length; k++) {
    const pages = nrFree[k] * 2 ** k;
    free += pages;
    if (k >= order) usable += pages;
  }
  return free === 0 ? 0 : usable / free;
}
