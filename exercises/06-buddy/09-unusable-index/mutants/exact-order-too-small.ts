// en: Blocks of exactly the requested order count as unusable.
// zh-CN: 把恰好等于所求阶的块也算作不可用。
export function unusableIndex(nrFree: number[], order: number): number {
  let free = 0;
  let usable = 0;
  for (let k = 0; k < nrFree.length; k++) {
    const pages = nrFree[k] * 2 ** k;
    free += pages;
    if (k > order) usable += pages;
  }
  return free === 0 ? 0 : (free - usable) / free;
}
