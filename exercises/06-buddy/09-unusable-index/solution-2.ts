const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);

export function unusableIndex(nrFree: number[], order: number): number {
  const pages = nrFree.map((count, k) => count << k);
  const tooSmall = sum(pages.slice(0, order));
  return tooSmall === 0 ? 0 : tooSmall / sum(pages);
}
