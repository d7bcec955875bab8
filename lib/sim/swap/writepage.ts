// Writing a page of the swap cache: the writepage of swapper_space.
// Theory:     before a page is written it is worth a look whether anybody still wants it: if only the cache refers to slot and page, the
//             slot is given up and nothing is written.
// Source:     Linux 2.6.11 mm/page_io.c (swap_writepage), mm/swap_state.c (swap_aops)
// Simplified: no errors of the device.
import { submitWrite } from "../cache/block-io";
import { setPageWriteback, unlockPage } from "../cache/page-cache";
import { pageToPfn } from "../frames";
import type { AddressSpaceOps, Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pagePrivate } from "../page-fields";
import { swpOffset, swpType } from "./entry";
import { swapReadpage, swapTransfer } from "./page-io";
import { removeExclusiveSwapPage } from "./swap-state";

/** Writes a locked page to its slot and unlocks it. @returns 0. */
export function swapWritepage(k: Kernel, page: Addr): number {
  const entry = pagePrivate(k, page);
  if (removeExclusiveSwapPage(k, page)) {
    unlockPage(k, page);
    const slot = swpOffset(entry);
    if (k.events !== null)
      k.events.push({ kind: "swap-write-needless", pfn: pageToPfn(k, page), type: swpType(entry), slot });
    return 0;
  }
  setPageWriteback(k, page);
  unlockPage(k, page);
  swapTransfer(k, page);
  submitWrite(k, page);
  return 0;
}

export const swapAops: AddressSpaceOps = {
  name: "swap",
  readpage: swapReadpage,
  writepage: swapWritepage,
  setPageDirty: null,
};
