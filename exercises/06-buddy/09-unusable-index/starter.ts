/**
 * The unusable free space index for requests of `order`: the share of the free pages that lie in blocks too small for it.
 * `nrFree[k]` is the number of free blocks of order k. 0 is best, 1 is worst. With no free page at all: 0.
 */
export function unusableIndex(nrFree: number[], order: number): number {
  return 0;
}
