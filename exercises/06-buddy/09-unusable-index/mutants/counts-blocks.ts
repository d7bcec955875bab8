// en: Blocks are counted instead of pages.
// zh-CN: 数的是块，而不是页面。
export function unusableIndex(nrFree: number[], order: number): number {
  let free = 0;
  let usable = 0;
  for (let k = 0; k < nrFree.length; k++) {
    const pages = nrFree[k];
    free += pages;
    if (k >= order) usable += pages;
  }
  return free === 0 ? 0 : (free - usable) / free;
}
