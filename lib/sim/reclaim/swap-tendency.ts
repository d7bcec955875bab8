// Should reclaim take pages away from processes, or be content with the page cache?
// Theory:     three numbers are added: how much of memory is mapped (half its percentage), how hard reclaim has been lately (distress:
//             100 at priority 0, 50 at 1, 25 at 2 ...), and what the administrator wishes (swappiness, 0..100). From 100 on mapped
//             pages are taken as well.
// Source:     Linux 2.6.11 mm/vmscan.c (refill_inactive_zone)

export interface SwapTendency {
  readonly distress: number;
  /** Percent, truncated. */
  readonly mappedRatio: number;
  readonly tendency: number;
  readonly reclaimMapped: boolean;
}

/** @param nrMapped,total in pages; total is not 0. @param prevPriority 12 (calm) to 0. @param swappiness 0..100. */
export function swapTendency(nrMapped: number, total: number, prevPriority: number, swappiness: number): SwapTendency {
  const distress = 100 >> prevPriority;
  const mappedRatio = Math.trunc((nrMapped * 100) / total);
  const tendency = Math.trunc(mappedRatio / 2) + distress + swappiness;
  return { distress, mappedRatio, tendency, reclaimMapped: tendency >= 100 };
}
